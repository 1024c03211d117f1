//! Payment methods.

use base::{Secret, Timestamp};
use serde_json::json;

use crate::address::{Address, AddressUpdate};
use crate::id::{CustomerId, PaymentMethodId};
use crate::lenient::{lenient_words, upstream};
use crate::open_enum;
use crate::postal_address::PostalAddress;
use crate::resource::Resource;
use crate::transport::Request;

upstream! {
    /// A payment method. The processor's tokens that upstream sends along are never read.
    pub struct PaymentMethod: PaymentMethodId {
        /// Whose it is; 0, which is nobody's, where upstream does not say.
        customer_id: CustomerId,
        /// Whether it is the customer's default.
        default: bool,
        /// Its kind.
        payment_type: PaymentType,
        /// Who processes it, such as `stripe`; those of `shopify_payments` cannot be changed here.
        processor_name: String,
        /// What is known of the card or account.
        payment_details: PaymentDetails,
        /// Who pays.
        billing_address: PostalAddress,
        /// Whether it can be charged.
        status: PaymentMethodStatus,
        /// Why it cannot; `None` where it can.
        status_reason: Option<String>,
        /// When it was added.
        created_at: Option<Timestamp>,
        /// When it last changed.
        updated_at: Option<Timestamp>,
        /// What was asked for along with it.
        include: PaymentMethodInclude,
    }
}

upstream! {
    /// What is known of a card or account; often nothing.
    pub struct PaymentDetails {
        /// The card's brand, such as `visa`.
        brand: Option<String>,
        /// The last month of validity, 1 to 12.
        exp_month: Option<u32>,
        /// The last year of validity, four digits.
        exp_year: Option<i32>,
        /// The last four digits.
        last4: Option<String>,
        /// The PayPal account.
        paypal_email: Option<String>,
        /// The wallet that holds the card, such as `apple_pay`.
        wallet_type: Option<String>,
        /// `credit`, `debit` or `prepaid`.
        funding_type: Option<String>,
    }
}

upstream! {
    /// What comes inside a payment method when it is asked for; empty otherwise.
    pub struct PaymentMethodInclude {
        /// The addresses it pays for.
        addresses: Vec<Address>,
    }
}

open_enum! {
    /// The kind of a payment method.
    pub enum PaymentType {
        /// A card.
        CreditCard = "CREDIT_CARD",
        /// PayPal.
        Paypal = "PAYPAL",
        /// PayPal Express.
        PaypalExpress = "PAYPAL_EXPRESS",
        /// Apple Pay.
        ApplePay = "APPLE_PAY",
        /// Google Pay.
        GooglePay = "GOOGLE_PAY",
        /// Shop Pay.
        ShopPay = "SHOP_PAY",
        /// Amazon Pay.
        AmazonPay = "AMAZON_PAY",
        /// SEPA direct debit.
        SepaDebit = "SEPA_DEBIT",
        /// iDEAL.
        Ideal = "IDEAL",
        /// Klarna.
        Klarna = "KLARNA",
        /// An invoice.
        Invoice = "INVOICE",
    }
}

open_enum! {
    /// Whether a payment method can be charged.
    pub enum PaymentMethodStatus {
        /// It can.
        Valid = "valid",
        /// It cannot.
        Invalid = "invalid",
        /// Nobody has tried.
        NotValidated = "not_validated",
        /// Nobody has tried, in an older word.
        Unvalidated = "unvalidated",
        /// There is nothing to charge.
        Empty = "empty",
    }
}
lenient_words!(PaymentType, PaymentMethodStatus);

impl Resource for PaymentMethod {
    const NAME: &'static str = "payment_method";
    const PLURAL: &'static str = "payment_methods";
}

upstream! {
    /// The processor's tokens behind a payment method, for calls that need them. Nothing of it
    /// ever leaves the server.
    pub struct ProcessorTokens: PaymentMethodId {
        /// Whose it is; 0, which is nobody's, where upstream does not say.
        customer_id: CustomerId,
        /// Who processes it, such as `stripe`.
        processor_name: String,
        /// The customer at the processor; empty where there is none.
        customer: Secret = "processor_customer_token",
        /// The method at the processor; empty where there is none.
        method: Secret = "processor_payment_method_token",
    }
}

impl Resource for ProcessorTokens {
    const NAME: &'static str = "payment_method";
    const PLURAL: &'static str = "payment_methods";
}

/// A card to be added, by the processor's tokens.
#[derive(Clone, Copy)]
pub struct NewMethod<'a> {
    /// Whose it will be.
    pub customer_id: CustomerId,
    /// Who processes it, such as `stripe`.
    pub processor_name: &'a str,
    /// The customer at the processor.
    pub customer_token: &'a str,
    /// The card at the processor.
    pub token: &'a str,
}

impl PaymentMethod {
    /// `POST /payment_methods`: adds a card. It pays for nothing until an address names it.
    pub fn create(method: &NewMethod<'_>) -> Request {
        let body = json!({
            "customer_id": method.customer_id.0,
            "payment_type": "CREDIT_CARD",
            "processor_name": method.processor_name,
            "processor_customer_token": method.customer_token,
            "processor_payment_method_token": method.token,
        });
        Request::post("/payment_methods", body)
    }

    /// `PUT /payment_methods/{id}`: makes it its customer's default.
    pub fn make_default(id: PaymentMethodId) -> Request {
        Request::put(format!("/payment_methods/{id}"), json!({"default": true}))
    }

    /// `PUT /payment_methods/{id}`: changes the billing address.
    pub fn update_billing(id: PaymentMethodId, address: &AddressUpdate) -> Request {
        let body = json!({"billing_address": address.body()});
        Request::put(format!("/payment_methods/{id}"), body)
    }

    /// `DELETE /payment_methods/{id}`: removes one that no address names.
    pub fn remove(id: PaymentMethodId) -> Request {
        Request::delete(format!("/payment_methods/{id}"))
    }

    /// `GET /payment_methods/{id}`. Answers any customer's: compare `customer_id`.
    pub fn retrieve(id: PaymentMethodId) -> Request {
        Request::get(format!("/payment_methods/{id}"))
    }

    /// `GET /payment_methods?customer_id=&include=addresses`.
    pub fn list(customer_id: CustomerId) -> Request {
        Request::list("/payment_methods")
            .with("customer_id", customer_id)
            .with("include", "addresses")
    }
}
