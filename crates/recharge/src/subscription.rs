//! Subscriptions.

use base::{Currency, Date, Interval, Timestamp, Unit};
use serde_json::{Map, Value, json};

use crate::amount::Amount;
use crate::bundle::{BundleProduct, BundleSelection};
use crate::id::{AddressId, CustomerId, ExternalId, PlanId, SubscriptionId};
use crate::included::OneOrMany;
use crate::lenient::{lenient_words, upstream};
use crate::line_item::Property;
use crate::open_enum;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A subscription.
    pub struct Subscription: SubscriptionId {
        /// The address it goes to; 0 where upstream does not say.
        address_id: AddressId,
        /// Whose it is; 0, which is nobody's, where upstream does not say.
        customer_id: CustomerId,
        /// Its state.
        status: SubscriptionStatus,
        /// The product's title.
        product_title: String,
        /// The variant's title.
        variant_title: String,
        /// Price of one before discounts, tax and shipping.
        price: Amount,
        /// How many.
        quantity: u32,
        /// Stock-keeping unit.
        sku: String,
        /// The product in the shop; `None` once it is deleted there.
        external_product_id: Option<ExternalId>,
        /// The variant in the shop; `None` once it is deleted there.
        external_variant_id: Option<ExternalId>,
        /// The plan it was made from; `None` where it follows none.
        plan_id: Option<PlanId>,
        /// The unit of both frequencies; `None` where upstream has none that is known.
        order_interval_unit: Option<Unit>,
        /// Units between orders; 0 where upstream does not say.
        order_interval_frequency: u32,
        /// Units between charges; more than between orders where it is prepaid.
        charge_interval_frequency: u32,
        /// The day of the month on which it is ordered, where that is fixed; upstream sends 0
        /// where it is not.
        order_day_of_month: Option<u32>,
        /// The day of the week, 0 for Monday, on which it is ordered, where that is fixed.
        order_day_of_week: Option<u32>,
        /// The next charge; `None` unless active, and where no more payments are tried.
        next_charge_scheduled_at: Option<Date>,
        /// Ends after so many charges; `None` for never.
        expire_after_specific_number_of_charges: Option<u32>,
        /// Whether a charge is queued.
        has_queued_charges: bool,
        /// Whether upstream has given up on its payment.
        max_retries_reached: bool,
        /// Whether it is paid ahead.
        is_prepaid: bool,
        /// Whether it may be skipped: all but prepaid ones; `None` where upstream does not say.
        is_skippable: Option<bool>,
        /// Whether it may be swapped; `None` where upstream does not say.
        is_swappable: Option<bool>,
        /// The currency of its price; `None` for the store's own.
        presentment_currency: Option<Currency>,
        /// What the customer or the shop noted on it. Imported ones may hold frequencies
        /// here, which are leftovers.
        properties: Vec<Property>,
        /// Why it was cancelled; `None` unless it was.
        cancellation_reason: Option<String>,
        /// What the customer added to the reason.
        cancellation_reason_comments: Option<String>,
        /// When it was cancelled.
        cancelled_at: Option<Timestamp>,
        /// When it was made.
        created_at: Option<Timestamp>,
        /// When it last changed, moves of its next date apart.
        updated_at: Option<Timestamp>,
        /// What was asked for with it.
        include: SubscriptionInclude,
    }
}

upstream! {
    /// What comes inside a subscription when it is asked for; empty otherwise.
    pub struct SubscriptionInclude {
        /// The box that it is, where it is one.
        bundle_product: BundleProduct,
        /// What is in the box.
        bundle_selections: OneOrMany<BundleSelection>,
    }
}

open_enum! {
    /// The state of a subscription.
    pub enum SubscriptionStatus {
        /// It runs.
        Active = "active",
        /// It was cancelled.
        Cancelled = "cancelled",
        /// It reached its agreed number of charges.
        Expired = "expired",
    }
}
lenient_words!(SubscriptionStatus);

/// Why a subscription is cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cancellation {
    /// The reason, any text; upstream refuses an empty one.
    pub reason: String,
    /// What the customer adds, at most 1024 characters.
    pub comments: Option<String>,
    /// Whether upstream writes to the customer; `None` leaves it to the store's setting.
    pub send_email: Option<bool>,
}

/// What to change of a subscription; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct SubscriptionUpdate {
    /// How many.
    pub quantity: Option<u32>,
    /// How often it comes and is paid.
    pub intervals: Option<Intervals>,
    /// The plan that it follows from now on.
    pub plan_id: Option<PlanId>,
    /// What it is of, with the price, the titles and the SKU that this has now.
    pub product: Option<SubscriptionProduct>,
    /// All properties: what is not named here is dropped. As upstream sent them, since some are
    /// more than text.
    pub properties: Option<Value>,
}

/// How often a subscription comes and is paid: upstream takes all three or none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Intervals {
    /// Between orders.
    pub interval: Interval,
    /// Units between charges: a multiple of `interval.every`.
    pub charge_every: u32,
}

/// What a subscription is of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionProduct {
    /// The product in the shop.
    pub external_product_id: ExternalId,
    /// The variant in the shop.
    pub external_variant_id: ExternalId,
}

