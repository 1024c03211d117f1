//! Orders: what processed charges became, and what a prepaid one will become.

use base::{Currency, Timestamp};

use crate::amount::Amount;
use crate::charge::{ChargeStatus, CustomerRef};
use crate::discount::AppliedDiscount;
use crate::id::{AddressId, ChargeId, CustomerId, ExternalId, OrderId, PurchaseItemId};
use crate::lenient::{lenient_words, upstream};
use crate::line_item::{LineItem, ShippingLine, TaxLine};
use crate::open_enum;
use crate::postal_address::PostalAddress;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// An order.
    pub struct Order: OrderId {
        /// The address; 0 where upstream does not say.
        address_id: AddressId,
        /// Whose it is.
        customer: CustomerRef,
        /// The charge that made it.
        charge: ChargeRef,
        /// Its state.
        status: OrderStatus,
        /// Whether it was paid ahead.
        is_prepaid: bool,
        /// The day it is for: midnight in New York, whatever the store's zone.
        scheduled_at: Option<Timestamp>,
        /// When it was processed; `None` until then.
        processed_at: Option<Timestamp>,
        /// The order in the shop; `None` until it exists there.
        external_order_id: Option<ExternalId>,
        /// Its number in the shop, such as `1016`.
        external_order_number: Option<ExternalId>,
        /// Its name in the shop, such as `#1016`.
        external_order_name: Option<ExternalId>,
        /// The lines.
        line_items: Vec<LineItem>,
        /// Where it went.
        shipping_address: PostalAddress,
        /// Who paid.
        billing_address: PostalAddress,
        /// How it was shipped.
        shipping_lines: Vec<ShippingLine>,
        /// The discounts on it.
        discounts: Vec<AppliedDiscount>,
        /// The currency of its amounts; `None` where upstream does not say.
        currency: Option<Currency>,
        /// Sum of the lines less discounts.
        subtotal_price: Amount,
        /// Sum of the lines.
        total_line_items_price: Option<Amount>,
        /// Discounts.
        total_discounts: Amount,
        /// Taxes.
        total_tax: Amount,
        /// Duties.
        total_duties: Amount,
        /// What was paid back.
        total_refunds: Amount,
        /// What was paid.
        total_price: Amount,
        /// The taxes.
        tax_lines: Vec<TaxLine>,
        /// What was sent of it, where the shop says so; upstream passes it on for some stores only.
        fulfillments: Vec<Fulfillment>,
        /// The shop's tags, separated by commas. Customers never see them.
        tags: String,
        /// When it was made.
        created_at: Option<Timestamp>,
        /// When it last changed.
        updated_at: Option<Timestamp>,
    }
}

upstream! {
    /// A parcel of an order.
    pub struct Fulfillment {
        /// Where the carrier tells how far it is; `None` where nobody does.
        tracking_url: Option<String>,
        /// Who carries it; may be empty.
        tracking_company: String,
    }
}

upstream! {
    /// The charge of an order.
    pub struct ChargeRef {
        /// The charge; `None` where upstream does not say.
        id: Option<ChargeId>,
        /// Its state.
        status: ChargeStatus,
    }
}

open_enum! {
    /// The state of an order.
    pub enum OrderStatus {
        /// Made.
        Success = "success",
        /// It could not be made.
        Error = "error",
        /// To come: paid ahead.
        Queued = "queued",
        /// Cancelled.
        Cancelled = "cancelled",
        /// Waits for its payment.
        PendingChargeStatus = "pending_charge_status",
        /// Paid back.
        Refunded = "refunded",
        /// Skipped.
        Skipped = "skipped",
    }
}
lenient_words!(OrderStatus);

impl Resource for Order {
    const NAME: &'static str = "order";
    const PLURAL: &'static str = "orders";
}

impl Order {
    /// `GET /orders/{id}`. Answers any customer's: compare `customer.id`.
    pub fn retrieve(id: OrderId) -> Request {
        Request::get(format!("/orders/{id}"))
    }

    /// `GET /orders?customer_id=`: the latest first by their dates, `limit` (1 to 250) at a time.
    /// By id, upstream's own order, a prepaid order of next month would stand among the old ones.
    pub fn list(customer_id: CustomerId, limit: u32) -> Request {
        Request::get("/orders")
            .with("customer_id", customer_id)
            .with("sort_by", "scheduled_at-desc")
            .with("limit", limit)
    }

    /// `GET /orders?cursor=`: the page that a cursor of an earlier one names. Since a cursor
    /// may come from outside, compare `customer.id` of what it answers.
    pub fn list_from(cursor: &str, limit: u32) -> Request {
        Request::get("/orders")
            .with("limit", limit)
            .with("cursor", cursor)
    }

    /// `GET /orders?customer_id=&purchase_item_id=`: those that hold one purchase item.
    pub fn list_of_item(customer_id: CustomerId, item: PurchaseItemId, limit: u32) -> Request {
        Order::list(customer_id, limit).with("purchase_item_id", item)
    }

    /// Its number as the shop writes it, such as `#1016`; empty where it has none.
    pub fn number(&self) -> String {
        match (&self.external_order_name, &self.external_order_number) {
            (Some(name), _) => name.to_string(),
            (None, Some(number)) => format!("#{number}"),
            (None, None) => String::new(),
        }
    }
}
