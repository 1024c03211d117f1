//! States and values as words: one place for what a customer reads of them.

use protocol::view::{
    DeliveryState, Failure as PaymentFailure, FailureReason, Lock, PaymentKind, PaymentLine,
    PaymentMethodState, PaymentState, SubscriptionCard, SubscriptionState,
};
use protocol::{
    Date, FieldError, FieldProblem, Interval, LINK_PAUSE_MINUTES, ProblemKind, Refusal, Unit,
};

use crate::backend::Failure;
use crate::i18n::{format, isolated, t};
use crate::ui::{Glyph, Tone};

/// A word, what it means, and its icon.
pub(crate) type Mark = (String, Tone, Glyph);

fn mark(word: &str, tone: Tone, glyph: Glyph) -> Mark {
    (word.to_owned(), tone, glyph)
}

/// A word that this version does not know, readable: `ON_HOLD` becomes `On hold`.
pub(crate) fn unknown(word: &str) -> String {
    if word.is_empty() {
        t::state_unknown().to_owned()
    } else {
        sentence(&word.to_ascii_lowercase().replace('_', " "))
    }
}

/// A product in one of its variants: "House Espresso, 1 kg".
pub(crate) fn of_variant(title: &str, variant: &str) -> String {
    let texts = [title, variant].map(short).into_iter();
    let texts: Vec<String> = texts.filter(|text| !text.is_empty()).collect();
    texts.join(t::list_comma())
}