impl SubscriptionUpdate {
    fn body(&self) -> Value {
        let mut body = Map::new();
        let mut set = |name: &str, value: Value| drop(body.insert(name.to_owned(), value));
        if let Some(quantity) = self.quantity {
            set("quantity", json!(quantity));
        }
        if let Some(Intervals {
            interval,
            charge_every,
        }) = self.intervals
        {
            set("order_interval_unit", json!(interval.unit));
            set("order_interval_frequency", json!(interval.every));
            set("charge_interval_frequency", json!(charge_every));
        }
        if let Some(plan_id) = self.plan_id {
            set("plan_id", json!(plan_id));
        }
        if let Some(product) = &self.product {
            let wrapped = |id: &ExternalId| json!({ "ecommerce": id.as_str() });
            set("external_product_id", wrapped(&product.external_product_id));
            set("external_variant_id", wrapped(&product.external_variant_id));
            set("use_external_variant_defaults", json!(true));
        }
        if let Some(properties) = &self.properties {
            set("properties", properties.clone());
        }
        Value::Object(body)
    }
}

/// A subscription to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SubscriptionCreate {
    /// Where it goes, and so what pays for it.
    pub address_id: AddressId,
    /// The product in the shop.
    pub external_product_id: Option<ExternalId>,
    /// The variant in the shop.
    pub external_variant_id: Option<ExternalId>,
    /// The product's title, which some stores ask for.
    pub product_title: String,
    /// The plan that it follows.
    pub plan_id: PlanId,
    /// How often it comes and is paid.
    pub intervals: Intervals,
    /// How many.
    pub quantity: u32,
    /// The first charge, tomorrow at the earliest.
    pub next_charge_scheduled_at: Date,
}

impl Resource for Subscription {
    const NAME: &'static str = "subscription";
    const PLURAL: &'static str = "subscriptions";
}

impl Subscription {
    /// `GET /subscriptions/{id}`, with the box that it may be. Answers any customer's: compare
    /// `customer_id`.
    pub fn retrieve(id: SubscriptionId) -> Request {
        let parts = ["bundle_product", "bundle_selections"];
        Request::get(format!("/subscriptions/{id}")).with_list("include", parts)
    }

    /// `GET /subscriptions?customer_id=`: all states.
    pub fn list(customer_id: CustomerId) -> Request {
        Request::list("/subscriptions").with("customer_id", customer_id)
    }

    /// `POST /subscriptions`, at the price that the shop has for it. Joins the charge that its
    /// address has on that day, where there is one. Takes `commit`.
    pub fn create(create: &SubscriptionCreate) -> Request {
        let mut body = json!({
            "address_id": create.address_id,
            "external_variant_id": create.external_variant_id,
            "product_title": create.product_title,
            "plan_id": create.plan_id,
            "order_interval_unit": create.intervals.interval.unit,
            "order_interval_frequency": create.intervals.interval.every,
            "charge_interval_frequency": create.intervals.charge_every,
            "quantity": create.quantity,
            "next_charge_scheduled_at": create.next_charge_scheduled_at,
        });
        if let Some(product) = &create.external_product_id {
            body["external_product_id"] = json!(product);
        }
        Request::post("/subscriptions", body)
    }

    /// `POST /subscriptions/{id}/cancel`. Takes `commit`.
    pub fn cancel(id: SubscriptionId, cancellation: &Cancellation) -> Request {
        let mut body = json!({ "cancellation_reason": cancellation.reason });
        if let Some(comments) = &cancellation.comments {
            body["cancellation_reason_comments"] = json!(comments);
        }
        if let Some(send_email) = cancellation.send_email {
            body["send_email"] = json!(send_email);
        }
        Request::post(format!("/subscriptions/{id}/cancel"), body)
    }

    /// `POST /subscriptions/{id}/activate`: clears the cancellation and sets a next date. Takes `commit`.
    pub fn activate(id: SubscriptionId) -> Request {
        Request::post(format!("/subscriptions/{id}/activate"), json!({}))
    }

    /// `POST /subscriptions/{id}/set_next_charge_date`: tomorrow at the earliest. Joins the charge
    /// that its address has on that day, where there is one. Takes `commit`.
    pub fn set_next_charge_date(id: SubscriptionId, date: Date) -> Request {
        Request::post(
            format!("/subscriptions/{id}/set_next_charge_date"),
            json!({ "date": date }),
        )
    }

    /// The same, which also tells the shop that the customer pauses. Upstream has no other pause.
    pub fn pause(id: SubscriptionId, until: Date) -> Request {
        Subscription::set_next_charge_date(id, until).with("pause", true)
    }

    /// `PUT /subscriptions/{id}`. Other intervals make upstream forget its skipped and moved
    /// charges. Cancelled ones are refused. Takes `commit`.
    pub fn update(id: SubscriptionId, update: &SubscriptionUpdate) -> Request {
        Request::put(format!("/subscriptions/{id}"), update.body())
    }

    /// `POST /subscriptions/{id}/change_address`: sends it to another address of its customer from
    /// now on, paid by that address's method. Discounts of the old address stay there. Takes
    /// `commit`.
    pub fn change_address(id: SubscriptionId, address_id: AddressId) -> Request {
        Request::post(
            format!("/subscriptions/{id}/change_address"),
            json!({ "address_id": address_id }),
        )
    }

    /// How often it is delivered; `None` where upstream has no usable interval.
    pub fn interval(&self) -> Option<Interval> {
        let every = self.order_interval_frequency;
        self.order_interval_unit
            .filter(|_| every > 0)
            .map(|unit| Interval { unit, every })
    }

    /// How many deliveries one charge pays for: 1, or more where it is prepaid.
    pub fn deliveries_per_charge(&self) -> u32 {
        self.charge_interval_frequency
            .checked_div(self.order_interval_frequency)
            .unwrap_or(1)
            .max(1)
    }
}
