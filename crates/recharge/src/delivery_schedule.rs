//! What upstream will deliver to a customer, and when.

use base::{Currency, Date};
use serde::de::{Deserialize, Deserializer, Error};
use serde_json::Value;

use crate::amount::Amount;
use crate::id::{AddressId, ChargeId, CustomerId, ExternalId, OrderId, PurchaseItemId};
use crate::lenient::{Lenient, object, take, upstream};
use crate::line_item::{Images, Property, PurchaseItemType, ShippingLine};
use crate::payment_method::PaymentMethod;
use crate::postal_address::PostalAddress;
use crate::resource::Resource;
use crate::transport::Request;

/// A customer's deliveries by date. Computed by upstream; behind for some seconds after a write.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct DeliverySchedule {
    /// Whose it is.
    pub customer: ScheduleCustomer,
    /// The days on which something is delivered.
    pub deliveries: Vec<Delivery>,
    /// Whether something of it could not be read and is not among the deliveries.
    pub cut: bool,
}

impl<'de> Deserialize<'de> for DeliverySchedule {
    /// Without its list, or with one of which nothing can be read, it is refused: an empty
    /// schedule says that nothing will come.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = object(deserializer)?;
        let Some(Value::Array(days)) = fields.remove("deliveries") else {
            return Err(D::Error::custom("no list of deliveries"));
        };
        let whole = days.iter().filter(|day| is_whole(day)).count();
        if whole == 0 && !days.is_empty() {
            return Err(D::Error::custom("no delivery can be read"));
        }
        Ok(DeliverySchedule {
            customer: take(&mut fields, &["customer"]),
            cut: whole < days.len(),
            deliveries: days.into_iter().filter_map(Delivery::read).collect(),
        })
    }
}

/// Whether a day of a schedule has all that says what comes: a date, orders, and their lines.
fn is_whole(day: &Value) -> bool {
    let rows = |of: &Value, name: &str| of.get(name)?.as_array().cloned();
    let has_lines = |order: &Value| {
        rows(order, "line_items").is_some_and(|lines| lines.iter().all(Value::is_object))
    };
    day.get("date").cloned().and_then(Date::read).is_some()
        && rows(day, "orders").is_some_and(|orders| orders.iter().all(has_lines))
}

upstream! {
    /// The customer of a delivery schedule.
    pub struct ScheduleCustomer {
        /// The customer; 0 where upstream does not say.
        id: CustomerId,
        /// E-mail address.
        email: String,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
    }
}

upstream! {
    /// What is delivered on one day.
    pub struct Delivery {
        /// The day; `None` where upstream sent no date.
        date: Option<Date>,
        /// One order for each address, more where one is prepaid.
        orders: Vec<DeliveryOrder>,
    }
}

upstream! {
    /// What goes to one address on one day.
    pub struct DeliveryOrder {
        /// The order, where its record already exists: for what is prepaid.
        id: Option<OrderId>,
        /// The address; 0 where upstream does not say.
        address_id: AddressId,
        /// The queued charge; `None` for a delivery beyond it.
        charge_id: Option<ChargeId>,
        /// The currency of its amounts; `None` where upstream does not say.
        currency: Option<Currency>,
        /// Whether upstream is still recalculating it.
        has_uncommitted_changes: bool,
        /// Sum of the lines.
        order_subtotal: Option<Amount>,
        /// Discounts.
        total_discounts: Option<Amount>,
        /// Duties.
        total_duties: Option<Amount>,
        /// Taxes.
        total_tax: Option<Amount>,
        /// What will be paid; `None` where upstream does not say.
        total_price: Option<Amount>,
        /// The lines; empty in some far-future deliveries.
        line_items: Vec<DeliveryLineItem>,
        /// How it is shipped.
        shipping_lines: Vec<ShippingLine>,
        /// Where it goes; blank in some far-future deliveries.
        shipping_address: PostalAddress,
        /// What pays for it.
        payment_method: Option<PaymentMethod>,
    }
}

upstream! {
    /// One line of a delivery.
    pub struct DeliveryLineItem {
        /// The subscription or, in spite of upstream's name for it, the one-time product.
        purchase_item_id: PurchaseItemId = "subscription_id" | "purchase_item_id",
        /// Its kind; empty where upstream does not say.
        plan_type: PurchaseItemType,
        /// Whether it is paid ahead.
        is_prepaid: bool,
        /// Whether it may be skipped; `None` where upstream does not say.
        is_skippable: Option<bool>,
        /// Whether it is skipped on that day.
        is_skipped: bool,
        /// The product's title.
        product_title: String = "product_title" | "title",
        /// The variant's title.
        variant_title: String,
        /// How many.
        quantity: u32,
        /// Price of one.
        unit_price: Option<Amount>,
        /// Price of one before discounts.
        original_price: Option<Amount>,
        /// Price of all of them.
        subtotal_price: Option<Amount>,
        /// The product in the shop; `None` once it is deleted there.
        external_product_id: Option<ExternalId>,
        /// The variant in the shop; `None` once it is deleted there.
        external_variant_id: Option<ExternalId>,
        /// Pictures of the product.
        images: Images,
        /// What the customer or the shop noted on it.
        properties: Vec<Property>,
    }
}

/// How much of a schedule to ask for; upstream's own limits stand where a field is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ScheduleWindow {
    /// At most this many deliveries.
    pub delivery_count_future: Option<u32>,
    /// This many days ahead.
    pub future_interval: Option<u32>,
    /// From this day on.
    pub date_min: Option<Date>,
    /// Up to this day.
    pub date_max: Option<Date>,
}

impl Resource for DeliverySchedule {
    // Not wrapped in live answers, but one client has seen it wrapped.
    const NAME: &'static str = "deliverySchedule";
    const PLURAL: &'static str = "deliverySchedules";
}

impl DeliverySchedule {
    /// `GET /customers/{id}/delivery_schedule`.
    pub fn retrieve(customer_id: CustomerId, window: ScheduleWindow) -> Request {
        Request::get(format!("/customers/{customer_id}/delivery_schedule"))
            .with_some("delivery_count_future", window.delivery_count_future)
            .with_some("future_interval", window.future_interval)
            .with_some("date_min", window.date_min)
            .with_some("date_max", window.date_max)
    }
}
