//! Addresses, which group purchase items into charges.

use base::{Currency, Money, Timestamp};
use serde_json::{Map, Value, json};

use crate::amount::Amount;
use crate::discount::AppliedDiscount;
use crate::id::{AddressId, CustomerId, PaymentMethodId};
use crate::lenient::upstream;
use crate::postal_address::PostalAddress;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// An address of a customer.
    pub struct Address: AddressId {
        /// Whose it is; 0, which is nobody's, where upstream does not say.
        customer_id: CustomerId,
        /// What pays for everything that goes there; `None` where nothing does yet.
        payment_method_id: Option<PaymentMethodId>,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Company.
        company: String,
        /// Street and number.
        address1: String,
        /// Flat, floor and the like.
        address2: String,
        /// City.
        city: String,
        /// State or province, its name.
        province: String,
        /// Postcode.
        zip: String,
        /// Country, two letters.
        country_code: String,
        /// Telephone.
        phone: String,
        /// The discounts on everything that goes there.
        discounts: Vec<AppliedDiscount>,
        /// The currency of its charges; `None` for the store's own.
        presentment_currency: Option<Currency>,
        /// What the customer asks of whoever packs or brings it; empty for nothing.
        order_note: String,
        /// How things go there in place of what the store would choose; at most one counts.
        shipping_lines_override: Vec<ShippingOverride>,
        /// Whether somebody else receives there what the customer pays for.
        is_gift: bool,
        /// When it was added.
        created_at: Option<Timestamp>,
        /// When it last changed.
        updated_at: Option<Timestamp>,
    }
}

upstream! {
    /// A shipping line that somebody chose for an address.
    pub struct ShippingOverride {
        /// What it is, in the store's words.
        code: String,
        /// What customers read.
        title: String,
        /// What it costs for each delivery.
        price: Amount,
    }
}

/// What to change of an address; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AddressUpdate {
    /// First name.
    pub first_name: Option<String>,
    /// Last name.
    pub last_name: Option<String>,
    /// Company; empty removes it.
    pub company: Option<String>,
    /// Street and number.
    pub address1: Option<String>,
    /// Flat, floor and the like; empty removes it.
    pub address2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province, its name; empty for countries that have none.
    pub province: Option<String>,
    /// Country and postcode.
    pub place: Option<CountryAndZip>,
    /// Telephone; empty removes it.
    pub phone: Option<String>,
    /// The note on every order; empty removes it.
    pub order_note: Option<String>,
}

/// A country with a postcode in it: upstream takes neither without the other.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CountryAndZip {
    /// Country, two letters.
    pub country_code: String,
    /// Postcode; empty for countries that have none.
    pub zip: String,
}

impl AddressUpdate {
    /// The fields that are set, as upstream takes them.
    pub(crate) fn body(&self) -> Value {
        let fields = [
            ("first_name", self.first_name.as_deref()),
            ("last_name", self.last_name.as_deref()),
            ("company", self.company.as_deref()),
            ("address1", self.address1.as_deref()),
            ("address2", self.address2.as_deref()),
            ("city", self.city.as_deref()),
            ("province", self.province.as_deref()),
            (
                "country_code",
                self.place.as_ref().map(|place| place.country_code.as_str()),
            ),
            ("zip", self.place.as_ref().map(|place| place.zip.as_str())),
            ("phone", self.phone.as_deref()),
            ("order_note", self.order_note.as_deref()),
        ];
        let said = fields
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?)));
        // A province is checked against the country's, so "none" has to be null.
        let json = |name, value: &str| match (name, value) {
            ("province", "") => Value::Null,
            _ => Value::from(value),
        };
        Value::Object(
            said.map(|(name, value)| (name.to_owned(), json(name, value)))
                .collect::<Map<_, _>>(),
        )
    }
}

impl Resource for Address {
    const NAME: &'static str = "address";
    const PLURAL: &'static str = "addresses";
}

impl Address {
    /// `GET /addresses/{id}`. Answers any customer's: compare `customer_id`.
    pub fn retrieve(id: AddressId) -> Request {
        Request::get(format!("/addresses/{id}"))
    }

    /// `GET /addresses?customer_id=`.
    pub fn list(customer_id: CustomerId) -> Request {
        Request::list("/addresses").with("customer_id", customer_id)
    }

    /// `PUT /addresses/{id}`: changes it for everything that goes there. Takes `commit`.
    pub fn update(id: AddressId, update: &AddressUpdate) -> Request {
        Request::put(format!("/addresses/{id}"), update.body())
    }

    /// `POST /addresses`: a new one, paid with `payment_method_id`. `province` and `zip` may be
    /// empty for countries that have none.
    pub fn create(
        customer_id: CustomerId,
        address: &AddressUpdate,
        payment_method_id: Option<PaymentMethodId>,
    ) -> Request {
        let mut body = address.body();
        body["customer_id"] = json!(customer_id);
        if let Some(id) = payment_method_id {
            body["payment_method_id"] = json!(id);
        }
        Request::post("/addresses", body)
    }

    /// `PUT /addresses/{id}`: how things go there: code, title and price; `None` leaves it to the
    /// store again. Takes `commit`.
    pub fn set_shipping(id: AddressId, line: Option<(&str, &str, Money)>) -> Request {
        let lines: Vec<Value> = line
            .into_iter()
            .map(|(code, title, price)| {
                json!({ "code": code, "price": price.amount(), "title": title })
            })
            .collect();
        Request::put(
            format!("/addresses/{id}"),
            json!({ "shipping_lines_override": lines }),
        )
    }

    /// `DELETE /addresses/{id}`: refused while something is to be sent there.
    pub fn delete(id: AddressId) -> Request {
        Request::delete(format!("/addresses/{id}"))
    }

    /// `PUT /addresses/{id}`: lets a payment method pay for everything that goes there. Takes
    /// `commit`.
    pub fn pay_with(id: AddressId, payment_method_id: PaymentMethodId) -> Request {
        let body = serde_json::json!({"payment_method_id": payment_method_id.0});
        Request::put(format!("/addresses/{id}"), body)
    }

    /// `PUT /addresses/{id}`: the one discount on everything that goes there, by its code; `None`
    /// takes it off. Takes `commit`.
    pub fn set_discount(id: AddressId, code: Option<&str>) -> Request {
        let discounts: Vec<Value> = code
            .map(|code| json!({ "code": code }))
            .into_iter()
            .collect();
        Request::put(
            format!("/addresses/{id}"),
            json!({ "discounts": discounts }),
        )
    }

    /// Name, street and place, as they stand inside other resources.
    pub fn postal(&self) -> PostalAddress {
        PostalAddress {
            first_name: self.first_name.clone(),
            last_name: self.last_name.clone(),
            company: self.company.clone(),
            address1: self.address1.clone(),
            address2: self.address2.clone(),
            city: self.city.clone(),
            province: self.province.clone(),
            zip: self.zip.clone(),
            country_code: self.country_code.clone(),
            country: String::new(),
            phone: self.phone.clone(),
        }
    }
}
