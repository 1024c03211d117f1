//! What the portal and its middleware say to each other.
//!
//! The browser sends a [`Query`] or an [`Intent`]; the middleware answers with a view or an
//! [`Outcome`], or with a [`Problem`]. Everything here is made for one customer: no upstream
//! object is ever serialised toward a browser, only the views of this crate.

mod body;
mod country;
mod intents;
mod json;
mod outcome;
mod payment;
mod problem;
mod query;
mod refusal;
mod route;
mod tax_id;
#[cfg(feature = "testing")]
pub mod testing;
pub mod view;

pub use base::{Currency, Date, Interval, Money, Secret, Unit};
pub use body::read_body;
pub use country::{AddressRules, Country, FieldRule, Province, rules_for};
pub use intents::*;
pub use json::{Json, Later, Read, read};
pub use outcome::*;
pub use payment::*;
pub use problem::*;
pub use query::Query;
pub use recharge::{
    AddressId, CustomerId, OnetimeId, OrderId, PaymentMethodId, PlanId, PurchaseItemId,
    SubscriptionId,
};
pub use refusal::Refusal;
pub use route::BadRequest;
pub use tax_id::tax_id;
pub use view::{Announcement, DISMISSALS, Dismissal};

/// Where the API lives below the middleware's origin.
pub const API_BASE: &str = "/portal/api";

/// Request header that carries an intent's idempotency key, a UUID made by the browser.
pub const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Response header of a view that is shown because the store could not be reached: how many
/// seconds ago it was made. A view without it is as fresh as can be.
pub const AGE: &str = "age";
