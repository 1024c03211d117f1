//! The customer's intents: everything that changes something, keyed by what is stable.
//!
//! Each has a file of its own, with what its request carries; what several carry is in
//! [`bodies`].

mod add_address;
mod add_onetime;
mod add_payment_method;
mod add_subscription;
mod apply_delivery_discount;
mod apply_discount;
mod assign_payment_method;
pub(crate) mod bodies;
mod cancel_subscription;
mod change_date;
mod change_dates;
mod change_frequency;
mod change_quantity;
mod confirm_deletion;
mod confirm_email_change;
mod declare;
mod delete_address;
mod gift_delivery;
mod move_subscriptions;
mod pause_subscription;
mod pause_subscriptions;
mod process_delivery;
mod reactivate_subscription;
mod remove_delivery_discount;
mod remove_discount;
mod remove_onetime;
mod remove_payment_method;
mod report_problem;
mod request_deletion;
mod request_email_change;
mod reschedule_delivery;
mod resume_subscription;
mod send_payment_link;
mod set_backup_payment;
mod set_default_payment_method;
mod set_shipping_method;
mod set_tax_id;
mod skip_delivery;
mod skip_subscriptions;
mod swap_product;
mod unskip_delivery;
mod update_address;
mod update_billing_address;
mod update_bundle;
mod update_customer;
mod update_onetime;
mod update_order_note;
mod update_properties;
mod use_credit;

use std::fmt;

use base::Secret;
use serde::{Deserialize, Serialize};

use crate::json::{Json, Read, is_snake_of};
use crate::route::BadRequest;
#[cfg(feature = "testing")]
use crate::testing::{Generator, NamedId};

pub use add_address::*;
pub use add_onetime::*;
pub use add_payment_method::*;
pub use add_subscription::*;
pub use apply_delivery_discount::*;
pub use apply_discount::*;
pub use assign_payment_method::*;
pub use bodies::*;
pub use cancel_subscription::*;
pub use change_date::*;
pub use change_dates::*;
pub use change_frequency::*;
pub use change_quantity::*;
pub use confirm_deletion::*;
pub use confirm_email_change::*;
pub use delete_address::*;
pub use gift_delivery::*;
pub use move_subscriptions::*;
pub use pause_subscription::*;
pub use pause_subscriptions::*;
pub use process_delivery::*;
pub use reactivate_subscription::*;
pub use remove_delivery_discount::*;
pub use remove_discount::*;
pub use remove_onetime::*;
pub use remove_payment_method::*;
pub use report_problem::*;
pub use request_deletion::*;
pub use request_email_change::*;
pub use reschedule_delivery::*;
pub use resume_subscription::*;
pub use send_payment_link::*;
pub use set_backup_payment::*;
pub use set_default_payment_method::*;
pub use set_shipping_method::*;
pub use set_tax_id::*;
pub use skip_delivery::*;
pub use skip_subscriptions::*;
pub use swap_product::*;
pub use unskip_delivery::*;
pub use update_address::*;
pub use update_billing_address::*;
pub use update_bundle::*;
pub use update_customer::*;
pub use update_onetime::*;
pub use update_order_note::*;
pub use update_properties::*;
pub use use_credit::*;

/// Declares the list of all intents, of the types that [`intent!`] declares.
macro_rules! intents {
    ($($intent:ident,)+) => {
        /// One change that a customer asks for.
        ///
        /// Tagged by its name as the only key, as all enums with fields are here: serde reads a
        /// tag inside the object through a buffer, which costs the bundle 15 kB.
        #[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Intent { $(#[doc = concat!("[`", stringify!($intent), "`].")] $intent($intent),)+ }

        $(impl From<$intent> for Intent {
            fn from(intent: $intent) -> Intent {
                Intent::$intent(intent)
            }
        })+

        /// The kind of an intent, without its values.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Operation { $(#[doc = concat!("[`", stringify!($intent), "`](struct@", stringify!($intent), ").")] $intent,)+ }

        impl Read for Operation {
            fn read(json: Json) -> Option<Operation> {
                let name = String::read(json)?;
                $(if is_snake_of(&name, stringify!($intent)) { return Some(Operation::$intent); })+
                None
            }
        }

        impl Operation {
            /// Every operation there is.
            pub const ALL: &'static [Operation] = &[$(Operation::$intent),+];

            /// What it does, in one sentence.
            pub fn about(self) -> &'static str {
                match self { $(Operation::$intent => $intent::ABOUT.trim_ascii(),)+ }
            }

            /// Its method and its route below [`API_BASE`](crate::API_BASE), with `{placeholders}`.
            pub fn route(self) -> (&'static str, &'static str) {
                match self { $(Operation::$intent => ($intent::METHOD, $intent::ROUTE),)+ }
            }

            /// The field of its body that is a [`Secret`], where it has one.
            pub fn secret(self) -> Option<&'static str> {
                match self { $(Operation::$intent => $intent::SECRET,)+ }
            }

            #[cfg(feature = "testing")]
            fn generate(self, from: &mut Generator) -> Intent {
                let name = serde_json::to_value(self).unwrap_or_default();
                let name = name.as_str().unwrap_or_default();
                match self { $(Operation::$intent => Intent::$intent(from.field(name)),)+ }
            }
        }

        impl Intent {
            /// Its kind.
            pub fn operation(&self) -> Operation {
                match self { $(Intent::$intent(_) => Operation::$intent,)+ }
            }

            /// Its path below [`API_BASE`](crate::API_BASE).
            pub fn path(&self) -> String {
                match self { $(Intent::$intent(intent) => intent.path(),)+ }
            }

            /// Its JSON body without its secret, of which equal intents have equal bytes.
            pub fn body(&self) -> String {
                match self { $(Intent::$intent(intent) => intent.written(),)+ }
            }

            /// The secret in its body, where its operation has one.
            pub fn secret(&self) -> Option<&Secret> {
                match self { $(Intent::$intent(intent) => intent.secret(),)+ }
            }

            /// Reads a request; `path` is below [`API_BASE`](crate::API_BASE).
            ///
            /// # Errors
            /// [`BadRequest`] where there is no such route, the method is another, the body has a
            /// field that the operation does not take, or names nothing in one of its lists.
            /// What a list names again counts once.
            pub fn read(method: &str, path: &str, body: &[u8]) -> Result<Intent, BadRequest> {
                let mut known = false;
                $(match $intent::read(method, path, body) {
                    Err(BadRequest::NoRoute) => {}
                    Err(BadRequest::Method) => known = true,
                    read => return read.map(Intent::$intent),
                })+
                Err(if known { BadRequest::Method } else { BadRequest::NoRoute })
            }
        }
    };
}

