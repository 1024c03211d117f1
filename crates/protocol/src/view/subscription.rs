use base::{Date, Interval, Money};
use recharge::{AddressId, SubscriptionId, open_enum};
use serde::{Deserialize, Serialize};

use super::catalogue::Stock;
use super::order::OrderRow;
use super::rules::OperationLock;
use super::shared::{AddressLines, BoxItem, PaymentLine, Property};
use crate::json::{Read, words};

/// All subscriptions of the customer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Subscriptions {
    /// Active ones by next date, then the others, the latest first.
    pub subscriptions: Vec<SubscriptionCard>,
    /// Whether there are more than could be read.
    pub cut: bool,
}

/// A subscription in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct SubscriptionCard {
    /// The subscription.
    pub id: SubscriptionId,
    /// Its state.
    pub state: SubscriptionState,
    /// The product's title.
    pub title: String,
    /// The variant's title; may be empty.
    pub variant: String,
    /// How many.
    pub quantity: u32,
    /// Price of one before discounts, shipping and tax; `None` where upstream does not say.
    pub price: Option<Money>,
    /// How often it is delivered; `None` where upstream has no readable interval.
    pub interval: Option<Interval>,
    /// Deliveries per payment; more than 1 for a prepaid one.
    pub deliveries_per_charge: u32,
    /// The next charge; `None` unless active.
    pub next_date: Option<Date>,
    /// The day until which the customer paused it; its next charge is on that day.
    pub paused_until: Option<Date>,
    /// When it was cancelled.
    pub cancelled_on: Option<Date>,
    /// A picture: an https or `data:image/` URL.
    pub image: Option<String>,
    /// The address it goes to.
    pub address_id: AddressId,
}

open_enum! {
    /// The state of a subscription.
    pub enum SubscriptionState {
        /// It runs.
        Active = "active",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// It reached its agreed number of charges.
        Expired = "expired",
    }
}

/// Everything about one subscription.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct SubscriptionDetail {
    /// What the list shows of it.
    pub card: SubscriptionCard,
    /// The next dates on which it comes, at most three.
    pub next_dates: Vec<Date>,
    /// Where it goes.
    pub address: Option<AddressLines>,
    /// What pays for it.
    pub payment: Option<PaymentLine>,
    /// Line properties, as the shop or the customer set them.
    pub properties: Vec<Property>,
    /// The note on everything that goes to the same address; may be empty.
    pub order_note: String,
    /// How often it may come instead, from its product's plans; the present one included.
    pub frequencies: Vec<Interval>,
    /// Dates that were skipped, which another frequency would forget.
    pub skipped_dates: Vec<Date>,
    /// What cannot be done with it now, and why.
    pub locks: Vec<OperationLock>,
    /// The product in the shop; `None` once it is deleted there.
    pub external_product_id: Option<String>,
    /// The variant in the shop; `None` once it is deleted there.
    pub external_variant_id: Option<String>,
    /// What is in it, where it is a box that the customer fills.
    pub contents: Option<BoxContents>,
    /// What is paid ahead, where it is prepaid.
    pub prepaid: Option<PrepaidState>,
    /// Who receives it, where it is a gift.
    pub gift_for: Option<String>,
    /// Whether the shop has it; `None` where it no longer offers it.
    pub stock: Option<Stock>,
    /// Why it was cancelled.
    pub cancellation_reason: Option<String>,
    /// What came of it so far, the latest first, at most five.
    pub history: Vec<OrderRow>,
}

/// What is paid ahead of a prepaid subscription.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct PrepaidState {
    /// Deliveries that are paid and still to come.
    pub left: u32,
    /// Deliveries that one payment pays for.
    pub total: u32,
    /// The next of them.
    pub next_shipment: Option<Date>,
    /// When the next ones are paid.
    pub renews: Option<Date>,
}

/// A box that the customer fills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct BoxContents {
    /// How many items it takes: as many as any of these says.
    pub ranges: Vec<BoxRange>,
    /// What is in it; empty where it has not been filled.
    pub items: Vec<BoxItem>,
    /// What may be in it.
    pub choices: Vec<BoxChoice>,
}

/// How many items a box takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct BoxRange {
    /// The fewest.
    pub min: u32,
    /// The most; `None` for no limit.
    pub max: Option<u32>,
}

impl BoxContents {
    /// Whether the box takes so many items.
    pub fn takes(&self, count: u32) -> bool {
        let mut ranges = self.ranges.iter();
        ranges.any(|range| range.min <= count && range.max.is_none_or(|max| count <= max))
    }

    /// The most items that the box takes; `None` for no limit.
    pub fn max(&self) -> Option<u32> {
        let ranges = self.ranges.iter();
        ranges
            .map(|range| range.max)
            .try_fold(0, |most, max| Some(most.max(max?)))
    }

    /// How many items are missing or, below zero, too many where the box holds `count`: to the
    /// next larger number that it takes or, where there is none, to its largest.
    pub fn missing(&self, count: u32) -> i64 {
        if self.takes(count) {
            return 0;
        }
        let mins = self.ranges.iter().map(|range| range.min);
        let next = mins.filter(|min| *min > count).min();
        i64::from(next.or(self.max()).unwrap_or(count)) - i64::from(count)
    }
}

/// What may be put into a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct BoxChoice {
    /// The collection that it is from.
    pub collection_id: String,
    /// The product in the shop.
    pub external_product_id: String,
    /// The variant in the shop.
    pub external_variant_id: String,
    /// The product's title.
    pub title: String,
    /// The variant's title; may be empty.
    pub variant: String,
}

impl SubscriptionCard {
    /// Price of all of them; `None` where upstream does not say.
    pub fn total(&self) -> Option<Money> {
        self.price.map(|price| price.times(self.quantity))
    }

    /// What one payment takes for it, before discounts, shipping and tax: all deliveries that it
    /// pays for. `None` where upstream does not say.
    pub fn payment(&self) -> Option<Money> {
        let deliveries = self.deliveries_per_charge.max(1);
        self.total().map(|total| total.times(deliveries))
    }
}

words!(SubscriptionState);
