//! The merchant's rules, as far as the portal has to know them before it asks.

use base::Date;
use recharge::open_enum;
use serde::{Deserialize, Serialize};

use crate::intents::Operation;
use crate::json::{Read, words};

/// Which days a customer may choose for a delivery.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct DateRules {
    /// The first day that is not too close.
    pub earliest: Date,
    /// The last day.
    pub latest: Date,
    /// Days of the week on which nothing is sent, 0 for Monday.
    pub closed_weekdays: Vec<u32>,
    /// Single days on which nothing is sent.
    pub closed_dates: Vec<Date>,
}

impl DateRules {
    /// Whether `date` may be chosen.
    pub fn allow(&self, date: Date) -> bool {
        (self.earliest..=self.latest).contains(&date)
            && !self.closed_weekdays.contains(&date.weekday())
            && !self.closed_dates.contains(&date)
    }

    /// The first day that may be chosen from `date` on; `None` where there is none.
    pub fn first_from(&self, date: Date) -> Option<Date> {
        let start = date.max(self.earliest);
        let days = start.days_until(self.latest).max(-1);
        (0..=days)
            .map(|ahead| start.add_days(ahead))
            .find(|date| self.allow(*date))
    }
}

/// What a customer may choose for a subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct SubscriptionRules {
    /// The fewest of one product.
    pub fewest: u32,
    /// The most of one product.
    pub most: u32,
    /// The longest note and the longest property, in characters.
    pub note_length: u32,
    /// The properties that a customer may write, by name.
    pub properties: Vec<String>,
    /// After how many months a pause may end; a date may be chosen as well.
    pub pause_months: Vec<u32>,
    /// The longest pause, in days after the day on which it would be charged; `None` for any.
    pub longest_pause_days: Option<u32>,
    /// How often a subscription may be paused within 365 days; `None` for any number.
    pub most_pauses_per_year: Option<u32>,
    /// How many deliveries of a subscription may be skipped within 365 days, those to come
    /// included; `None` for any number.
    pub most_skips_per_year: Option<u32>,
}

impl Default for SubscriptionRules {
    /// 1 to 20 of a product, notes of 255 characters, no properties, pauses of 1 to 3 months.
    fn default() -> SubscriptionRules {
        SubscriptionRules {
            fewest: 1,
            most: 20,
            note_length: 255,
            properties: Vec::new(),
            pause_months: vec![1, 2, 3],
            longest_pause_days: None,
            most_pauses_per_year: None,
            most_skips_per_year: None,
        }
    }
}

/// Which parts of their name and telephone a customer may change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct EditableDetails {
    /// The first and the last name.
    pub name: bool,
    /// The telephone.
    pub phone: bool,
}

impl Default for EditableDetails {
    /// All of them.
    fn default() -> EditableDetails {
        EditableDetails {
            name: true,
            phone: true,
        }
    }
}

/// How many of one product can be ordered at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct QuantityLimits {
    /// The fewest.
    pub fewest: u32,
    /// The most.
    pub most: u32,
}

/// An operation that cannot be used on a subscription now, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct OperationLock {
    /// The operation.
    pub operation: Operation,
    /// The rule that stands against it.
    pub rule: LockRule,
    /// The first day on which it can be used again, where a day decides.
    pub until: Option<Date>,
    /// How many orders have to come first, where their number decides.
    pub orders_left: Option<u32>,
}

open_enum! {
    /// Why an operation cannot be used on a subscription.
    pub enum LockRule {
        /// The next delivery is being prepared.
        CutOff = "cut_off",
        /// The merchant wants so many orders first.
        MinimumOrders = "minimum_orders",
        /// The merchant allows it up to so many days before the next charge only.
        Window = "window",
        /// Upstream says that this subscription cannot.
        Never = "never",
        /// It cannot for so many of one product.
        Quantity = "quantity",
        /// It was done as often as the merchant allows within a year.
        Yearly = "yearly",
    }
}

words!(LockRule);