/// The same text with a capital at its start. Words of upstream and of our own catalogue begin
/// with plain letters; knowing all the others would cost the bundle kilobytes.
pub(crate) fn sentence(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// The most characters of a text that somebody else wrote, where it stands among our own words.
const SHORT: usize = 120;

/// Text of the shop or the customer as it stands among our own words: cut where it is endless,
/// named where there is nothing to see.
pub(crate) fn short(text: &str) -> String {
    let unseen = |c: char| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if text.chars().all(unseen) {
        return t::item_untitled().to_owned();
    }
    // Marks that turn the direction would turn our own words beside it, too.
    let turns = |c: &char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let mut letters = text.chars().filter(|c| !turns(c));
    let mut shown: String = letters.by_ref().take(SHORT).collect();
    if letters.next().is_some() {
        shown.truncate(shown.trim_end().len());
        shown.push('…');
    }
    isolated(shown)
}

/// The state of a subscription.
pub(crate) fn subscription_state(state: &SubscriptionState) -> Mark {
    match state {
        SubscriptionState::Active => mark(t::subscription_active(), Tone::Ok, Glyph::Check),
        SubscriptionState::Cancelled => mark(t::subscription_cancelled(), Tone::Plain, Glyph::Stop),
        SubscriptionState::Expired => mark(t::subscription_expired(), Tone::Plain, Glyph::Clock),
        SubscriptionState::Other(word) => (unknown(word), Tone::Plain, Glyph::Info),
    }
}

/// The state of a subscription as its card has it: a pause is one, too.
pub(crate) fn card_state(card: &SubscriptionCard, today: Date) -> Mark {
    match card.paused_until {
        Some(until) => {
            let text = t::subscription_paused(&format::date(until, today));
            (text, Tone::Waiting, Glyph::Clock)
        }
        None => subscription_state(&card.state),
    }
}

/// The state of a delivery.
pub(crate) fn delivery_state(state: &DeliveryState) -> Mark {
    match state {
        DeliveryState::Planned => mark(t::delivery_planned(), Tone::Plain, Glyph::Calendar),
        DeliveryState::Skipped => mark(t::delivery_skipped(), Tone::Plain, Glyph::Skip),
        DeliveryState::Processing => mark(t::delivery_processing(), Tone::Waiting, Glyph::Parcel),
        DeliveryState::Failed => mark(t::delivery_failed(), Tone::Stop, Glyph::Alert),
        DeliveryState::Prepaid => mark(t::delivery_prepaid(), Tone::Ok, Glyph::Check),
        DeliveryState::Other(word) => (unknown(word), Tone::Plain, Glyph::Info),
    }
}

/// The state of an order or a payment.
pub(crate) fn payment_state(state: &PaymentState) -> Mark {
    match state {
        PaymentState::Success => mark(t::payment_success(), Tone::Ok, Glyph::Check),
        PaymentState::Error => mark(t::payment_error(), Tone::Stop, Glyph::Alert),
        PaymentState::Queued => mark(t::payment_queued(), Tone::Plain, Glyph::Calendar),
        PaymentState::Skipped => mark(t::payment_skipped(), Tone::Plain, Glyph::Skip),
        PaymentState::Refunded => mark(t::payment_refunded(), Tone::Plain, Glyph::Undo),
        PaymentState::PartiallyRefunded => {
            mark(t::payment_partially_refunded(), Tone::Plain, Glyph::Undo)
        }
        PaymentState::PendingManualPayment => {
            mark(t::payment_pending_manual(), Tone::Attention, Glyph::Clock)
        }
        PaymentState::Pending => mark(t::payment_pending(), Tone::Waiting, Glyph::Clock),
        PaymentState::Cancelled => mark(t::payment_cancelled(), Tone::Plain, Glyph::Stop),
        PaymentState::Other(word) => (unknown(word), Tone::Plain, Glyph::Info),
    }
}

/// Whether a payment method can be charged.
pub(crate) fn method_state(state: &PaymentMethodState) -> Mark {
    match state {
        PaymentMethodState::Valid => mark(t::method_valid(), Tone::Ok, Glyph::Check),
        PaymentMethodState::Invalid => mark(t::method_invalid(), Tone::Stop, Glyph::Alert),
        PaymentMethodState::Unvalidated => mark(t::method_unvalidated(), Tone::Plain, Glyph::Info),
        PaymentMethodState::Other(word) => (unknown(word), Tone::Plain, Glyph::Info),
    }
}

/// What a payment method is called in a line: "Visa 4242", "PayPal a•••@b.c", and more where another
/// is called the same.
pub(crate) fn payment_line(line: &PaymentLine) -> String {
    let kind = match &line.kind {
        PaymentKind::Card => t::kind_card().to_owned(),
        PaymentKind::Paypal => "PayPal".to_owned(),
        PaymentKind::ApplePay => "Apple Pay".to_owned(),
        PaymentKind::GooglePay => "Google Pay".to_owned(),
        PaymentKind::ShopPay => "Shop Pay".to_owned(),
        PaymentKind::Sepa => t::kind_sepa().to_owned(),
        PaymentKind::Other(word) => unknown(word),
    };
    let brand = line.brand.as_deref().map(brand);
    let name = match (&line.kind, brand) {
        (PaymentKind::Card, Some(brand)) => brand,
        (_, Some(brand)) => [kind, brand].join(t::list_comma()),
        (_, None) => kind,
    };
    let number = line.last4.as_deref().or(line.account.as_deref());
    let mut text = [name.as_str(), number.unwrap_or_default()].join(" ");
    if line.alike {
        let expiry = line.expiry.map(|(year, month)| {
            let expiry = format::card_expiry(month, year.unsigned_abs());
            t::payment_expires_then(&expiry)
        });
        let added = line.added.map(format::date_with_year);
        let added = added.map(|added| t::payment_added(&added));
        if let Some(apart) = added.or(expiry) {
            text.extend([" (", &apart, ")"]);
        }
    }
    short(text.trim_end())
}

fn brand(word: &str) -> String {
    match word {
        "american_express" | "amex" => "American Express".to_owned(),
        "mastercard" => "Mastercard".to_owned(),
        "jcb" => "JCB".to_owned(),
        other => unknown(other),
    }
}

/// "every 4 weeks".
pub(crate) fn interval(interval: Interval) -> String {
    let every = interval.every as usize;
    match interval.unit {
        Unit::Day => t::interval_day(every),
        Unit::Week => t::interval_week(every),
        Unit::Month => t::interval_month(every),
    }
}

/// Why nothing about a delivery can be changed.
pub(crate) fn lock(lock: &Lock) -> String {
    match lock {
        Lock::CutOff => t::lock_cut_off(),
        Lock::Updating => t::lock_updating(),
        Lock::Processing => t::lock_processing(),
        Lock::Other(_) => t::lock_other(),
    }
    .to_owned()
}

/// What a failed payment means and what to do.
pub(crate) fn payment_failure(failure: &PaymentFailure, today: Date) -> String {
    let why = match failure.reason {
        FailureReason::Card => t::failure_card(),
        FailureReason::CardUpdated => t::failure_card_updated(),
        FailureReason::Stock => t::failure_stock(),
        FailureReason::GivenUp => t::failure_given_up(),
        FailureReason::Payment | FailureReason::Other(_) => t::failure_payment(),
    };
    match failure.retry_on {
        Some(date) => [why, &t::failure_retry(&format::date(date, today))].join(" "),
        None => why.to_owned(),
    }
}

/// What is wrong with a field.
pub(crate) fn field(error: &FieldError, example: &str) -> String {
    match &error.error {
        FieldProblem::Required => t::field_required().to_owned(),
        FieldProblem::Characters => t::field_characters().to_owned(),
        FieldProblem::TooLong => match error.limit {
            Some(most) => t::field_longer_than(&format::integer(most as usize)),
            None => t::field_too_long().to_owned(),
        },
        FieldProblem::OutOfRange => t::field_out_of_range().to_owned(),
        FieldProblem::Postcode if example.is_empty() => t::field_postcode().to_owned(),
        FieldProblem::Postcode => t::field_postcode_like(example),
        FieldProblem::TaxId => t::field_tax_id().to_owned(),
        FieldProblem::Province => t::field_province().to_owned(),
        FieldProblem::Country => t::field_country().to_owned(),
        FieldProblem::Email => t::field_email().to_owned(),
        FieldProblem::Code => t::field_code().to_owned(),
        FieldProblem::Unchanged => t::field_unchanged().to_owned(),
        FieldProblem::DiscountUnknown => t::field_discount_unknown().to_owned(),
        FieldProblem::DiscountBlocked => t::field_discount_blocked().to_owned(),
        FieldProblem::DiscountDisabled => t::field_discount_disabled().to_owned(),
        FieldProblem::DiscountNotYet => t::field_discount_not_yet().to_owned(),
        FieldProblem::DiscountExpired => t::field_discount_expired().to_owned(),
        FieldProblem::DiscountUsedUp => t::field_discount_used_up().to_owned(),
        FieldProblem::DiscountUsedBefore => t::field_discount_used_before().to_owned(),
        FieldProblem::DiscountNewCustomers => t::field_discount_new_customers().to_owned(),
        FieldProblem::DiscountMinimum => t::field_discount_minimum().to_owned(),
        FieldProblem::DiscountNotCombinable => t::field_discount_not_combinable().to_owned(),
        FieldProblem::Refused | FieldProblem::Other(_) => t::field_refused().to_owned(),
    }
}

/// Why a change was refused, and what to do.
pub(crate) fn refusal(refusal: &Refusal) -> String {
    let text = match refusal {
        Refusal::InvalidFields => t::refusal_invalid_fields(),
        Refusal::AddressInUse => t::refusal_address_in_use(),
        Refusal::TooSoon => t::refusal_too_soon(),
        Refusal::ClosedDate => t::refusal_closed_date(),
        Refusal::Locked => t::refusal_locked(),
        Refusal::NotOffered => t::refusal_not_offered(),
        Refusal::CutOffPassed => t::refusal_cut_off_passed(),
        Refusal::StateChanged => t::refusal_state_changed(),
        Refusal::NotSkippable => t::refusal_not_skippable(),
        Refusal::NotMovable => t::refusal_not_movable(),
        Refusal::NotGivable => t::refusal_not_givable(),
        Refusal::AmountChanged => t::refusal_amount_changed(),
        Refusal::PaymentDeclined => t::refusal_payment_declined(),
        Refusal::NotShippable => t::refusal_not_shippable(),
        Refusal::NoPaymentMethod => t::refusal_no_payment_method(),
        Refusal::MethodInUse => t::refusal_method_in_use(),
        Refusal::ByLinkOnly => t::refusal_by_link_only(),
        Refusal::NoProcessorAccount => t::refusal_no_processor_account(),
        Refusal::CardNotTaken => t::refusal_card_not_taken(),
        Refusal::EmailInUse => t::refusal_email_in_use(),
        Refusal::Unconfirmed => t::refusal_unconfirmed(),
        Refusal::PaymentOverdue => t::refusal_payment_overdue(),
        Refusal::TooOften => return t::refusal_too_often(LINK_PAUSE_MINUTES as usize),
        Refusal::PauseTooLong | Refusal::PauseLimit | Refusal::SkipLimit => t::refusal_locked(),
        Refusal::NoLongerSold => t::refusal_no_longer_sold(),
        Refusal::SoldOut => t::refusal_sold_out(),
        Refusal::StillPending => t::refusal_still_pending(),
        Refusal::CodeExpired => t::refusal_code_expired(),
        Refusal::CodeNeeded => t::refusal_code_needed(),
        Refusal::NotPrepared => t::refusal_not_prepared(),
        Refusal::Unavailable => t::refusal_unavailable(),
        Refusal::Upstream | Refusal::Other(_) => t::refusal_upstream(),
    };
    text.to_owned()
}

/// What went wrong, what to do, and the reference for it; may be empty.
pub(crate) struct FailureWords {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) reference: String,
}

