//! Upstream's refusals in the portal's words.
//!
//! Upstream explains itself in English sentences for developers, which change. They decide
//! which of the portal's own words is used and are never shown.

use protocol::{FieldError, FieldProblem, Refusal};
use recharge::{ErrorKind, UpstreamError};

use crate::plan::Halt;

/// What a refusal is about, by the key under which upstream reports it and a part of its
/// sentence, both lower case. The first row that fits counts; an empty word fits all.
const REASONS: &[(&str, &str, Refusal)] = &[
    ("", "existing error charge", Refusal::PaymentOverdue),
    ("email", "already", Refusal::EmailInUse),
    ("processor_name", "read-only", Refusal::ByLinkOnly),
    ("processor_", "", Refusal::CardNotTaken),
    ("subscriptions", "address has", Refusal::AddressInUse),
    ("charges", "address has", Refusal::AddressInUse),
    ("", "associated with addresses", Refusal::MethodInUse),
    ("date", "far enough", Refusal::TooSoon),
    ("date", "at least", Refusal::TooSoon),
    ("next_charge_scheduled_at", "past", Refusal::TooSoon),
    ("next_charge_date", "in the way", Refusal::NotMovable),
    ("next_charge_date", "", Refusal::TooSoon),
    ("next_charge_scheduled_at", "", Refusal::StateChanged),
    ("date", "", Refusal::StateChanged),
    ("", "skippable", Refusal::NotSkippable),
    ("", "not be skipped", Refusal::NotSkippable),
    ("", "not be given away", Refusal::NotGivable),
    ("", "declined", Refusal::PaymentDeclined),
    ("", "inventory", Refusal::SoldOut),
    ("charge_interval", "", Refusal::NotOffered),
    ("order_interval", "", Refusal::NotOffered),
    ("plan_id", "", Refusal::NotOffered),
    ("add_to_next_charge", "", Refusal::StateChanged),
    ("address_id", "", Refusal::StateChanged),
    ("purchase_item", "", Refusal::StateChanged),
    ("charge", "", Refusal::StateChanged),
    ("status", "", Refusal::StateChanged),
    ("", "already", Refusal::StateChanged),
    ("", "not active", Refusal::StateChanged),
    ("", "not a bundle", Refusal::StateChanged),
    ("items", "", Refusal::NoLongerSold),
    ("", "payment method", Refusal::NoPaymentMethod),
    ("payment_method", "", Refusal::NoPaymentMethod),
    ("shipping", "", Refusal::NotShippable),
    ("", "ship to", Refusal::NotShippable),
    ("external_variant_id", "", Refusal::NoLongerSold),
    ("external_product_id", "", Refusal::NoLongerSold),
];

/// Fields of the portal's forms, by upstream's names for them.
const FIELDS: &[(&str, &str, FieldProblem)] = &[
    ("first_name", "first_name", FieldProblem::Refused),
    ("last_name", "last_name", FieldProblem::Refused),
    ("company", "company", FieldProblem::Refused),
    ("address1", "address1", FieldProblem::Refused),
    ("address2", "address2", FieldProblem::Refused),
    ("city", "city", FieldProblem::Refused),
    ("province", "province", FieldProblem::Province),
    ("zip", "zip", FieldProblem::Postcode),
    ("country_code", "country_code", FieldProblem::Country),
    ("phone", "phone", FieldProblem::Refused),
    ("quantity", "quantity", FieldProblem::Refused),
    ("details.ranges", "items", FieldProblem::OutOfRange),
    ("discounts", "code", FieldProblem::DiscountUnknown),
    ("discount_code", "code", FieldProblem::DiscountUnknown),
    ("cancellation_reason", "reason", FieldProblem::Refused),
    (
        "cancellation_reason_comments",
        "comment",
        FieldProblem::Refused,
    ),
];

/// Parts of sentences that say the same of any field, lower case.
const COMPLAINTS: &[(&str, FieldProblem)] = &[
    ("missing data", FieldProblem::Required),
    ("may not be null", FieldProblem::Required),
    ("required", FieldProblem::Required),
    ("blank", FieldProblem::Required),
    ("shorter than", FieldProblem::Required),
    ("longer than", FieldProblem::TooLong),
    ("too long", FieldProblem::TooLong),
    ("not active yet", FieldProblem::DiscountNotYet),
    ("expired", FieldProblem::DiscountExpired),
    ("usage limit", FieldProblem::DiscountUsedUp),
    ("once per customer", FieldProblem::DiscountUsedBefore),
    ("first time customer", FieldProblem::DiscountNewCustomers),
    ("minimum subtotal", FieldProblem::DiscountMinimum),
    ("already applied", FieldProblem::DiscountNotCombinable),
    ("discount is disabled", FieldProblem::DiscountDisabled),
];

