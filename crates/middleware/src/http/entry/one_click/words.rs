//! A change in words: what the catalog says of it, with dates and amounts as a page without a script
//! can write them.

use std::collections::BTreeSet;

use intl_pluralrules::operands::PluralOperands;
use intl_pluralrules::{PluralCategory, PluralRuleType, PluralRules};
use protocol::view::{PaymentKind, PaymentLine, Preview, PreviewLine, Topic, Value};
use protocol::{Date, Interval, Money, Operation, Refusal, Unit};
use unic_langid::LanguageIdentifier;

use crate::config::operation_name;
use crate::messages::{self, Language, Text};

/// A text in a language.
type Say = fn(&Language) -> Text;

/// What a link can do, and how it asks: nothing that needs a secret or a card.
pub(super) const QUESTIONS: [(Operation, Say); 14] = [
    (Operation::SkipDelivery, messages::page_change_skip_delivery),
    (
        Operation::UnskipDelivery,
        messages::page_change_unskip_delivery,
    ),
    (
        Operation::RescheduleDelivery,
        messages::page_change_reschedule_delivery,
    ),
    (
        Operation::ProcessDelivery,
        messages::page_change_process_delivery,
    ),
    (
        Operation::ApplyDeliveryDiscount,
        messages::page_change_apply_delivery_discount,
    ),
    (Operation::AddOnetime, messages::page_change_add_onetime),
    (Operation::ChangeDate, messages::page_change_change_date),
    (
        Operation::ChangeFrequency,
        messages::page_change_change_frequency,
    ),
    (
        Operation::ChangeQuantity,
        messages::page_change_change_quantity,
    ),
    (Operation::SwapProduct, messages::page_change_swap_product),
    (
        Operation::PauseSubscription,
        messages::page_change_pause_subscription,
    ),
    (
        Operation::ResumeSubscription,
        messages::page_change_resume_subscription,
    ),
    (
        Operation::CancelSubscription,
        messages::page_change_cancel_subscription,
    ),
    (
        Operation::ReactivateSubscription,
        messages::page_change_reactivate_subscription,
    ),
];

/// What the customer is asked, such as "Skip this delivery?".
pub(super) fn question(language: &Language, operation: Operation) -> Text {
    let mut questions = QUESTIONS.iter();
    match questions.find(|(known, _)| *known == operation) {
        Some((_, question)) => question(language),
        None => messages::page_change_title(language),
    }
}

/// What happened, such as "Skipped a delivery".
pub(super) fn done(language: &Language, operation: Operation) -> Text {
    let key = format!("changed.{}", operation_name(operation));
    language
        .by_key(&key)
        .unwrap_or_else(|| messages::page_change_title(language))
}

/// Why nothing was changed.
pub(super) fn refusal(language: &Language, reason: Option<&Refusal>) -> Text {
    let of_reason = reason.and_then(|reason| {
        let name = serde_json::to_value(reason).ok()?;
        language.by_key(&format!("refusal.{}", name.as_str()?))
    });
    of_reason.unwrap_or_else(|| messages::page_change_refused_text(language))
}

/// What would change, line by line, and what the customer should know before.
pub(super) fn facts(language: &Language, preview: &Preview) -> Vec<(String, String)> {
    let word = |key: &str| language.by_key(key).map(Text::into_string);
    let pays_now = preview.pays_now.map(|sum| {
        let label = word("preview.pays_now").unwrap_or_default();
        (label, money(language, sum))
    });
    let lines = preview.lines.iter();
    // What is paid for now is on its way: its day is not lost.
    let lines = lines
        .filter(|line| preview.pays_now.is_none() || line.topic != Topic::Deliveries)
        .flat_map(|line| line_facts(language, line));
    let cautions = preview.cautions.iter().filter_map(|caution| {
        let text = word(&format!("caution.{}", caution.as_str()))?;
        Some((String::new(), text))
    });
    pays_now.into_iter().chain(lines).chain(cautions).collect()
}

/// What pays, in a line: nobody else needs to know more of it.
pub(super) fn payment(language: &Language, payment: &PaymentLine) -> (String, String) {
    let label = language.by_key("preview.payment").map(Text::into_string);
    let kind = match &payment.kind {
        PaymentKind::Card => language.by_key("kind.card").map(Text::into_string),
        PaymentKind::Sepa => language.by_key("kind.sepa").map(Text::into_string),
        PaymentKind::Paypal => Some("PayPal".to_owned()),
        _ => None,
    };
    let brand = payment.brand.as_deref().map(name);
    let called = brand.or(kind);
    let called = called.unwrap_or_else(|| name(payment.kind.as_str()));
    let number = payment.last4.as_deref().or(payment.account.as_deref());
    let text = [&called, number.unwrap_or_default()].join(" ");
    let text = match payment.expiry.filter(|_| payment.alike) {
        Some((year, month)) => format!("{text} ({month:02}/{:02})", year.rem_euclid(100)),
        None => text,
    };
    (label.unwrap_or_default(), text.trim_end().to_owned())
}

