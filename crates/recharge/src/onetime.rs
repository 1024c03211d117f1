//! One-time products that ride along with a future charge.

use base::{Currency, Date, Timestamp};
use serde_json::json;

use crate::amount::Amount;
use crate::id::{AddressId, CustomerId, ExternalId, OnetimeId};
use crate::lenient::upstream;
use crate::line_item::Property;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A one-time product on a future charge.
    pub struct Onetime: OnetimeId {
        /// The address it goes to; 0 where upstream does not say.
        address_id: AddressId,
        /// Whose it is; 0, which is nobody's, where upstream does not say.
        customer_id: CustomerId,
        /// The product in the shop; `None` once it is deleted there.
        external_product_id: Option<ExternalId>,
        /// The variant in the shop; `None` once it is deleted there.
        external_variant_id: Option<ExternalId>,
        /// Whether it was taken off again.
        is_cancelled: bool,
        /// The day it is charged; `None` where none is set.
        next_charge_scheduled_at: Option<Date>,
        /// The currency of its price; `None` for the store's own.
        presentment_currency: Option<Currency>,
        /// Price of one before discounts, tax and shipping.
        price: Amount,
        /// The product's title.
        product_title: String,
        /// The variant's title.
        variant_title: String,
        /// What the customer or the shop noted on it.
        properties: Vec<Property>,
        /// How many.
        quantity: u32,
        /// Stock-keeping unit.
        sku: String,
        /// When it was added.
        created_at: Option<Timestamp>,
        /// When it last changed.
        updated_at: Option<Timestamp>,
    }
}

/// A one-time product to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OnetimeCreate {
    /// Where it goes.
    pub address_id: AddressId,
    /// The product in the shop.
    pub external_product_id: Option<ExternalId>,
    /// The variant in the shop.
    pub external_variant_id: Option<ExternalId>,
    /// The product's title, which some stores ask for.
    pub product_title: String,
    /// How many.
    pub quantity: u32,
    /// When it comes.
    pub timing: OnetimeTiming,
}

/// When a new one-time product comes: upstream takes one of the two and never both.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnetimeTiming {
    /// With the earliest queued charge of the address, which there must be.
    NextCharge,
    /// On a day. Joins the charge that the address has on that day, where there is one.
    On(Date),
}

impl Resource for Onetime {
    const NAME: &'static str = "onetime";
    const PLURAL: &'static str = "onetimes";
}

impl Onetime {
    /// `PUT /onetimes/{id}`: moves it to another day. Joins the charge that its address has on that
    /// day, where there is one. Takes `commit`.
    pub fn set_date(id: OnetimeId, date: Date) -> Request {
        let body = json!({ "next_charge_scheduled_at": date });
        Request::put(format!("/onetimes/{id}"), body)
    }

    /// `GET /onetimes/{id}`. Answers any customer's: compare `customer_id`.
    pub fn retrieve(id: OnetimeId) -> Request {
        Request::get(format!("/onetimes/{id}"))
    }

    /// `GET /onetimes?customer_id=`.
    pub fn list(customer_id: CustomerId) -> Request {
        Request::list("/onetimes").with("customer_id", customer_id)
    }

    /// `POST /onetimes`, at the price that the shop has for it. Takes `commit`.
    pub fn create(create: &OnetimeCreate) -> Request {
        let mut body = json!({
            "address_id": create.address_id,
            "external_variant_id": create.external_variant_id,
            "product_title": create.product_title,
            "quantity": create.quantity,
        });
        if let Some(product) = &create.external_product_id {
            body["external_product_id"] = json!(product);
        }
        match create.timing {
            OnetimeTiming::NextCharge => body["add_to_next_charge"] = json!(true),
            OnetimeTiming::On(date) => body["next_charge_scheduled_at"] = json!(date),
        }
        Request::post("/onetimes", body)
    }

    /// `PUT /onetimes/{id}`: how many come. Takes `commit`.
    pub fn update_quantity(id: OnetimeId, quantity: u32) -> Request {
        Request::put(format!("/onetimes/{id}"), json!({ "quantity": quantity }))
    }

    /// `DELETE /onetimes/{id}`: it does not come. Takes `commit`.
    pub fn delete(id: OnetimeId) -> Request {
        Request::delete(format!("/onetimes/{id}"))
    }
}