intents! {
    AddSubscription,
    AddOnetime,
    UpdateOnetime,
    RemoveOnetime,
    ApplyDiscount,
    RemoveDiscount,
    ApplyDeliveryDiscount,
    RemoveDeliveryDiscount,
    SkipDelivery,
    UnskipDelivery,
    ProcessDelivery,
    RescheduleDelivery,
    GiftDelivery,
    ReportProblem,
    UpdateAddress,
    AddAddress,
    SetShippingMethod,
    DeleteAddress,
    MoveSubscriptions,
    UpdateCustomer,
    SetTaxId,
    UseCredit,
    UpdateOrderNote,
    ChangeDate,
    ChangeFrequency,
    ChangeQuantity,
    SwapProduct,
    UpdateProperties,
    RequestEmailChange,
    ConfirmEmailChange,
    RequestDeletion,
    ConfirmDeletion,
    AddPaymentMethod,
    AssignPaymentMethod,
    SetDefaultPaymentMethod,
    UpdateBillingAddress,
    RemovePaymentMethod,
    SendPaymentLink,
    SetBackupPayment,
    UpdateBundle,
    PauseSubscription,
    ResumeSubscription,
    ChangeDates,
    SkipSubscriptions,
    PauseSubscriptions,
    CancelSubscription,
    ReactivateSubscription,
}

#[cfg(feature = "testing")]
impl Operation {
    /// An intent of this operation, made out of `bytes` as [`Generator`] does.
    pub fn intent(self, bytes: &[u8]) -> Intent {
        self.generate(&mut Generator::new(bytes))
    }

    /// Each id of the customer's things that an intent of this operation can name.
    pub fn named_ids(self) -> Vec<NamedId> {
        let mut from = Generator::new(&[]);
        self.generate(&mut from);
        from.into_ids()
    }
}

/// What stands for the placeholders of `route` in `path`, where that has its shape. All of them are
/// ids or dates and begin with a digit.
fn placeholders(route: &str, path: &str) -> Option<Vec<String>> {
    let mut given = path.split('/');
    let mut values = Vec::new();
    for want in route.split('/') {
        let have = given.next()?;
        let is_id = want.starts_with('{') && have.starts_with(|first: char| first.is_ascii_digit());
        if is_id {
            values.push(have.to_owned());
        } else if want != have {
            return None;
        }
    }
    given.next().is_none().then_some(values)
}

/// An intent as it travels, for those who send it without looking inside. Its `Debug` keeps
/// back the body, which may hold a secret.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
#[serde(deny_unknown_fields)]
pub struct Sendable {
    /// The HTTP method.
    pub method: String,
    /// The path below [`API_BASE`](crate::API_BASE).
    pub path: String,
    /// The JSON body.
    pub body: String,
}

impl fmt::Debug for Sendable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

impl Intent {
    /// The one request that carries its secret, to the middleware.
    pub fn request(&self) -> Sendable {
        let sendable = Sendable::from(self);
        let secret = self.secret().zip(self.operation().secret());
        let body = match secret {
            Some((secret, field)) => secret.fill(&sendable.body, field),
            None => sendable.body,
        };
        Sendable { body, ..sendable }
    }
}

/// Without its secret, as it may be kept.
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
    /// The name of its operation, and the ids and dates in its path.
    pub fn operation(&self) -> Option<(String, Vec<String>)> {
        Operation::ALL.iter().find_map(|operation| {
            let (method, route) = operation.route();
            let ids = placeholders(route, &self.path).filter(|_| method == self.method)?;
            let name = serde_json::to_string(operation).ok()?;
            Some((name.trim_matches('"').to_owned(), ids))
        })
    }

    /// The intent.
    ///
    /// # Errors
    /// As for [`Intent::read`].
    pub fn intent(&self) -> Result<Intent, BadRequest> {
        Intent::read(&self.method, &self.path, self.body.as_bytes())
    }
}