/// Why there is no answer.
pub(crate) fn failure(failure: &Failure) -> FailureWords {
    let Failure::Problem(problem) = failure else {
        return FailureWords {
            title: t::trouble_lost_title().to_owned(),
            text: t::trouble_lost_text().to_owned(),
            reference: String::new(),
        };
    };
    let (title, text) = match problem.kind {
        ProblemKind::SessionEnded => (t::ended_title(), t::ended_text()),
        ProblemKind::SwitchedOff => (t::trouble_off_title(), t::trouble_off_text()),
        ProblemKind::NotFound => (t::trouble_not_found_title(), t::not_found_text()),
        ProblemKind::StillChecking => (t::trouble_checking_title(), t::trouble_checking_text()),
        ProblemKind::TooManyRequests | ProblemKind::Unavailable | ProblemKind::Upstream => {
            (t::trouble_busy_title(), t::trouble_busy_text())
        }
        _ => (t::trouble_internal_title(), t::trouble_internal_text()),
    };
    FailureWords {
        title: title.to_owned(),
        text: text.to_owned(),
        reference: problem.reference.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_this_version_does_not_know_is_shown_as_its_text() {
        let state = PaymentState::from("on_hold");
        assert_eq!(payment_state(&state).0, "On hold");
        assert_ne!(payment_state(&PaymentState::from("")).0, "");
    }

    #[test]
    fn text_of_others_is_never_endless_and_never_invisible() {
        assert_eq!(short(&"ä".repeat(10_000)).chars().count(), SHORT + 1);
        assert_eq!(short("\u{200b}\u{202e} "), t::item_untitled());
        assert_eq!(short("Oat milk"), "Oat milk");
        assert_eq!(short("\u{202e}klim\u{202c}"), "klim");
    }

    #[test]
    fn every_known_payment_state_has_a_word_of_its_own() {
        let words = [
            "success",
            "error",
            "queued",
            "skipped",
            "refunded",
            "partially_refunded",
            "pending_manual_payment",
            "pending",
            "cancelled",
        ];
        let shown: std::collections::BTreeSet<String> = words
            .iter()
            .map(|word| payment_state(&PaymentState::from(*word)).0)
            .collect();
        assert_eq!(shown.len(), words.len());
    }

    #[test]
    fn a_payment_method_is_named_as_its_owner_would() {
        let line = |kind: &str, brand: Option<&str>, last4: Option<&str>| PaymentLine {
            id: Default::default(),
            kind: kind.into(),
            brand: brand.map(Into::into),
            last4: last4.map(Into::into),
            expiry: None,
            account: None,
            alike: false,
            added: None,
        };
        assert_eq!(
            payment_line(&line("CREDIT_CARD", Some("visa"), Some("4242"))),
            "Visa 4242"
        );
        assert_eq!(
            payment_line(&line("APPLE_PAY", None, Some("1111"))),
            "Apple Pay 1111"
        );
        assert_eq!(payment_line(&line("CASH_APP", None, None)), "Cash app");
        let alike = PaymentLine {
            alike: true,
            expiry: Some((2028, 8)),
            ..line("CREDIT_CARD", Some("visa"), Some("4242"))
        };
        assert_eq!(payment_line(&alike), "Visa 4242 (expires 08/28)");
    }
}
