//! Payment method.

use serde_json::{Value, json};

use crate::clock::stamp_bare;
use crate::postal::country_name;
use crate::rows::*;
use crate::serialise::{address, merge, postal};

/// The payment method, with the empty `include` that upstream always writes.
pub(crate) fn payment_method(row: &PaymentMethod) -> Value {
    let country = row.billing.country_code.as_deref().map(country_name);
    json!({
        "id": row.id,
        "customer_id": row.customer_id,
        "billing_address": merge(postal(&row.billing), json!({"country": country})),
        "created_at": stamp_bare(row.created_at),
        "default": row.default,
        "include": {},
        "payment_details": details(&row.details),
        "payment_type": row.payment_type,
        "processor_customer_token": row.processor_customer_token,
        "processor_name": row.processor_name,
        "processor_payment_method_token": row.processor_payment_method_token,
        "status": row.status,
        "status_reason": row.status_reason,
        "updated_at": stamp_bare(row.updated_at),
    })
}

/// The payment method with the addresses it pays for.
pub(crate) fn with_addresses(tables: &Tables, row: &PaymentMethod) -> Value {
    let paid = tables
        .addresses
        .values()
        .filter(|a| a.payment_method_id == Some(row.id));
    let addresses: Vec<Value> = paid.map(|a| address::address(tables, a)).collect();
    merge(
        payment_method(row),
        json!({"include": {"addresses": addresses}}),
    )
}

/// The short form of the delivery schedule.
pub(crate) fn brief(row: &PaymentMethod) -> Value {
    json!({
        "id": row.id,
        "payment_type": row.payment_type,
        "billing_address": postal(&row.billing),
        "payment_details": details(&row.details),
    })
}

fn details(details: &PaymentDetails) -> Value {
    match details {
        PaymentDetails::Card {
            brand,
            last4,
            exp_month,
            exp_year,
        } => json!({
            "brand": brand,
            "exp_month": exp_month,
            "exp_year": exp_year,
            "last4": last4,
        }),
        PaymentDetails::PayPal { email } => {
            json!({"paypal_email": email, "paypal_payer_id": "ALDERFINCH42"})
        }
    }
}
