//! The table of operations: all that a customer may do, one row each.
//!
//! A row says what must be hers before anything else is looked at, what is written, what proves
//! that it was, what takes it back, and what the browser holds that it makes untrue. The macro
//! makes exhaustive matches of it: an operation without a row, or a row without one of these,
//! does not compile, and the tests walk `Operation::ALL`.

use protocol::{Intent, Operation, Problem, Resource};

use crate::actions::{address, cancel, reactivate, skip};
use crate::guard::Guard;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// What is the same for all changes of one kind.
pub struct Row {
    /// The operation that takes it back, where there is one.
    pub inverse: Option<Operation>,
    /// What the browser holds that is no longer true afterwards.
    pub stale: &'static [Resource],
    /// The upstream calls by which it writes, in the order of its steps.
    pub writes: &'static [&'static str],
}

macro_rules! operations {
    ($(
        $operation:ident($($field:ident),+) {
            guard: $guard:expr,
            plan: $plan:path,
            evidence: $evidence:path,
            inverse: $inverse:expr,
            stale: [$($stale:ident),+],
            writes: [$($writes:literal),+],
        }
    )+) => {
        /// The row of an operation.
        pub fn row(operation: Operation) -> Row {
            match operation {
                $(Operation::$operation => Row {
                    inverse: $inverse,
                    stale: &[$(Resource::$stale),+],
                    writes: &[$($writes),+],
                },)+
            }
        }

        /// What must be the customer's before an intent is planned.
        pub(crate) fn guard(intent: &Intent) -> Guard<'_> {
            match intent {
                $(
                    #[allow(unused_variables, reason = "a guard needs some of the fields")]
                    Intent::$operation { $($field),+ } => $guard,
                )+
            }
        }

        /// The write that an intent needs at `step`, from what upstream says now; `None` where
        /// nothing is left to do.
        pub(crate) async fn plan(
            reader: &Reader<'_>,
            intent: &Intent,
            step: usize,
        ) -> Result<Option<Write>, Stop> {
            match intent {
                $(Intent::$operation { $($field),+ } => $plan(reader, step, $($field),+).await,)+
            }
        }

        /// Whether upstream's state proves that the write of `step` happened.
        pub(crate) async fn happened(
            reader: &Reader<'_>,
            intent: &Intent,
            step: usize,
        ) -> Result<bool, Problem> {
            match intent {
                $(Intent::$operation { $($field),+ } => $evidence(reader, step, $($field),+).await,)+
            }
        }
    };
}

operations! {
    SkipDelivery(address_id, date, body) {
        guard: Guard::delivery(*address_id, *date, body),
        plan: skip::skip,
        evidence: skip::is_skipped,
        inverse: Some(Operation::UnskipDelivery),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
        writes: ["POST /charges/{id}/skip", "POST /addresses/{id}/charges/skip"],
    }
    UnskipDelivery(address_id, date, body) {
        guard: Guard::delivery(*address_id, *date, body),
        plan: skip::unskip,
        evidence: skip::is_back,
        inverse: Some(Operation::SkipDelivery),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
        writes: ["POST /charges/{id}/unskip"],
    }
    UpdateAddress(address_id, body) {
        guard: Guard::Address(*address_id),
        plan: address::update,
        evidence: address::is_as_sent,
        inverse: Some(Operation::UpdateAddress),
        stale: [Overview, Deliveries, Subscriptions, Addresses, PaymentMethods],
        writes: ["PUT /addresses/{id}"],
    }
    CancelSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        plan: cancel::cancel,
        evidence: cancel::is_cancelled,
        inverse: Some(Operation::ReactivateSubscription),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods, Customer],
        writes: ["POST /subscriptions/{id}/cancel"],
    }
    ReactivateSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        plan: reactivate::reactivate,
        evidence: reactivate::is_active,
        inverse: Some(Operation::CancelSubscription),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods, Customer],
        writes: ["POST /subscriptions/{id}/activate", "POST /subscriptions/{id}/set_next_charge_date"],
    }
}
