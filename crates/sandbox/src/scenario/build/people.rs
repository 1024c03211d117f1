//! Customers, their addresses and what they pay with.

use base::Date;

use super::Build;
use crate::rows::*;

impl Build {
    /// A customer.
    pub(in crate::scenario) fn customer(
        &mut self,
        first_name: &str,
        last_name: &str,
        email: &str,
    ) -> Id {
        let id = self.tables.new_id();
        self.tables.customers.insert(
            id,
            Customer {
                id,
                email: email.into(),
                first_name: first_name.into(),
                last_name: last_name.into(),
                phone: Some("+1 718 555 0117".into()),
                hash: format!("{:016x}{id:014x}", id.wrapping_mul(0x9E37_79B9_7F4A_7C15)),
                external_customer_id: Some((6_740_000_000_000 + id).to_string()),
                tax_exempt: false,
                apply_credit_to_next_recurring_charge: false,
                apply_credit_channel: None,
                backup_payment_methods_enabled: false,
                payment_method_fallback_on_failure_disabled: false,
                first_charge_processed_at: None,
                created_at: self.at,
                updated_at: self.at,
            },
        );
        id
    }

    /// An address in the name of `postal`.
    pub(in crate::scenario) fn address(
        &mut self,
        customer_id: Id,
        postal: Postal,
        payment_method_id: Option<Id>,
    ) -> Id {
        let id = self.tables.new_id();
        self.tables.addresses.insert(
            id,
            Address {
                payment_method_id,
                ..Address::new(id, customer_id, postal, self.at)
            },
        );
        id
    }

    /// A card.
    pub(in crate::scenario) fn card(
        &mut self,
        customer_id: Id,
        brand: &str,
        last4: &str,
        expires: Date,
        billing: &Postal,
    ) -> Id {
        let details = PaymentDetails::Card {
            brand: brand.into(),
            last4: last4.into(),
            exp_month: expires.month(),
            exp_year: expires.year(),
        };
        self.payment_method(customer_id, "CREDIT_CARD", "stripe", details, billing)
    }

    /// A PayPal account.
    pub(in crate::scenario) fn paypal(
        &mut self,
        customer_id: Id,
        email: &str,
        billing: &Postal,
    ) -> Id {
        let details = PaymentDetails::PayPal {
            email: email.into(),
        };
        self.payment_method(customer_id, "PAYPAL", "braintree", details, billing)
    }

    fn payment_method(
        &mut self,
        customer_id: Id,
        payment_type: &str,
        processor_name: &str,
        details: PaymentDetails,
        billing: &Postal,
    ) -> Id {
        let id = self.tables.new_id();
        let first = !self
            .tables
            .payment_methods
            .values()
            .any(|m| m.customer_id == customer_id);
        self.tables.payment_methods.insert(
            id,
            PaymentMethod {
                id,
                customer_id,
                default: first,
                payment_type: payment_type.into(),
                processor_name: processor_name.into(),
                processor_customer_token: format!("cus_{customer_id:x}"),
                processor_payment_method_token: format!("pm_{id:x}"),
                details,
                billing: billing.clone(),
                status: "valid".into(),
                status_reason: None,
                created_at: self.at,
                updated_at: self.at,
            },
        );
        id
    }
}

/// A postal address.
pub(in crate::scenario) fn postal(
    name: (&str, &str),
    address1: &str,
    city: &str,
    province: Option<&str>,
    zip: &str,
    country: &str,
) -> Postal {
    Postal {
        first_name: Some(name.0.into()),
        last_name: Some(name.1.into()),
        company: None,
        address1: Some(address1.into()),
        address2: None,
        city: Some(city.into()),
        province: province.map(str::to_owned),
        zip: Some(zip.into()),
        country_code: Some(country.into()),
        phone: None,
    }
}
