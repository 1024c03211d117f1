use base::{Date, Money};
use recharge::{AddressId, OrderId, SubscriptionId, open_enum};
use serde::{Deserialize, Serialize};

use super::shared::{AddressLines, Totals};
use crate::json::{Read, words};

/// A page of past orders, the latest first, with the charges that have no order yet.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Orders {
    /// The orders.
    pub orders: Vec<OrderRow>,
    /// Payments that failed, wait or were refused, which have no order; on the first page only.
    pub charges: Vec<ChargeRow>,
    /// Whether there are more such payments than could be read.
    #[serde(default)]
    pub cut: bool,
    /// The cursor of the next page; `None` on the last.
    pub next: Option<String>,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct OrderRow {
    /// The order.
    pub id: OrderId,
    /// Its number as the shop shows it, such as `#1016`; may be empty.
    pub number: String,
    /// The day it was processed or is planned.
    pub date: Option<Date>,
    /// Its state.
    pub state: PaymentState,
    /// What is in it.
    pub items: Vec<OrderItem>,
    /// What was paid; `None` where upstream does not say.
    pub total: Option<Money>,
    /// What was paid back; zero where nothing was.
    pub refunded: Money,
}

/// A charge that has no order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct ChargeRow {
    /// The address and the day it is for: what names it in the portal.
    pub address_id: AddressId,
    /// The day it is for.
    pub date: Option<Date>,
    /// Its state.
    pub state: PaymentState,
    /// What is in it.
    pub items: Vec<OrderItem>,
    /// What is to be paid; `None` where upstream does not say.
    pub total: Option<Money>,
}

open_enum! {
    /// The state of a payment or an order.
    pub enum PaymentState {
        /// Paid.
        Success = "success",
        /// The payment failed.
        Error = "error",
        /// Planned.
        Queued = "queued",
        /// Skipped.
        Skipped = "skipped",
        /// Paid back in full.
        Refunded = "refunded",
        /// Paid back in part.
        PartiallyRefunded = "partially_refunded",
        /// Waits for a payment by hand.
        PendingManualPayment = "pending_manual_payment",
        /// Being paid.
        Pending = "pending",
        /// Cancelled.
        Cancelled = "cancelled",
    }
}

/// One line of an order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct OrderItem {
    /// The product's title.
    pub title: String,
    /// The variant's title; may be empty.
    pub variant: String,
    /// How many.
    pub quantity: u32,
    /// Price of all of them before discounts, shipping and tax; `None` where upstream does not
    /// say.
    pub total: Option<Money>,
    /// A picture: an https or `data:image/` URL.
    pub image: Option<String>,
    /// The variant in the shop; `None` once it is deleted there.
    #[serde(default)]
    pub external_variant_id: Option<String>,
}

/// An order as a receipt. What paid for it is not among it: upstream keeps the processor with an
/// order, which is the merchant's business, but not the card.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct OrderDetail {
    /// What the list shows of it.
    pub row: OrderRow,
    /// The sum, which adds up exactly; `None` where upstream does not say what was paid.
    pub totals: Option<Totals>,
    /// Where it went.
    pub shipping_address: Option<AddressLines>,
    /// Who paid.
    pub billing_address: Option<AddressLines>,
    /// Its parcels that can be followed.
    #[serde(default)]
    pub parcels: Vec<Parcel>,
    /// The codes of the discounts.
    pub discount_codes: Vec<String>,
    /// The subscriptions that it came from.
    #[serde(default)]
    pub subscriptions: Vec<SubscriptionId>,
    /// The customer's tax id, where they had one on that day.
    #[serde(default)]
    pub tax_id: Option<String>,
}

/// A parcel that its carrier lets one follow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Parcel {
    /// Who carries it; may be empty.
    pub carrier: String,
    /// Where it can be followed: an https URL.
    pub url: String,
}

words!(PaymentState);
