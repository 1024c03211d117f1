//! The last views of each customer, for when upstream cannot be reached.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use protocol::{CustomerId, Query};

/// How long a view may be shown in place of one that cannot be read.
const KEPT_MS: i64 = 15 * 60_000;
/// Bytes of views kept at most; the oldest go first.
const CAPACITY: usize = 32 << 20;

/// What a view is kept under.
type Place = (CustomerId, Query);

/// A view as it was last made.
#[derive(Clone)]
struct View {
    made_ms: i64,
    json: String,
}

/// The last views of each customer.
#[derive(Default)]
pub(crate) struct Kept(Mutex<Views>);

#[derive(Default)]
struct Views {
    by_query: BTreeMap<Place, View>,
    /// When each was made, the oldest first.
    by_age: BTreeSet<(i64, Place)>,
    bytes: usize,
}

impl Kept {
    /// Keeps a view in place of the one before, and drops those that are too old or too many.
    pub(crate) fn keep(&self, customer: CustomerId, query: &Query, made_ms: i64, json: &str) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = (customer, query.clone());
        let json = json.to_owned();
        views.remove(&place);
        views.insert(place, View { made_ms, json });
        while let Some((oldest_ms, place)) = views.by_age.first().cloned()
            && (views.bytes > CAPACITY || made_ms - oldest_ms > KEPT_MS)
        {
            views.remove(&place);
        }
    }

    /// The kept view and when it was made.
    pub(crate) fn find(
        &self,
        customer: CustomerId,
        query: &Query,
        now_ms: i64,
    ) -> Option<(i64, String)> {
        let views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let view = views.by_query.get(&(customer, query.clone()))?;
        (now_ms - view.made_ms <= KEPT_MS).then(|| (view.made_ms, view.json.clone()))
    }

    /// Drops a customer's views, which an own write has made untrue.
    pub(crate) fn forget(&self, customer: CustomerId) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hers = views
            .by_query
            .keys()
            .filter(|(owner, _)| *owner == customer);
        for place in hers.cloned().collect::<Vec<_>>() {
            views.remove(&place);
        }
    }
}

impl Views {
    fn insert(&mut self, place: Place, view: View) {
        self.bytes += view.json.len();
        self.by_age.insert((view.made_ms, place.clone()));
        self.by_query.insert(place, view);
    }

    fn remove(&mut self, place: &Place) {
        if let Some(view) = self.by_query.remove(place) {
            self.bytes -= view.json.len();
            self.by_age.remove(&(view.made_ms, place.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s39_kept_views_are_bounded_in_bytes_and_the_oldest_go_first() {
        let kept = Kept::default();
        let view = "x".repeat(CAPACITY / 4);
        for customer in 1..=6 {
            let made_ms = i64::try_from(customer).unwrap();
            kept.keep(CustomerId(customer), &Query::Overview, made_ms, &view);
        }
        let has = |customer| {
            kept.find(CustomerId(customer), &Query::Overview, 6)
                .is_some()
        };
        assert_eq!(
            [1, 2, 3, 4, 5, 6].map(has),
            [false, false, true, true, true, true]
        );
        kept.forget(CustomerId(6));
        assert!(!has(6) && has(5));
    }

    #[test]
    fn s39_views_that_are_too_old_to_be_shown_are_not_kept() {
        let kept = Kept::default();
        for minute in 0..60 {
            let customer = CustomerId(u64::try_from(minute).unwrap());
            kept.keep(customer, &Query::Overview, minute * 60_000, "{}");
        }
        let views = kept.0.lock().unwrap();
        assert_eq!((views.by_query.len(), views.by_age.len()), (16, 16));
        assert_eq!(views.bytes, 16 * 2);
    }
}
