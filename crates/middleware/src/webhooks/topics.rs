//! The webhooks that the portal needs.

/// Where Recharge reports to, below the portal's origin; the topic follows.
pub(crate) const PATH: &str = "/portal/webhooks/recharge";

/// The topics, each with the scope that the token needs for it.
pub(super) const TOPICS: &[(&str, &str)] = &[
    ("address/created", "read_customers"),
    ("address/updated", "read_customers"),
    ("bundle_selection/created", "read_subscriptions"),
    ("bundle_selection/updated", "read_subscriptions"),
    ("bundle_selection/deleted", "read_subscriptions"),
    ("charge/created", "read_orders"),
    ("charge/failed", "read_orders"),
    ("charge/max_retries_reached", "read_orders"),
    ("charge/paid", "read_orders"),
    ("charge/refunded", "read_orders"),
    ("charge/updated", "read_orders"),
    ("charge/deleted", "read_orders"),
    ("customer/updated", "read_customers"),
    ("customer/payment_method_updated", "read_customers"),
    ("customer/deleted", "read_customers"),
    ("onetime/created", "read_subscriptions"),
    ("onetime/updated", "read_subscriptions"),
    ("onetime/deleted", "read_subscriptions"),
    ("order/created", "read_orders"),
    ("order/cancelled", "read_orders"),
    ("order/processed", "read_orders"),
    ("order/updated", "read_orders"),
    ("order/deleted", "read_orders"),
    ("subscription/created", "read_subscriptions"),
    ("subscription/activated", "read_subscriptions"),
    ("subscription/cancelled", "read_subscriptions"),
    ("subscription/paused", "read_subscriptions"),
    ("subscription/skipped", "read_subscriptions"),
    ("subscription/unskipped", "read_subscriptions"),
    ("subscription/swapped", "read_subscriptions"),
    ("subscription/updated", "read_subscriptions"),
    ("subscription/deleted", "read_subscriptions"),
];

/// Whether there is such a topic.
pub(crate) fn is_topic(topic: &str) -> bool {
    TOPICS.iter().any(|(known, _)| *known == topic)
}
