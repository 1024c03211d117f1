//! Customers.

use crate::address::Address;
use crate::id::{CustomerId, ExternalId};
use crate::lenient::upstream;
use crate::payment_method::PaymentMethod;
use crate::resource::Resource;
use crate::subscription::Subscription;
use crate::timestamp::Timestamp;
use crate::transport::Request;

upstream! {
    /// A customer. The hash that upstream sends along opens the hosted portal and is never read.
    pub struct Customer: CustomerId {
        /// E-mail address, unique in the store.
        email: String,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Telephone.
        phone: String,
        /// The customer in the shop; `None` where she has no account there.
        external_customer_id: Option<ExternalId>,
        /// Whether there is a payment method that can be charged.
        has_valid_payment_method: bool,
        /// Whether a failed payment is being tried again.
        has_payment_method_in_dunning: bool,
        /// How many subscriptions are active.
        subscriptions_active_count: u32,
        /// How many subscriptions there are in all.
        subscriptions_total_count: u32,
        /// When she first paid; `None` where she has not yet.
        first_charge_processed_at: Option<Timestamp>,
        /// Since when she is a customer.
        created_at: Option<Timestamp>,
        /// When this record last changed.
        updated_at: Option<Timestamp>,
        /// What was asked for along with her.
        include: CustomerInclude,
    }
}

upstream! {
    /// What comes inside a customer when it is asked for; empty otherwise.
    pub struct CustomerInclude {
        /// Her addresses.
        addresses: Vec<Address>,
        /// Her payment methods.
        payment_methods: Vec<PaymentMethod>,
        /// Her subscriptions.
        subscriptions: Vec<Subscription>,
    }
}

/// Something that can come inside a [`Customer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerPart {
    /// `include.addresses`.
    Addresses,
    /// `include.payment_methods`.
    PaymentMethods,
    /// `include.subscriptions`.
    Subscriptions,
}

impl CustomerPart {
    fn word(self) -> &'static str {
        match self {
            CustomerPart::Addresses => "addresses",
            CustomerPart::PaymentMethods => "payment_methods",
            CustomerPart::Subscriptions => "subscriptions",
        }
    }
}

impl Resource for Customer {
    const NAME: &'static str = "customer";
    const PLURAL: &'static str = "customers";
}

impl Customer {
    /// `GET /customers/{id}` with `parts` inside.
    pub fn retrieve(id: CustomerId, parts: &[CustomerPart]) -> Request {
        let request = Request::get(format!("/customers/{id}"));
        match parts {
            [] => request,
            _ => request.with_list("include", parts.iter().map(|part| part.word())),
        }
    }

    /// `GET /customers?external_customer_id=`: the one who has that account in the shop, if any.
    pub fn by_external_id(external_customer_id: &str) -> Request {
        Customer::lookup("external_customer_id", external_customer_id)
    }

    /// `GET /customers?email=`: the one with exactly that address, if any.
    pub fn by_email(email: &str) -> Request {
        Customer::lookup("email", email)
    }

    /// `GET /customers?hash=`: the one whose hosted portal has that hash, if any.
    pub fn by_hash(hash: &str) -> Request {
        Customer::lookup("hash", hash)
    }

    // Two are asked for, so that an answer that ignored the filter cannot pass for the one.
    fn lookup(name: &'static str, value: &str) -> Request {
        Request::get("/customers")
            .with(name, value)
            .with("limit", 2)
    }
}
