use base::{Date, Money};
use recharge::{AddressId, PaymentMethodId, SubscriptionId, open_enum};
use serde::{Deserialize, Serialize};

use super::shared::{AddressLines, DeliveryKey, DiscountLine, PaymentLine};
use crate::intents::bodies::AddressForm;
use crate::json::{Read, words};

/// The customer's own data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Customer {
    /// First name; may be empty.
    pub first_name: String,
    /// Last name; may be empty.
    pub last_name: String,
    /// E-mail address.
    pub email: String,
    /// Telephone.
    pub phone: Option<String>,
    /// Since when.
    pub since: Option<Date>,
    /// How many subscriptions are active.
    pub active_count: u32,
    /// The tax id that stands on receipts.
    pub tax_id: Option<String>,
    /// Credit that can be spent; `None` where there is none.
    pub credit: Option<Credit>,
    /// How many charges in a row were paid while subscribed; 0 where upstream does not count.
    pub streak: u32,
    /// Their link for friends.
    pub referral_url: Option<String>,
    /// Fields of their punch card: filled, and all.
    pub punch_card: Option<(u32, u32)>,
    /// The gifts that they bought for others.
    #[serde(default)]
    pub gifts: Vec<Gift>,
    /// Another e-mail address that waits for its code.
    #[serde(default)]
    pub email_change: Option<AwaitedCode>,
    /// A request for deletion that waits for its code.
    #[serde(default)]
    pub deletion: Option<AwaitedCode>,
}

/// What a customer has to spend in the shop.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Credit {
    /// How much.
    pub balance: Money,
    /// The most that one order takes of it; `None` for no such limit.
    pub limit: Option<Money>,
    /// Whether the next order uses it.
    pub next_order: bool,
}

/// A gift that a customer bought for somebody, who redeems it by a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Gift {
    /// What it is worth, where upstream says so.
    pub amount: Option<Money>,
    /// What they wrote to the recipient; may be empty.
    pub note: String,
    /// The day on which the recipient was told; `None` while that is still to come.
    pub sent: Option<Date>,
    /// The day on which it was redeemed; `None` where it was not yet.
    pub redeemed: Option<Date>,
}

/// A code that was sent and is waited for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct AwaitedCode {
    /// The address it was sent to.
    pub email: String,
    /// For so many minutes it counts, and no other is sent: 1 to 10.
    pub minutes_left: u32,
    /// How often it may still be tried.
    pub tries_left: u32,
}

/// All addresses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Addresses {
    /// In use first, then the others.
    pub addresses: Vec<Address>,
    /// Whether there is more than could be read.
    #[serde(default)]
    pub cut: bool,
    /// The ways in which things can go to them, where the merchant lets customers choose.
    #[serde(default)]
    pub shipping_methods: Vec<ShippingMethod>,
}

/// A way in which things can go to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct ShippingMethod {
    /// What it is, in the store's words.
    pub code: String,
    /// What customers read: "To a pick-up point".
    pub title: String,
    /// What it costs for each delivery.
    pub price: Money,
}

/// An address and what depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Address {
    /// The address.
    pub id: AddressId,
    /// Every field, as a form shows it.
    pub form: AddressForm,
    /// As it is written on a parcel.
    pub lines: AddressLines,
    /// The active subscriptions that go there.
    pub subscriptions: Vec<Dependent>,
    /// The planned deliveries that go there, at most three.
    pub deliveries: Vec<DeliveryKey>,
    /// What pays there.
    pub payment: Option<PaymentLine>,
    /// The discount codes on everything that goes there.
    #[serde(default)]
    pub discounts: Vec<DiscountLine>,
    /// The code of the shipping method that was chosen for it; `None` leaves it to the shop.
    #[serde(default)]
    pub shipping_method: Option<String>,
}

/// A subscription that depends on an address or a payment method.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Dependent {
    /// The subscription.
    pub id: SubscriptionId,
    /// The product's title.
    pub title: String,
}

/// All payment methods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct PaymentMethods {
    /// In use first, then the others.
    pub methods: Vec<PaymentMethod>,
    /// What there is to pay for, in use first.
    pub payable: Vec<Payable>,
    /// Whether a card can be added here: the processor knows the customer.
    pub can_add: bool,
    /// Whether another method may be charged when the usual one fails.
    pub backup: bool,
    /// Where the processor's e-mails go, masked.
    pub email: String,
    /// Whether there is more than could be read.
    #[serde(default)]
    pub cut: bool,
}

/// A payment method and what depends on it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct PaymentMethod {
    /// What it is.
    pub line: PaymentLine,
    /// Whether it is the customer's default.
    pub default: bool,
    /// Whether it can be charged.
    pub state: PaymentMethodState,
    /// The first day on which it is no longer valid.
    pub expires: Option<Date>,
    /// Whether that day is within 30 days, or past.
    pub expiring: bool,
    /// The addresses whose deliveries it pays for.
    pub addresses: Vec<PaysFor>,
    /// The billing address.
    pub billing_address: Option<AddressLines>,
    /// Every field of the billing address, as a form shows it.
    pub billing: AddressForm,
    /// Whether the processor lets it be changed by an e-mailed link only.
    pub by_link: bool,
}

/// An address that a payment method may pay for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Payable {
    /// The address.
    pub id: AddressId,
    /// As text.
    pub lines: AddressLines,
    /// Every field, to be copied as a billing address.
    pub form: AddressForm,
    /// What pays for it now.
    pub method: Option<PaymentMethodId>,
    /// Whether active subscriptions go there.
    pub active: bool,
    /// The day of the next charge.
    pub next: Option<Date>,
    /// What that charge will take, as far as it is known.
    pub total: Option<Money>,
    /// What its oldest failed payment comes to, where it can be retried here.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failed: Option<Money>,
}

/// An address that a payment method pays for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct PaysFor {
    /// The address.
    pub id: AddressId,
    /// As text.
    pub lines: AddressLines,
}

open_enum! {
    /// Whether a payment method can be charged.
    pub enum PaymentMethodState {
        /// It can.
        Valid = "valid",
        /// It cannot.
        Invalid = "invalid",
        /// Nobody has tried.
        Unvalidated = "unvalidated",
    }
}

words!(PaymentMethodState);
