//! The customer's intents: everything that changes something, keyed by what is stable.

mod account;
mod adding;
mod order;
mod subscription;

use recharge::{
    AddressId, Date, Money, OnetimeId, OrderId, PaymentMethodId, PurchaseItemId, SubscriptionId,
};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::json::{Json, Read, is_snake_of, wire};
use crate::payment::{BackupPayment, NewPaymentMethod, PaidAddresses};
use crate::route::{BadRequest, captures};
pub use subscription::*;

pub use account::*;
pub use adding::*;
pub use order::*;

/// Declares the intents: one line is the variant, its route and its body. All intents are POST,
/// PUT or DELETE with a JSON body; placeholders of the route are the variant's typed fields.
macro_rules! intents {
    ($(
        $(#[doc = $about:literal])+
        $variant:ident { $($field:ident: $type:ty),* } $method:ident $route:literal $body:ty;
    )+) => {
        /// One change that a customer asks for.
        ///
        /// Tagged by its name as the only key, as all enums with fields are here: serde reads a
        /// tag inside the object through a buffer, which costs the bundle 15 kB.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Intent {
            $(
                $(#[doc = $about])+
                $variant {
                    $(
                        /// Which one, from the path.
                        $field: $type,
                    )*
                    /// What the customer sends.
                    body: $body,
                },
            )+
        }

        /// The kind of an intent, without its values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Operation { $($(#[doc = $about])+ $variant,)+ }

        impl Read for Operation {
            fn read(json: Json) -> Option<Operation> {
                let name = String::read(json)?;
                $(if is_snake_of(&name, stringify!($variant)) { return Some(Operation::$variant); })+
                None
            }
        }

        impl Operation {
            /// Every operation there is.
            pub const ALL: &'static [Operation] = &[$(Operation::$variant),+];

            /// What it does, in one sentence.
            pub fn about(self) -> &'static str {
                match self { $(Operation::$variant => concat!($($about),+).trim_ascii(),)+ }
            }

            /// Its method and its route below [`API_BASE`](crate::API_BASE), with `{placeholders}`.
            pub fn route(self) -> (&'static str, &'static str) {
                match self { $(Operation::$variant => (stringify!($method), $route),)+ }
            }
        }

        impl Intent {
            /// Its kind.
            pub fn operation(&self) -> Operation {
                match self { $(Intent::$variant { .. } => Operation::$variant,)+ }
            }

            /// Its path below [`API_BASE`](crate::API_BASE).
            #[allow(unused_mut, reason = "a route may have no placeholders")]
            pub fn path(&self) -> String {
                match self {
                    $(Intent::$variant { $($field,)* .. } => {
                        let mut path = $route.to_owned();
                        $(path = path.replacen(concat!("{", stringify!($field), "}"), &$field.to_string(), 1);)*
                        path
                    })+
                }
            }

            /// Its JSON body, of which equal intents have equal bytes.
            pub fn body(&self) -> String {
                match self {
                    $(Intent::$variant { body, .. } => serde_json::to_string(body).unwrap_or_default(),)+
                }
            }

            /// Reads a request; `path` is below [`API_BASE`](crate::API_BASE).
            ///
            /// # Errors
            /// [`BadRequest`] where there is no such route, the method is another, or the body
            /// has a field that the operation does not take.
            pub fn read(method: &str, path: &str, body: &[u8]) -> Result<Intent, BadRequest> {
                let mut known = false;
                $(
                    if let Some([$($field),*]) = captures($route, path) {
                        known = true;
                        if method == stringify!($method) {
                            $(let $field = $field.parse::<$type>().map_err(|_| BadRequest::NoRoute)?;)*
                            let body = read_body::<$body>(body)?;
                            return Ok(Intent::$variant { $($field,)* body });
                        }
                    }
                )+
                Err(if known { BadRequest::Method } else { BadRequest::NoRoute })
            }
        }
    };
}

wire! {
    /// An intent as it travels, for those who send it without looking inside.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Sendable {
        /// The HTTP method.
        pub method: String,
        /// The path below [`API_BASE`](crate::API_BASE).
        pub path: String,
        /// The JSON body.
        pub body: String,
    }
}

impl From<&Intent> for Sendable {
    fn from(intent: &Intent) -> Sendable {
        Sendable {
            method: intent.operation().route().0.to_owned(),
            path: intent.path(),
            body: intent.body(),
        }
    }
}

impl From<Intent> for Sendable {
    fn from(intent: Intent) -> Sendable {
        Sendable::from(&intent)
    }
}

impl Sendable {
    /// The intent.
    ///
    /// # Errors
    /// As for [`Intent::read`].
    pub fn intent(&self) -> Result<Intent, BadRequest> {
        Intent::read(&self.method, &self.path, self.body.as_bytes())
    }
}

fn read_body<T: DeserializeOwned>(body: &[u8]) -> Result<T, BadRequest> {
    serde_json::from_slice(body).map_err(|error| BadRequest::Body(error.to_string()))
}