/// `Visa` for `visa`, `Apple Pay` for `APPLE_PAY`.
fn name(word: &str) -> String {
    let words = word.split('_').map(|word| {
        let (first, rest) = word.split_at_checked(1).unwrap_or((word, ""));
        first.to_uppercase() + &rest.to_lowercase()
    });
    words.collect::<Vec<_>>().join(" ")
}

/// The day of a delivery.
pub(super) fn delivery(language: &Language, day: Date) -> (String, String) {
    let label = messages::page_change_delivery(language).into_string();
    (label, date(language, day))
}

/// What a change is about, by the titles of its items.
pub(super) fn items(language: &Language, titles: &[String]) -> Option<(String, String)> {
    let label = language.by_key("preview.items")?.into_string();
    (!titles.is_empty()).then(|| (label, list(language, titles)))
}

fn line_facts(language: &Language, line: &PreviewLine) -> Vec<(String, String)> {
    if line.topic != Topic::Deliveries {
        return fact(language, line).into_iter().collect();
    }
    let of = |value: &Option<Value>| match value {
        Some(Value::Dates(days)) => days.iter().copied().collect(),
        _ => BTreeSet::new(),
    };
    days(language, &of(&line.before), &of(&line.after))
}

fn fact(language: &Language, line: &PreviewLine) -> Option<(String, String)> {
    let (before, after) = (line.before.as_ref(), line.after.as_ref());
    let key = format!("preview.{}", line.topic.as_str());
    let topic = match (line.day, &line.topic) {
        (Some(day), Topic::Items | Topic::Total) => {
            let of_day = language.by_key(&format!("{key}_of"))?;
            of_day.into_string().replace("{day}", &date(language, day))
        }
        _ => language.by_key(&key)?.into_string(),
    };
    let label = match line.subject.as_str() {
        "" => topic,
        subject => format!("{subject}: {topic}"),
    };
    let label = if line.estimated {
        let estimated = language.by_key("preview.estimated")?.into_string();
        estimated.replace("{topic}", &label)
    } else {
        label
    };
    let written = |value| written(language, value);
    // What is no longer in a list is said before it.
    let before = before.filter(|value| !matches!(value, Value::Texts(_)) || after.is_none());
    let text = match (before.map(written), after.map(written)) {
        (Some(before), Some(after)) => {
            messages::page_change_from_to(language, &after, &before).into_string()
        }
        (before, after) => after.or(before)?,
    };
    Some((label, text))
}

/// The days that are gone, and those that are new.
fn days(
    language: &Language,
    before: &BTreeSet<Date>,
    after: &BTreeSet<Date>,
) -> Vec<(String, String)> {
    let told = |key: &str, days: BTreeSet<Date>| {
        let label = language.by_key(key)?.into_string();
        let days: Vec<String> = days.iter().map(|day| date(language, *day)).collect();
        (!days.is_empty()).then(|| (label, list(language, &days)))
    };
    let gone = told("preview.dates_gone", before - after);
    let new = told("preview.dates_new", after - before);
    gone.into_iter().chain(new).collect()
}

/// A value, which among words that run from right to left keeps its own direction.
fn written(language: &Language, value: &Value) -> String {
    let text = plain(language, value);
    match language.direction() {
        "rtl" => format!("\u{2068}{text}\u{2069}"),
        _ => text,
    }
}

fn plain(language: &Language, value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Texts(texts) => list(language, texts),
        Value::Date(day) => date(language, *day),
        Value::Dates(days) => {
            let days: Vec<String> = days.iter().map(|day| date(language, *day)).collect();
            list(language, &days)
        }
        Value::Money(sum) => money(language, *sum),
        Value::Interval(every) => interval(language, *every),
        Value::Count(count) => count.to_string(),
    }
}

fn list(language: &Language, items: &[String]) -> String {
    let comma = messages::page_list_separator(language);
    items.join(comma.as_str())
}

/// A day with the month in words.
fn date(language: &Language, day: Date) -> String {
    let months = messages::page_months(language);
    let month = months.as_str().split('|').nth(day.month() as usize - 1);
    let [number, year] = [day.day().to_string(), day.year().to_string()];
    messages::page_date(language, &number, month.unwrap_or_default(), &year).into_string()
}

/// An amount with the code of its currency, which every language reads.
fn money(language: &Language, sum: Money) -> String {
    let mark = messages::page_decimal(language);
    let amount = sum.amount().replace('.', mark.as_str());
    format!("{amount} {}", sum.currency().code())
}

