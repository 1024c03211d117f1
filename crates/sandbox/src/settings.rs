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
        }
    }
}