intents! {
    /// Start another subscription.
    AddSubscription {} POST "/subscriptions" NewSubscription;
    /// Add a product once to a delivery.
    AddOnetime {} POST "/onetimes" NewOnetime;
    /// Change how many of a one-time product come.
    UpdateOnetime { onetime_id: OnetimeId } PUT "/onetimes/{onetime_id}" Quantity;
    /// Take a one-time product off its delivery.
    RemoveOnetime { onetime_id: OnetimeId } DELETE "/onetimes/{onetime_id}" Nothing;
    /// Put a discount code on everything that goes to an address.
    ApplyDiscount { address_id: AddressId } PUT "/addresses/{address_id}/discount" DiscountCode;
    /// Take the discount code off an address.
    RemoveDiscount { address_id: AddressId } DELETE "/addresses/{address_id}/discount" Nothing;
    /// Put a discount code on one delivery.
    ApplyDeliveryDiscount { address_id: AddressId, date: Date } PUT "/deliveries/{address_id}/{date}/discount" DiscountCode;
    /// Take the discount code off one delivery.
    RemoveDeliveryDiscount { address_id: AddressId, date: Date } DELETE "/deliveries/{address_id}/{date}/discount" Nothing;
    /// Skip a delivery, or some of its items.
    SkipDelivery { address_id: AddressId, date: Date } POST "/deliveries/{address_id}/{date}/skip" DeliveryItems;
    /// Bring a skipped delivery back, or some of its items.
    UnskipDelivery { address_id: AddressId, date: Date } POST "/deliveries/{address_id}/{date}/unskip" DeliveryItems;
    /// Pay for a delivery now, before its day or after its payment failed.
    ProcessDelivery { address_id: AddressId, date: Date } POST "/deliveries/{address_id}/{date}/process" ConfirmedAmount;
    /// Move a delivery to another day, alone or with all that follow it.
    MoveDelivery { address_id: AddressId, date: Date } POST "/deliveries/{address_id}/{date}/move" DeliveryMove;
    /// Give one delivery to somebody else: skipped here, and sent to them once instead.
    GiftDelivery { address_id: AddressId, date: Date } POST "/deliveries/{address_id}/{date}/gift" DeliveryGift;
    /// Tell the merchant that something is wrong with an order, or ask for money back.
    ReportProblem { order_id: OrderId } POST "/orders/{order_id}/report" ProblemReport;
    /// Edit an address in place, for everything that ships there.
    UpdateAddress { address_id: AddressId } PUT "/addresses/{address_id}" AddressForm;
    /// Add an address, with what pays for what will go there.
    AddAddress { } POST "/addresses" NewAddress;
    /// Choose how things go to an address.
    SetShippingMethod { address_id: AddressId } PUT "/addresses/{address_id}/shipping_method" ShippingChoice;
    /// Delete an address to which nothing goes.
    DeleteAddress { address_id: AddressId } DELETE "/addresses/{address_id}" Nothing;
    /// Send subscriptions to this address from now on.
    MoveSubscriptions { address_id: AddressId } POST "/addresses/{address_id}/subscriptions" SubscriptionsMove;
    /// Change the customer's name or telephone.
    UpdateCustomer { } PUT "/customer" CustomerForm;
    /// Add, replace or delete the tax id that stands on receipts.
    SetTaxId { } PUT "/customer/tax_id" TaxId;
    /// Use credit on the next order, or keep it.
    UseCredit { } PUT "/customer/credit" CreditUse;
    /// Change the note on everything that goes to an address.
    UpdateOrderNote { address_id: AddressId } PUT "/addresses/{address_id}/note" OrderNote;
    /// Move the next charge of a subscription, and its rhythm with it.
    ChangeDate { subscription_id: SubscriptionId } POST "/subscriptions/{subscription_id}/set_next_charge_date" NextDate;
    /// Change how often a subscription comes.
    ChangeFrequency { subscription_id: SubscriptionId } PUT "/subscriptions/{subscription_id}/frequency" Frequency;
    /// Change how many come.
    ChangeQuantity { subscription_id: SubscriptionId } PUT "/subscriptions/{subscription_id}/quantity" Quantity;
    /// Swap a subscription's product or variant.
    SwapProduct { subscription_id: SubscriptionId } PUT "/subscriptions/{subscription_id}/product" Swap;
    /// Change what is noted on a subscription.
    UpdateProperties { subscription_id: SubscriptionId } PUT "/subscriptions/{subscription_id}/properties" Properties;
    /// Ask for another e-mail address: a code is sent to it.
    RequestEmailChange {} POST "/customer/email" NewEmail;
    /// Prove the other e-mail address by the code that was sent to it, which makes it hers.
    ConfirmEmailChange {} POST "/customer/email/confirm" MailedCode;
    /// Ask for all data to be deleted: a code is sent to the customer's address.
    RequestDeletion {} POST "/customer/deletion" Nothing;
    /// Confirm by that code that the merchant is to delete all data.
    ConfirmDeletion {} POST "/customer/deletion/confirm" MailedCode;
    /// Add a card that the processor's own fields have tokenised.
    AddPaymentMethod {} POST "/payment_methods" NewPaymentMethod;
    /// Let a payment method pay for addresses.
    AssignPaymentMethod { payment_method_id: PaymentMethodId } PUT "/payment_methods/{payment_method_id}/addresses" PaidAddresses;
    /// Make a payment method the customer's default.
    SetDefaultPaymentMethod { payment_method_id: PaymentMethodId } PUT "/payment_methods/{payment_method_id}/default" Nothing;
    /// Change the billing address of a payment method.
    UpdateBillingAddress { payment_method_id: PaymentMethodId } PUT "/payment_methods/{payment_method_id}/billing_address" AddressForm;
    /// Remove a payment method that pays for nothing.
    RemovePaymentMethod { payment_method_id: PaymentMethodId } DELETE "/payment_methods/{payment_method_id}" Nothing;
    /// Have the processor e-mail its link to change a payment method.
    SendPaymentLink { payment_method_id: PaymentMethodId } POST "/payment_methods/{payment_method_id}/link" Nothing;
    /// Let another payment method be charged when the usual one fails, or no longer.
    SetBackupPayment {} PUT "/customer/backup_payment" BackupPayment;
    /// Change what is in a box.
    UpdateBundle { subscription_id: SubscriptionId } PUT "/subscriptions/{subscription_id}/bundle" BundleContents;
    /// Pause a subscription until a day.
    PauseSubscription { subscription_id: SubscriptionId } POST "/subscriptions/{subscription_id}/pause" Pause;
    /// Resume a paused subscription on a day.
    ResumeSubscription { subscription_id: SubscriptionId } POST "/subscriptions/{subscription_id}/resume" NextDate;
    /// Move the next charges of several subscriptions to one day.
    ChangeDates {} POST "/subscriptions/set_next_charge_date" SubscriptionsDate;
    /// Skip the next delivery of several subscriptions.
    SkipSubscriptions {} POST "/subscriptions/skip" SubscriptionsSkip;
    /// Pause several subscriptions until a day.
    PauseSubscriptions {} POST "/subscriptions/pause" SubscriptionsDate;
    /// Cancel a subscription.
    CancelSubscription { subscription_id: SubscriptionId } POST "/subscriptions/{subscription_id}/cancel" Cancellation;
    /// Reactivate a cancelled subscription.
    ReactivateSubscription { subscription_id: SubscriptionId } POST "/subscriptions/{subscription_id}/activate" Nothing;
}

