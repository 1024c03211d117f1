//! The scopes that the merchant's token needs, for what this gateway does.

use std::collections::BTreeSet;

use protocol::Operation;

/// A scope, and the only actions that need it; none where the portal needs it anyway. A test
/// compares this with the calls that all queries and all actions make.
const SCOPES: &[(&str, &[Operation])] = &[
    ("read_credit_summary", &[]),
    ("read_customers", &[]),
    ("read_discounts", &[]),
    ("read_orders", &[]),
    ("read_payment_methods", &[]),
    ("read_products", &[]),
    ("read_subscriptions", &[]),
    ("write_customers", &[]),
    ("write_notifications", &[Operation::SendPaymentLink]),
    ("write_orders", &[]),
    ("write_payment_methods", &[]),
    ("write_payments", &[Operation::ProcessDelivery]),
    ("write_subscriptions", &[]),
];

/// The scope with which customers are handed over to the hosted portal by a link.
pub const HAND_OVER_SCOPE: &str = "write_sessions";

/// The scopes that a portal needs which offers these actions.
pub fn scopes(allowed: &BTreeSet<Operation>) -> BTreeSet<&'static str> {
    let is_needed = |actions: &[Operation]| {
        actions.is_empty() || actions.iter().any(|action| allowed.contains(action))
    };
    let needed = SCOPES.iter().filter(|(_, actions)| is_needed(actions));
    needed.map(|(scope, _)| *scope).collect()
}