/// What the customer is told where upstream refused a write.
pub(crate) fn refusal(error: &UpstreamError) -> Halt {
    if error.kind() != ErrorKind::Invalid {
        return Refusal::Upstream.into();
    }
    let mut fields: Vec<FieldError> = error
        .fields
        .iter()
        .filter_map(|field| {
            // Of a payment method upstream nests what is wrong with its address.
            let path = field.path.trim_start_matches("billing_address.");
            field_error(path, &field.message.to_lowercase())
        })
        .collect();
    fields.dedup();
    if !fields.is_empty() {
        return fields.into();
    }
    let whole = error.messages.iter().map(|message| ("", message));
    let said = error
        .fields
        .iter()
        .map(|field| (field.path.as_str(), &field.message));
    let reason = said
        .chain(whole)
        .find_map(|(path, message)| reason(path, &message.to_lowercase()));
    reason.unwrap_or(Refusal::Upstream).into()
}

fn reason(path: &str, message: &str) -> Option<Refusal> {
    let fits = |(key, words, _): &&(&str, &str, Refusal)| {
        path.starts_with(*key) && message.contains(*words)
    };
    REASONS
        .iter()
        .find(fits)
        .map(|(_, _, reason)| reason.clone())
}

fn field_error(path: &str, message: &str) -> Option<FieldError> {
    let (_, field, usual) = FIELDS.iter().find(|(name, _, _)| *name == path)?;
    let complaint = COMPLAINTS.iter().find(|(words, _)| message.contains(words));
    let error = complaint.map_or(usual, |(_, error)| error).clone();
    Some(FieldError::new(*field, error))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(status: u16, body: Value) -> (Refusal, Vec<(String, FieldProblem)>) {
        match refusal(&UpstreamError::parse(status, Some(&body))) {
            Halt::Refused(reason, fields) => (
                reason,
                fields.into_iter().map(|f| (f.field, f.error)).collect(),
            ),
            Halt::RejectedWithFact(field, _) => panic!("{field:?}"),
            Halt::Problem(problem) => panic!("{problem:?}"),
        }
    }

    /// What upstream says, under which key, and the word the customer gets for it.
    #[test]
    fn upstreams_sentences_become_the_portals_words() {
        let far = "date is not far enough in the future";
        let intervals = "when passing order_interval_unit provide charge_interval_frequency and \
                      order_interval_frequency to update the interval information";
        let in_use = "Can not delete payment method associated with addresses";
        for (key, sentence, expected) in [
            ("date", far, Refusal::TooSoon),
            ("date", "Must be at least one day ahead", Refusal::TooSoon),
            (
                "date",
                "No charge is scheduled on this date",
                Refusal::StateChanged,
            ),
            (
                "next_charge_scheduled_at",
                "Cannot be in the past",
                Refusal::TooSoon,
            ),
            ("next_charge_date", far, Refusal::TooSoon),
            (
                "next_charge_date",
                "Another charge of this subscription is in the way",
                Refusal::NotMovable,
            ),
            (
                "email",
                "email already exists on store",
                Refusal::EmailInUse,
            ),
            (
                "subscriptions",
                "Address has active subscriptions",
                Refusal::AddressInUse,
            ),
            ("charges", "Address has charges", Refusal::AddressInUse),
            ("address", in_use, Refusal::MethodInUse),
            (
                "processor_customer_token",
                "Not found",
                Refusal::CardNotTaken,
            ),
            (
                "processor_name",
                "shopify_payments payment methods are read-only",
                Refusal::ByLinkOnly,
            ),
            ("payment_method_id", "Not found", Refusal::NoPaymentMethod),
            (
                "general",
                "You must remove/fix existing error charges first before adding products.",
                Refusal::PaymentOverdue,
            ),
            ("charge_interval_unit_type", intervals, Refusal::NotOffered),
            ("plan_id", "Not found", Refusal::NotOffered),
            ("external_variant_id", "Not found", Refusal::NoLongerSold),
            (
                "charge",
                "Prepaid subscriptions can not be skipped",
                Refusal::NotSkippable,
            ),
            (
                "charge",
                "Only queued charges can be skipped",
                Refusal::StateChanged,
            ),
            (
                "charge",
                "This delivery can not be given away",
                Refusal::NotGivable,
            ),
            ("charge", "Charge has been processed", Refusal::StateChanged),
            (
                "charge",
                "Your card was declined.",
                Refusal::PaymentDeclined,
            ),
            (
                "charge",
                "Inventory unavailable S / Black",
                Refusal::SoldOut,
            ),
            (
                "status",
                "Subscription is already cancelled",
                Refusal::StateChanged,
            ),
            (
                "purchase_item_ids",
                "Purchase items are not on this charge",
                Refusal::StateChanged,
            ),
            (
                "add_to_next_charge",
                "No queued charge on this address",
                Refusal::StateChanged,
            ),
            ("address_id", "Not found", Refusal::StateChanged),
            (
                "shipping_address",
                "We do not ship to this country",
                Refusal::NotShippable,
            ),
        ] {
            for said in [json!(sentence), json!([sentence])] {
                let told = told(422, json!({"errors": {key: said}}));
                assert_eq!(told, (expected.clone(), Vec::new()), "{key}: {sentence}");
            }
        }
    }

    /// The same of the fields of the portal's forms.
    #[test]
    fn what_is_said_of_a_field_stands_at_the_field() {
        let field = |key: &str, said: &str| match key {
            "billing_address" => json!({"errors": {key: {"address1": [said]}}}),
            _ => json!({"errors": {key: [said]}}),
        };
        for (key, sentence, at, expected) in [
            ("zip", "Not a valid postcode", "zip", FieldProblem::Postcode),
            (
                "zip",
                "country_code and zip must be provided together",
                "zip",
                FieldProblem::Postcode,
            ),
            (
                "first_name",
                "Shorter than minimum length 1.",
                "first_name",
                FieldProblem::Required,
            ),
            (
                "address1",
                "Field may not be null.",
                "address1",
                FieldProblem::Required,
            ),
            (
                "billing_address",
                "Field may not be null.",
                "address1",
                FieldProblem::Required,
            ),
            (
                "province",
                "Kent is not a valid province for country US.",
                "province",
                FieldProblem::Province,
            ),
            (
                "country_code",
                "Not a valid country code.",
                "country_code",
                FieldProblem::Country,
            ),
            (
                "cancellation_reason",
                "Missing data for required field.",
                "reason",
                FieldProblem::Required,
            ),
            (
                "cancellation_reason_comments",
                "Longer than maximum length 1024.",
                "comment",
                FieldProblem::TooLong,
            ),
            (
                "discount_code",
                "Discount code not found",
                "code",
                FieldProblem::DiscountUnknown,
            ),
            (
                "discount_code",
                "A discount is already applied to the charge or its address",
                "code",
                FieldProblem::DiscountNotCombinable,
            ),
            (
                "discounts",
                "Discount has expired",
                "code",
                FieldProblem::DiscountExpired,
            ),
            (
                "quantity",
                "Must be greater than or equal to 1.",
                "quantity",
                FieldProblem::Refused,
            ),
        ] {
            assert_eq!(
                told(422, field(key, sentence)),
                (Refusal::InvalidFields, vec![(at.into(), expected)]),
                "{key}: {sentence}"
            );
        }
    }

    #[test]
    fn a_box_of_another_size_is_told_at_its_items() {
        let body = json!({"errors": {
            "message": "Bundle selection is out of range",
            "details": {"ranges": [[3, 5], [8, 8]]},
        }});
        let expected = vec![("items".to_owned(), FieldProblem::OutOfRange)];
        assert_eq!(told(422, body), (Refusal::InvalidFields, expected));
    }

    #[test]
    fn what_has_no_words_is_told_without_upstreams() {
        let all = "city, country_code, first_name, province, last_name, customer_id, address1 are \
                   required fields.";
        for unknown in [
            json!({"errors": {"frobnication": ["<img onerror=x> went wrong"]}}),
            // It names every field, whichever is missing.
            json!({"errors": {"_schema": [all, all]}}),
        ] {
            assert_eq!(told(422, unknown), (Refusal::Upstream, Vec::new()));
        }
        assert_eq!(
            told(403, json!({"error": "zip scope missing"})).0,
            Refusal::Upstream
        );
    }
}