wire! {
    /// Which items of a delivery are meant.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct DeliveryItems {
        /// The purchase items, 1 to 100, each on that delivery.
        pub purchase_item_ids: Vec<PurchaseItemId>,
    }
}

wire! {
    /// An amount that the customer has seen and agreed to.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct ConfirmedAmount {
        /// What is paid, all of it. Where upstream would take another amount, nothing is paid.
        pub amount: Money,
    }
}

wire! {
    /// Where a delivery goes in the calendar.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct DeliveryMove {
        /// The purchase items that move, 1 to 100, each on that delivery.
        pub purchase_item_ids: Vec<PurchaseItemId>,
        /// The new day.
        pub to: Date,
        /// Whether the deliveries that follow move by as many days. Otherwise they keep their
        /// days, which only a delivery that moves as a whole can do.
        pub later: bool,
    }
}

wire! {
    /// Who gets a delivery instead.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct DeliveryGift {
        /// The purchase items that are given away, 1 to 100, each on that delivery.
        pub purchase_item_ids: Vec<PurchaseItemId>,
        /// Where the recipient is told of it, 3 to 255 characters.
        pub email: String,
        /// Where it goes. The customer's own address stays as it is.
        pub recipient: AddressForm,
    }
}

wire! {
    /// The fields of an address that a customer may write. A field that is `None` keeps its value
    /// upstream; an empty string clears it.
    #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
    #[serde(deny_unknown_fields, default)]
    pub struct AddressForm {
        /// First name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub first_name: Option<String>,
        /// Last name.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub last_name: Option<String>,
        /// Company.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub company: Option<String>,
        /// Street and number.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub address1: Option<String>,
        /// Flat, floor, building.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub address2: Option<String>,
        /// City.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub city: Option<String>,
        /// Province or state, by name, as Recharge keeps it.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub province: Option<String>,
        /// Postcode.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub zip: Option<String>,
        /// Country, two letters.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub country_code: Option<String>,
        /// Telephone.
        #[serde(skip_serializing_if = "Option::is_none")]
        pub phone: Option<String>,
    }
}

wire! {
    /// An e-mail address to be proven.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct NewEmail {
        /// The address.
        pub email: String,
    }
}

wire! {
    /// A code that came by e-mail.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct MailedCode {
        /// Six letters and digits, in any case, with or without spaces and dashes.
        pub code: String,
    }
}

wire! {
    /// Why a subscription is cancelled.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    pub struct Cancellation {
        /// The reason, 1 to 255 characters; upstream requires one.
        pub reason: String,
        /// A comment in the customer's own words, at most 500 characters.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        pub comment: Option<String>,
    }
}

/// An intent that needs nothing but its path: `{}`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Nothing {}

impl Read for Nothing {
    fn read(_: Json) -> Option<Nothing> {
        Some(Nothing {})
    }
}
