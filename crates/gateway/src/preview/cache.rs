//! What was last previewed, so that it can be compared with what came.

use std::sync::{Mutex, PoisonError};

use protocol::{CustomerId, Intent};

use super::compare::Told;
use crate::bounded::Bounded;
use crate::policy::PolicyId;
use crate::projection::Projection;

/// Bytes of previews that are remembered, of all customers; the oldest go first.
const CAPACITY: usize = 16 << 20;

/// What was last previewed for customers, so that it can be compared with what came.
pub(crate) struct PreviewCache(Mutex<Bounded<Place, Shown>>);

/// What a preview is remembered under: whose it is, under which policy, and its intent as it is
/// sent.
type Place = (CustomerId, PolicyId, String, String);

/// What a customer was shown, and the projection that it comes from.
pub(super) struct Shown {
    pub(super) told: Vec<Told>,
    pub(super) after: Projection,
}

impl Default for PreviewCache {
    fn default() -> PreviewCache {
        PreviewCache(Mutex::new(Bounded::new(CAPACITY)))
    }
}

impl PreviewCache {
    pub(super) fn remember(
        &self,
        customer: CustomerId,
        policy: PolicyId,
        intent: &Intent,
        shown: Shown,
    ) {
        let mut previews = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = shown.after.bytes();
        previews.insert(place(customer, policy, intent), 0, bytes, shown);
    }

    pub(super) fn take(
        &self,
        customer: CustomerId,
        policy: PolicyId,
        intent: &Intent,
    ) -> Option<Shown> {
        let mut previews = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        previews.remove(&place(customer, policy, intent))
    }
}

fn place(customer: CustomerId, policy: PolicyId, intent: &Intent) -> Place {
    let (method, _) = intent.operation().route();
    (
        customer,
        policy,
        format!("{method} {}", intent.path()),
        intent.body(),
    )
}
