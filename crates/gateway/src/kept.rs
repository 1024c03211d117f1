//! The last views of each customer, for when upstream cannot be reached.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use protocol::{CustomerId, Query};

/// How long a view may be shown in place of one that cannot be read.
const KEPT_MS: i64 = 15 * 60_000;
/// Bytes of views kept at most; the oldest go first.
const CAPACITY: usize = 32 << 20;

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
    by_query: BTreeMap<(CustomerId, Query), View>,
    bytes: usize,
}

impl Kept {
    /// Keeps a view in place of the one before.
    pub(crate) fn keep(&self, customer: CustomerId, query: &Query, made_ms: i64, json: &str) {
        let mut views = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        views.remove(&(customer, query.clone()));
        views.bytes += json.len();
        let view = View {
            made_ms,
            json: json.to_owned(),
        };
        views.by_query.insert((customer, query.clone()), view);
        while views.bytes > CAPACITY {
            let oldest = views.by_query.iter().min_by_key(|(_, view)| view.made_ms);
            let Some(place) = oldest.map(|(place, _)| place.clone()) else {
                break;
            };
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
    fn remove(&mut self, place: &(CustomerId, Query)) {
        if let Some(view) = self.by_query.remove(place) {
            self.bytes -= view.json.len();
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
}
