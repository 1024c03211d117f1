//! What upstream will deliver to a customer, and when.

use crate::amount::Amount;
use crate::calendar::Date;
use crate::id::{AddressId, ChargeId, CustomerId, ExternalId, OrderId, PurchaseItemId};
use crate::lenient::upstream;
use crate::line_item::{Images, Property, PurchaseItemType, ShippingLine};
use crate::money::Currency;
use crate::payment_method::PaymentMethod;
use crate::postal_address::PostalAddress;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A customer's deliveries by date. Computed by upstream; behind for some seconds after a write.
    pub struct DeliverySchedule {
        /// Whose it is.
        customer: ScheduleCustomer,
        /// The days on which something is delivered.
        deliveries: Vec<Delivery>,
    }
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
        /// Whether it may be skipped.
        is_skippable: bool,
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
