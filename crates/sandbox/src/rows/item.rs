//! Purchase items: subscriptions and one-times.

use recharge::{Currency, Date, Interval, Money};
use serde::Serialize;
use serde_json::Value;

use super::Id;

/// What is bought, the same for both kinds of purchase item.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Goods {
    pub(crate) external_product_id: Option<String>,
    pub(crate) external_variant_id: Option<String>,
    pub(crate) product_title: String,
    pub(crate) variant_title: Option<String>,
    pub(crate) sku: Option<String>,
    pub(crate) sku_override: bool,
    pub(crate) price: Money,
    pub(crate) quantity: u32,
    pub(crate) properties: Value,
}

/// The state of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubscriptionStatus {
    Active,
    Cancelled,
    /// Reached `expire_after` charges.
    Expired,
}

/// Goods that come again and again.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Subscription {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) address_id: Id,
    pub(crate) goods: Goods,
    pub(crate) plan_id: Option<Id>,
    /// Between deliveries.
    pub(crate) interval: Interval,
    /// Units between charges; more than `interval.every` means prepaid.
    pub(crate) charge_every: u32,
    pub(crate) order_day_of_month: Option<u64>,
    pub(crate) order_day_of_week: Option<u64>,
    pub(crate) status: SubscriptionStatus,
    /// The day from which cycles are counted.
    pub(crate) anchor: Date,
    /// The date of the next charge; `None` when there is none to come.
    pub(crate) next: Option<Date>,
    pub(crate) expire_after: Option<u32>,
    pub(crate) charges_made: u32,
    pub(crate) max_retries_reached: bool,
    pub(crate) presentment_currency: Option<Currency>,
    pub(crate) cancellation: Option<Cancellation>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Subscription {
    /// Paid for several deliveries at once.
    pub(crate) fn is_prepaid(&self) -> bool {
        self.charge_every > self.interval.every
    }

    /// Between charges.
    pub(crate) fn charge_interval(&self) -> Interval {
        Interval {
            every: self.charge_every,
            ..self.interval
        }
    }

    /// The first date of the charge cycle after `date`.
    pub(crate) fn cycle_after(&self, date: Date) -> Date {
        let interval = self.charge_interval();
        (0..)
            .map(|n| interval.after(self.anchor, n))
            .find(|d| *d > date)
            .unwrap_or(date)
    }

    /// Whether `date` is a date of the charge cycle.
    pub(crate) fn is_on_cycle(&self, date: Date) -> bool {
        self.cycle_after(date.add_days(-1)) == date
    }
}

/// Why and when a subscription was cancelled, and what reactivating brings back.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cancellation {
    pub(crate) reason: String,
    pub(crate) comments: Option<String>,
    pub(crate) at: i64,
    pub(crate) next_was: Option<Date>,
}

/// Goods that come once, with the charge of their date.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Onetime {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) address_id: Id,
    pub(crate) goods: Goods,
    pub(crate) next: Date,
    pub(crate) presentment_currency: Option<Currency>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}
