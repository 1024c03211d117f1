use base::{Date, Money};
use recharge::{PurchaseItemId, open_enum};
use serde::{Deserialize, Serialize};

use super::shared::{AddressLines, DeliveryKey, DiscountLine, PaymentLine, Totals};
use super::subscription::SubscriptionCard;
use crate::json::{Json, Read, words};

/// The next delivery, what follows it, and the subscriptions in short.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Overview {
    /// The next delivery that will be sent; `None` where nothing is planned.
    pub next: Option<Delivery>,
    /// Up to two more: first what was skipped before it, so that it can be brought back, then what
    /// follows it, skipped ones included.
    pub later: Vec<Delivery>,
    /// Active subscriptions in short, at most five.
    pub subscriptions: Vec<SubscriptionCard>,
    /// How many subscriptions are active in all.
    pub active_count: u32,
    /// How many are cancelled, so that an empty overview can offer to reactivate.
    pub cancelled_count: u32,
    /// What needs the customer's attention, the most urgent first.
    pub warnings: Vec<Warning>,
}

/// The deliveries of the configured horizon.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct DeliverySchedule {
    /// By date, then address.
    pub deliveries: Vec<Delivery>,
    /// The last day that was asked for.
    pub until: Date,
    /// What needs the customer's attention.
    pub warnings: Vec<Warning>,
    /// Whether there is more than could be read.
    #[serde(default)]
    pub cut: bool,
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Delivery {
    /// Its name.
    pub key: DeliveryKey,
    /// Its state as a whole.
    pub state: DeliveryState,
    /// What is in it, skipped items included.
    pub items: Vec<DeliveryItem>,
    /// What it costs, skipped items left out; `None` where nothing can be said.
    pub totals: Option<Totals>,
    /// What its queued or failed charge comes to: what paying now takes, without anything that
    /// is only forecast for that day. `None` where there is no such charge.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Money>,
    /// The discount codes on it.
    #[serde(default)]
    pub discounts: Vec<DiscountLine>,
    /// Whether this is a projection: the date or the totals are estimates.
    pub estimated: bool,
    /// Whether upstream is recalculating it: the totals are those of before.
    pub updating: bool,
    /// Where it goes; `None` where upstream does not say.
    pub address: Option<AddressLines>,
    /// Who receives it, where it is a gift.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gift_for: Option<String>,
    /// Who receives what is skipped here, where it was given away for this day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_to: Option<String>,
    /// What pays for it.
    pub payment: Option<PaymentLine>,
    /// Until when it can be changed.
    pub change_until: Option<CutOff>,
    /// Why nothing about it can be changed, where that is so.
    pub lock: Option<Lock>,
    /// The failed payment, where there is one.
    pub failure: Option<Failure>,
}

open_enum! {
    /// The state of a delivery.
    pub enum DeliveryState {
        /// Planned: it will be sent unless it is changed.
        Planned = "planned",
        /// Skipped as a whole.
        Skipped = "skipped",
        /// Being paid or packed now.
        Processing = "processing",
        /// Its payment failed.
        Failed = "failed",
        /// Already paid, as part of a prepaid subscription.
        Prepaid = "prepaid",
    }
}

impl DeliveryState {
    /// Whether something is still to arrive: it is neither skipped nor held up by its payment.
    pub fn is_coming(&self) -> bool {
        !matches!(self, DeliveryState::Skipped | DeliveryState::Failed)
    }
}

/// One item of a delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct DeliveryItem {
    /// The purchase item.
    pub purchase_item_id: PurchaseItemId,
    /// Whether it comes once only.
    pub one_time: bool,
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
    /// Whether it is skipped on that day.
    pub skipped: bool,
    /// Whether it may be skipped at all.
    pub skippable: bool,
    /// Whether as many deliveries of it are skipped as the merchant allows within a year.
    #[serde(default)]
    pub skip_limited: bool,
}

impl DeliveryItem {
    /// Whether the customer may skip it now.
    pub fn can_skip(&self) -> bool {
        self.skippable && !self.skipped && !self.skip_limited
    }
}

/// The last moment at which a delivery can be changed, in the store's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct CutOff {
    /// The day.
    pub date: Date,
    /// Minutes after midnight.
    pub minute: u16,
    /// The moment as milliseconds since 1970, for a page that stays open.
    pub at_ms: i64,
}

open_enum! {
    /// Why something cannot be changed now.
    pub enum Lock {
        /// The cut-off has passed.
        CutOff = "cut_off",
        /// Upstream is recalculating this address.
        Updating = "updating",
        /// It is being processed.
        Processing = "processing",
    }
}

/// A payment that failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Failure {
    /// What was to be paid; `None` where upstream does not say.
    pub amount: Option<Money>,
    /// Why, in a word that has a sentence in the portal.
    pub reason: FailureReason,
    /// When it is tried again.
    pub retry_on: Option<Date>,
}

open_enum! {
    /// Why a payment failed.
    pub enum FailureReason {
        /// The card must be replaced.
        Card = "card",
        /// The card was replaced since, and the next try is to come.
        CardUpdated = "card_updated",
        /// Something is out of stock.
        Stock = "stock",
        /// No more tries are made.
        GivenUp = "given_up",
        /// Any other reason.
        Payment = "payment",
    }
}

/// Something that needs the customer's attention.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// A payment failed.
    PaymentFailed {
        /// The delivery.
        key: DeliveryKey,
        /// How.
        failure: Failure,
    },
    /// A payment method is about to expire or has expired.
    Expiring {
        /// The method.
        method: PaymentLine,
        /// The first day on which it is no longer valid.
        expires: Date,
    },
    /// The processor says that a payment method is not valid.
    Invalid {
        /// The method.
        method: PaymentLine,
    },
}

words!(DeliveryState, Lock, FailureReason);

impl Read for Warning {
    fn read(json: Json) -> Option<Warning> {
        let (name, mut fields) = json.variant()?;
        Some(match name.as_str() {
            "payment_failed" => Warning::PaymentFailed {
                key: fields.take("key")?,
                failure: fields.take("failure")?,
            },
            "expiring" => Warning::Expiring {
                method: fields.take("method")?,
                expires: fields.take("expires")?,
            },
            "invalid" => Warning::Invalid {
                method: fields.take("method")?,
            },
            _ => return None,
        })
    }
}
