//! Upstream's refusals in the portal's words.
//!
//! Upstream explains itself in English sentences for developers, which change. They decide
//! which of the portal's own words is used and are never shown.

use protocol::{FieldError, FieldProblem, Refusal};
use recharge::{ErrorKind, UpstreamError};

use crate::plan::Stop;

/// What a refusal is about, by the key under which upstream reports it and a part of its
/// sentence, both lower case. The first row that fits counts; an empty word fits all.
const REASONS: &[(&str, &str, Refusal)] = &[
    ("processor_", "", Refusal::CardNotTaken),
    ("", "associated with addresses", Refusal::MethodInUse),
    ("date", "far enough", Refusal::TooSoon),
    ("date", "at least", Refusal::TooSoon),
    ("next_charge_scheduled_at", "past", Refusal::TooSoon),
    ("next_charge_date", "in the way", Refusal::NotMovable),
    ("next_charge_date", "", Refusal::TooSoon),
    ("date", "", Refusal::StateChanged),
    ("", "skippable", Refusal::NotSkippable),
    ("", "cannot be skipped", Refusal::NotSkippable),
    ("purchase_item", "", Refusal::StateChanged),
    ("charge", "", Refusal::StateChanged),
    ("status", "", Refusal::StateChanged),
    ("", "already", Refusal::StateChanged),
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
pub(crate) fn refusal(error: &UpstreamError) -> Stop {
    if error.kind() != ErrorKind::Invalid {
        return Refusal::Upstream.into();
    }
    let fields: Vec<FieldError> = error
        .fields
        .iter()
        .filter_map(|field| {
            // Of a payment method upstream nests what is wrong with its address.
            let path = field.path.trim_start_matches("billing_address.");
            field_error(path, &field.message.to_lowercase())
        })
        .collect();
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
    Some(FieldError {
        field: (*field).to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn told(status: u16, body: Value) -> (Refusal, Vec<(String, FieldProblem)>) {
        match refusal(&UpstreamError::parse(status, Some(&body))) {
            Stop::Refused(reason, fields) => (
                reason,
                fields.into_iter().map(|f| (f.field, f.error)).collect(),
            ),
            Stop::Noted(field, _) => panic!("{field:?}"),
            Stop::Problem(problem) => panic!("{problem:?}"),
        }
    }

    #[test]
    fn upstreams_sentences_become_the_portals_words() {
        let date = json!({"errors": {"date": ["date is not far enough in the future"]}});
        assert_eq!(told(422, date).0, Refusal::TooSoon);
        let past = json!({"errors": {"next_charge_scheduled_at": "Cannot be in the past"}});
        assert_eq!(told(422, past).0, Refusal::TooSoon);
        let charge = json!({"errors": {"charge": ["Charge has been processed"]}});
        assert_eq!(told(422, charge).0, Refusal::StateChanged);
        let zip = json!({"errors": {"zip": ["Not a valid postcode"]}});
        assert_eq!(
            told(422, zip),
            (
                Refusal::InvalidFields,
                vec![("zip".into(), FieldProblem::Postcode)]
            )
        );
        let name = json!({"errors": {"first_name": ["Shorter than minimum length 1."]}});
        assert_eq!(
            told(422, name).1,
            vec![("first_name".into(), FieldProblem::Required)]
        );
    }

    #[test]
    fn what_has_no_words_is_told_without_upstreams() {
        let unknown = json!({"errors": {"frobnication": ["<img onerror=x> went wrong"]}});
        assert_eq!(told(422, unknown), (Refusal::Upstream, Vec::new()));
        assert_eq!(
            told(403, json!({"error": "zip scope missing"})).0,
            Refusal::Upstream
        );
    }
}
