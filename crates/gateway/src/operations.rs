//! The table of operations: all that a customer may do, one row each.
//!
//! A row says what must be hers before anything else is looked at; the steps, each by what plans
//! its write, what proves from upstream's state that it happened, and the calls it may make; what
//! takes it back; and what the browser holds that it makes untrue. The macro makes exhaustive
//! matches of it: an operation without a row, or a row without one of these, does not compile,
//! and the tests walk `Operation::ALL`.

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
            steps: [$(
                $module:ident::$plan:ident($($sent:ident),+) => $evidence:ident($($proven:ident),+),
                by [$($write:literal),+]
            ),+ $(,)?],
            inverse: $inverse:expr,
            stale: [$($stale:ident),+],
        }
    )+) => {
        /// The row of an operation.
        pub fn row(operation: Operation) -> Row {
            match operation {
                $(Operation::$operation => Row {
                    inverse: $inverse,
                    stale: &[$(Resource::$stale),+],
                    writes: &[$($($write),+),+],
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
            let mut steps = 0..;
            match intent {
                $(
                #[allow(unused_variables, reason = "a step needs some of the fields")]
                Intent::$operation { $($field),+ } => {
                    $(if steps.next() == Some(step) {
                        return $module::$plan(reader, $($sent),+).await;
                    })+
                })+
            }
            Ok(None)
        }

        /// Whether upstream's state proves that the write of `step` happened.
        pub(crate) async fn happened(
            reader: &Reader<'_>,
            intent: &Intent,
            step: usize,
        ) -> Result<bool, Problem> {
            let mut steps = 0..;
            match intent {
                $(
                #[allow(unused_variables, reason = "a step needs some of the fields")]
                Intent::$operation { $($field),+ } => {
                    $(if steps.next() == Some(step) {
                        return $module::$evidence(reader, $($proven),+).await;
                    })+
                })+
            }
            Ok(false)
        }
    };
}

operations! {
    SkipDelivery(address_id, date, body) {
        guard: Guard::delivery(*address_id, *date, body),
        steps: [
            skip::skip(address_id, date, body) => is_skipped(address_id, date, body),
            by ["POST /charges/{id}/skip", "POST /addresses/{id}/charges/skip"],
        ],
        inverse: Some(Operation::UnskipDelivery),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    UnskipDelivery(address_id, date, body) {
        guard: Guard::delivery(*address_id, *date, body),
        steps: [
            skip::unskip(address_id, date, body) => is_back(address_id, date, body),
            by ["POST /charges/{id}/unskip"],
        ],
        inverse: Some(Operation::SkipDelivery),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    UpdateAddress(address_id, body) {
        guard: Guard::Address(*address_id),
        steps: [address::update(address_id, body) => is_as_sent(address_id, body), by ["PUT /addresses/{id}"]],
        inverse: Some(Operation::UpdateAddress),
        stale: [Overview, Deliveries, Subscriptions, Addresses, PaymentMethods],
    }
    CancelSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            cancel::cancel(subscription_id, body) => is_cancelled(subscription_id),
            by ["POST /subscriptions/{id}/cancel"],
        ],
        inverse: Some(Operation::ReactivateSubscription),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods, Customer],
    }
    ReactivateSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            reactivate::activate(subscription_id) => is_active(subscription_id),
            by ["POST /subscriptions/{id}/activate"],
            reactivate::set_date(subscription_id) => has_date(subscription_id),
            by ["POST /subscriptions/{id}/set_next_charge_date"],
        ],
        inverse: Some(Operation::CancelSubscription),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods, Customer],
    }
}
