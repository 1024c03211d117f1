//! The switches of a store that change how it answers.

use serde::{Deserialize, Serialize};

/// What a merchant, or Recharge on his plan, has switched on. A scenario chooses them;
/// [`Store::configure`](crate::Store::configure) changes them later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Whether charges may be processed before their day.
    pub process: Process,
    /// Whether a new frequency counts from the last charge. Without it the next date stays.
    pub recalculate_next_charge: bool,
    /// Whether subscriptions may be swapped in a portal.
    pub allow_swap: bool,
    /// Whether what is out of stock may still be chosen in a portal.
    pub zero_inventory_purchase: bool,
    /// Which shapes answers have where sources disagree.
    pub shapes: Shapes,
}

/// Where an answer's shape is taken from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shapes {
    /// The types that the vendor publishes: `include.bundle_selections` of a subscription is one
    /// object or null, a metafield's `owner_id` a number, its `description` text, the `amount` of
    /// a gift inside a customer a number.
    Published,
    /// Answers that were captured: a list, text, null, and text.
    Captured,
}

/// What `POST /charges/{id}/process` does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Process {
    /// The charge is paid, or refused, in the answer.
    AtOnce,
    /// It stands at `pending` for five minutes, as in stores on Shopify's checkout.
    Pending,
    /// The store's plan does not include it: every call is refused.
    Off,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            process: Process::AtOnce,
            recalculate_next_charge: false,
            allow_swap: true,
            zero_inventory_purchase: false,
            shapes: Shapes::Published,
        }
    }
}
