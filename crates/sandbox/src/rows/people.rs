//! Customers and what belongs to them: addresses and payment methods.

use base::{Currency, Money};
use serde::Serialize;
use serde_json::{Value, json};

use super::Id;

/// A customer of the shop.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Customer {
    pub(crate) id: Id,
    pub(crate) email: String,
    pub(crate) first_name: String,
    pub(crate) last_name: String,
    pub(crate) phone: Option<String>,
    pub(crate) hash: String,
    pub(crate) external_customer_id: Option<String>,
    pub(crate) tax_exempt: bool,
    pub(crate) apply_credit_to_next_recurring_charge: bool,
    /// How the wish to use credit was made, such as `customer_portal`.
    pub(crate) apply_credit_channel: Option<String>,
    pub(crate) backup_payment_methods_enabled: bool,
    pub(crate) payment_method_fallback_on_failure_disabled: bool,
    pub(crate) first_charge_processed_at: Option<i64>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// A postal address, of a delivery or of a bill.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub(crate) struct Postal {
    pub(crate) first_name: Option<String>,
    pub(crate) last_name: Option<String>,
    pub(crate) company: Option<String>,
    pub(crate) address1: Option<String>,
    pub(crate) address2: Option<String>,
    pub(crate) city: Option<String>,
    pub(crate) province: Option<String>,
    pub(crate) zip: Option<String>,
    pub(crate) country_code: Option<String>,
    pub(crate) phone: Option<String>,
}

/// An address: where purchase items go, and what pays for them.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Address {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) payment_method_id: Option<Id>,
    pub(crate) postal: Postal,
    pub(crate) discount_id: Option<Id>,
    /// Paid charges that used the discount since it was put here.
    pub(crate) discount_uses: u32,
    pub(crate) order_attributes: Value,
    pub(crate) order_note: Option<String>,
    pub(crate) presentment_currency: Option<Currency>,
    /// The one shipping line that takes the place of the shipping table's.
    pub(crate) shipping_override: Option<ShippingOverride>,
    pub(crate) is_gift: bool,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Address {
    /// A new one, that nothing pays for yet.
    pub(crate) fn new(id: Id, customer_id: Id, postal: Postal, now: i64) -> Address {
        Address {
            id,
            customer_id,
            payment_method_id: None,
            postal,
            discount_id: None,
            discount_uses: 0,
            order_attributes: json!([]),
            order_note: None,
            presentment_currency: None,
            shipping_override: None,
            is_gift: false,
            created_at: now,
            updated_at: now,
        }
    }
}

/// How things go to an address, as somebody chose it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct ShippingOverride {
    pub(crate) code: String,
    pub(crate) title: String,
    pub(crate) price: Money,
}

/// A card, a wallet or an account that pays.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct PaymentMethod {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) default: bool,
    pub(crate) payment_type: String,
    pub(crate) processor_name: String,
    pub(crate) processor_customer_token: String,
    pub(crate) processor_payment_method_token: String,
    pub(crate) details: PaymentDetails,
    pub(crate) billing: Postal,
    /// What the processor last said: `valid`, `invalid` or `not_validated`.
    pub(crate) status: String,
    pub(crate) status_reason: Option<String>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

/// What may be shown of a payment method.
#[derive(Debug, Clone, Serialize)]
pub(crate) enum PaymentDetails {
    Card {
        brand: String,
        last4: String,
        exp_month: u32,
        exp_year: i32,
    },
    PayPal {
        email: String,
    },
}