fn interval(language: &Language, every: Interval) -> String {
    let unit = match every.unit {
        Unit::Day => "day",
        Unit::Week => "week",
        Unit::Month => "month",
    };
    let category = plural(&language.tag, every.every);
    let text = [category, "other"]
        .iter()
        .find_map(|category| language.by_key(&format!("interval.{unit}.{category}")));
    let text = text.map(Text::into_string).unwrap_or_default();
    text.replace("{count}", &every.every.to_string())
}

/// The plural category of a number in a language.
fn plural(tag: &str, count: u32) -> &'static str {
    let language = tag.split('-').next().unwrap_or_default();
    let rules = language
        .parse::<LanguageIdentifier>()
        .ok()
        .and_then(|language| PluralRules::create(language, PluralRuleType::CARDINAL).ok());
    let category = rules.and_then(|rules| rules.select(PluralOperands::from(count)).ok());
    match category {
        Some(PluralCategory::ZERO) => "zero",
        Some(PluralCategory::ONE) => "one",
        Some(PluralCategory::TWO) => "two",
        Some(PluralCategory::FEW) => "few",
        Some(PluralCategory::MANY) => "many",
        Some(PluralCategory::OTHER) | None => "other",
    }
}

#[cfg(test)]
mod tests {
    use protocol::Currency;

    use super::*;
    use crate::messages::Languages;

    fn told(tag: &str, line: &PreviewLine) -> Vec<(String, String)> {
        let languages = Languages::load(None).unwrap();
        line_facts(languages.find(tag).unwrap(), line)
    }

    fn line(topic: Topic, before: Value, after: Value, estimated: bool) -> PreviewLine {
        PreviewLine {
            topic,
            subject: String::new(),
            day: None,
            before: Some(before),
            after: Some(after),
            estimated,
        }
    }

    #[test]
    fn en_8_an_estimate_says_so_and_amounts_are_written_in_the_language() {
        let sum = |cents| Value::Money(Money::from_minor(cents, Currency::USD));
        let total = line(Topic::Total, sum(8090), sum(5934), true);
        let [(label, text)] = &told("en", &total)[..] else {
            panic!()
        };
        assert_eq!(label, "Total (estimated)");
        assert_eq!(text, "59.34 USD (was 80.90 USD)");
        let [(_, text)] = &told("de", &total)[..] else {
            panic!()
        };
        assert_eq!(text, "59,34 USD (bisher 80,90 USD)");
        let [(_, text)] = &told("ar", &total)[..] else {
            panic!()
        };
        assert!(text.contains("\u{2068}59.34 USD\u{2069}"), "{text}");
    }

    #[test]
    fn en_8_a_move_tells_the_day_that_is_gone_and_the_new_one() {
        let day = |day| Date::new(2026, 12, day).unwrap();
        let moved = line(
            Topic::Deliveries,
            Value::Dates(vec![day(2), day(30)]),
            Value::Dates(vec![day(9), day(30)]),
            false,
        );
        let english = |label: &str, day: &str| (label.to_owned(), day.to_owned());
        assert_eq!(
            told("en", &moved),
            [
                english("No longer scheduled", "December 2, 2026"),
                english("New delivery dates", "December 9, 2026"),
            ]
        );
    }

    #[test]
    fn en_8_a_rhythm_has_the_plural_form_of_its_language() {
        let every = |every| Interval {
            unit: Unit::Week,
            every,
        };
        let languages = Languages::load(None).unwrap();
        let written = |tag: &str, n| interval(languages.find(tag).unwrap(), every(n));
        assert_eq!(written("en", 1), "every week");
        assert_eq!(written("en", 4), "every 4 weeks");
        let forms = [1, 2, 3, 11].map(|n| written("ar", n));
        let distinct: BTreeSet<&String> = forms.iter().collect();
        assert_eq!(distinct.len(), 4, "{forms:?}");
    }

    #[test]
    fn en_14_payment_methods_are_called_what_the_portal_calls_them_and_told_apart() {
        let languages = Languages::load(None).unwrap();
        let said = |line: &PaymentLine| payment(languages.find("en").unwrap(), line).1;
        let card = PaymentLine {
            id: Default::default(),
            kind: "CREDIT_CARD".into(),
            brand: Some("visa".into()),
            last4: Some("4242".into()),
            expiry: Some((2028, 8)),
            account: None,
            alike: false,
            added: None,
        };
        assert_eq!(said(&card), "Visa 4242");
        let alike = PaymentLine {
            alike: true,
            ..card.clone()
        };
        assert_eq!(said(&alike), "Visa 4242 (08/28)");
        for (kind, called) in [
            ("PAYPAL", "PayPal"),
            ("APPLE_PAY", "Apple Pay"),
            ("SEPA_DEBIT", "SEPA direct debit"),
            ("CREDIT_CARD", "Card"),
        ] {
            let line = PaymentLine {
                kind: kind.into(),
                brand: None,
                last4: None,
                ..card.clone()
            };
            assert_eq!(said(&line), called);
        }
    }
}
