//! The last views of each customer, for when upstream cannot be reached.

use std::sync::{Mutex, MutexGuard, PoisonError};

use protocol::{CustomerId, Query};

use crate::bounded::Bounded;
use crate::policy::PolicyId;

/// How long a view may be shown in place of one that cannot be read.
const KEPT_MS: i64 = 15 * 60_000;
/// Bytes of views kept at most; the oldest go first.
const CAPACITY: usize = 32 << 20;

/// The last views of each customer under each policy, as JSON.
pub(crate) struct StaleViews(Mutex<Bounded<Place, String>>);

/// What a view is kept under.
type Place = (CustomerId, PolicyId, Query);

impl Default for StaleViews {
    fn default() -> StaleViews {
        StaleViews(Mutex::new(Bounded::new(CAPACITY)))
    }
}

impl StaleViews {
    /// Keeps a view in place of the one before, and drops those that are too old or too many.
    pub(crate) fn keep(
        &self,
        customer: CustomerId,
        policy: PolicyId,
        query: &Query,
        made_ms: i64,
        json: &str,
    ) {
        let mut views = self.lock();
        views.expire(made_ms, KEPT_MS);
        let place = (customer, policy, query.clone());
        views.insert(place, made_ms, json.len(), json.to_owned());
    }

    /// The kept view and when it was made.
    pub(crate) fn find(
        &self,
        customer: CustomerId,
        policy: PolicyId,
        query: &Query,
        now_ms: i64,
    ) -> Option<(i64, String)> {
        let views = self.lock();
        let (made_ms, json) = views.get(&(customer, policy, query.clone()), now_ms, KEPT_MS)?;
        Some((made_ms, json.clone()))
    }

    /// Drops a customer's views under all policies, which an own write has made untrue.
    pub(crate) fn forget(&self, customer: CustomerId) {
        self.lock().retain(|(owner, ..)| *owner != customer);
    }

    fn lock(&self) -> MutexGuard<'_, Bounded<Place, String>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const POLICY: PolicyId = PolicyId(0);

    #[test]
    fn s39_kept_views_are_bounded_in_bytes_and_the_oldest_go_first() {
        let views = StaleViews::default();
        let view = "x".repeat(CAPACITY / 5);
        for customer in 1..=6 {
            let made_ms = i64::try_from(customer).unwrap();
            views.keep(
                CustomerId(customer),
                POLICY,
                &Query::Overview,
                made_ms,
                &view,
            );
        }
        let has = |customer| {
            views
                .find(CustomerId(customer), POLICY, &Query::Overview, 6)
                .is_some()
        };
        assert_eq!(
            [1, 2, 3, 4, 5, 6].map(has),
            [false, false, true, true, true, true]
        );
        views.forget(CustomerId(6));
        assert!(!has(6) && has(5));
    }

    #[test]
    fn s39_views_that_are_too_old_to_be_shown_are_not_kept() {
        let stale = StaleViews::default();
        for minute in 0..60 {
            let customer = CustomerId(u64::try_from(minute).unwrap());
            stale.keep(customer, POLICY, &Query::Overview, minute * 60_000, "{}");
        }
        let before = 60 * 60_000 - 16 * 60_000;
        let views = stale.lock();
        let count = (0..60).filter(|n| {
            let place = (CustomerId(*n), POLICY, Query::Overview);
            views.get(&place, before, i64::MAX).is_some()
        });
        assert_eq!(count.count(), 15);
    }
}
