//! What a report says about a subscription, for the customer's history.

use base::Date;
use gateway::ReportedChange;
use protocol::{
    ChangeDate, ChangeFrequency, ChangeQuantity, Frequency, Intent, NextDate, Quantity,
    SubscriptionId,
};
use serde_json::{Value, json};

use super::report::Facts;
use crate::store::Report;

/// Reports that come with a move of the next date, which is then no change of its own.
const MOVES_DATE: [&str; 5] = [
    "subscription/activated",
    "subscription/cancelled",
    "subscription/paused",
    "subscription/skipped",
    "subscription/unskipped",
];

/// The changes that a report is about: of a subscription, by its topic or by what is different from
/// `before`, how it was when it was last reported. `beside` are the topics of what happened to it at
/// the same time, `day` is the day of the report.
pub(super) fn changes(
    report: &Report,
    now: &Facts,
    before: Option<&Facts>,
    beside: &[String],
    day: Date,
) -> Vec<ReportedChange> {
    let Some(customer) = report.customer else {
        return Vec::new();
    };
    let id = SubscriptionId(report.object);
    let found = match report.topic.as_str() {
        "subscription/activated" => vec![plain("reactivate_subscription", id)],
        "subscription/cancelled" => vec![plain("cancel_subscription", id)],
        "subscription/paused" => vec![plain("pause_subscription", id)],
        "subscription/swapped" => vec![plain("swap_product", id)],
        "subscription/skipped" => vec![delivery("skip_delivery", now, id)],
        "subscription/unskipped" => vec![delivery("unskip_delivery", now, id)],
        "subscription/updated" => {
            let moves = beside
                .iter()
                .any(|topic| MOVES_DATE.contains(&topic.as_str()));
            before.map_or_else(Vec::new, |before| {
                // A date that has come is moved on by its charge.
                let is_open = !moves && before.date.is_some_and(|date| date > day);
                different(id, before, now, is_open)
            })
        }
        _ => Vec::new(),
    };
    let numbered = found.into_iter().enumerate();
    numbered
        .map(|(number, (intent, undo))| ReportedChange {
            customer,
            report: format!("{}{number}", report.id),
            intent,
            undo,
            about: [Some(report.object), now.address]
                .into_iter()
                .flatten()
                .collect(),
            at_ms: report.at_ms,
        })
        .collect()
}

/// A change as the journal keeps it, and what would take it back.
type Found = (Value, Option<Intent>);

fn plain(operation: &str, id: SubscriptionId) -> Found {
    (
        json!({operation: {"subscription_id": id, "body": {}}}),
        None,
    )
}

fn delivery(operation: &str, now: &Facts, id: SubscriptionId) -> Found {
    let fields = json!({"address_id": now.address, "body": {"purchase_item_ids": [id]}});
    (json!({operation: fields}), None)
}

/// What is different; of the date only where that `is_open`, and a new frequency does not explain it.
fn different(id: SubscriptionId, before: &Facts, now: &Facts, is_open: bool) -> Vec<Found> {
    let quantity = |quantity| -> Intent {
        let body = Quantity { quantity };
        ChangeQuantity {
            subscription_id: id,
            body,
        }
        .into()
    };
    let interval = |interval| -> Intent {
        let body = Frequency { interval };
        ChangeFrequency {
            subscription_id: id,
            body,
        }
        .into()
    };
    let date = |date| -> Intent {
        let body = NextDate { date };
        ChangeDate {
            subscription_id: id,
            body,
        }
        .into()
    };
    let mut found = Vec::new();
    found.extend(told(before.quantity, now.quantity, quantity));
    found.extend(told(before.interval, now.interval, interval));
    if is_open && before.interval == now.interval {
        found.extend(told(before.date, now.date, date));
    }
    found
}

/// The change of a value that was there and is another one now.
fn told<T: PartialEq>(
    before: Option<T>,
    now: Option<T>,
    intent: impl Fn(T) -> Intent,
) -> Option<Found> {
    let (before, now) = before.zip(now).filter(|(before, now)| before != now)?;
    let json = serde_json::to_value(intent(now)).ok()?;
    Some((json, Some(intent(before))))
}

#[cfg(test)]
mod tests {
    use base::{Interval, Unit};
    use protocol::CustomerId;

    use super::*;

    fn facts(quantity: u32, every: u32, date: &str) -> Facts {
        Facts {
            address: Some(3),
            quantity: Some(quantity),
            interval: Some(Interval {
                every,
                unit: Unit::Week,
            }),
            date: Date::from_prefix(date),
            updated: None,
        }
    }

    fn told_of(topic: &str, before: Option<&Facts>, now: &Facts, beside: &[&str]) -> Vec<Value> {
        let report = Report {
            id: "r".into(),
            topic: topic.into(),
            customer: Some(CustomerId(7)),
            object: 5,
            facts: String::new(),
            at_ms: 0,
        };
        let beside: Vec<String> = beside.iter().map(|topic| (*topic).to_owned()).collect();
        let day = Date::from_prefix("2026-12-01").unwrap();
        let changes = changes(&report, now, before, &beside, day);
        changes.into_iter().map(|change| change.intent).collect()
    }

    #[test]
    fn cu_9_a_reported_change_is_told_by_what_is_different() {
        let before = facts(1, 2, "2026-12-10");
        let now = facts(3, 2, "2026-12-17");
        let told = told_of("subscription/updated", Some(&before), &now, &[]);
        let quantity = json!({"change_quantity": {"subscription_id": 5, "body": {"quantity": 3}}});
        let date = json!({"change_date": {"subscription_id": 5, "body": {"date": "2026-12-17"}}});
        assert_eq!(told, [quantity, date]);
        assert!(told_of("subscription/updated", Some(&now), &now, &[]).is_empty());
        assert!(told_of("subscription/updated", None, &now, &[]).is_empty());
    }

    #[test]
    fn cu_9_a_date_that_something_else_moves_is_no_change_of_its_own() {
        let before = facts(1, 2, "2026-12-10");
        let moved = facts(1, 2, "2026-12-24");
        let of = |before: &Facts, now: &Facts, beside: &[&str]| {
            told_of("subscription/updated", Some(before), now, beside).len()
        };
        assert_eq!(of(&before, &moved, &[]), 1);
        assert_eq!(of(&before, &moved, &["subscription/skipped"]), 0);
        // Charged today, so the next one is due in two weeks.
        let due = facts(1, 2, "2026-12-01");
        assert_eq!(of(&due, &facts(1, 2, "2026-12-15"), &[]), 0);
        // A new frequency, of which the new date follows.
        assert_eq!(of(&before, &facts(1, 4, "2026-12-24"), &[]), 1);
    }

    #[test]
    fn cu_9_a_topic_that_says_what_happened_is_told_by_it() {
        let now = facts(1, 2, "2026-12-10");
        let cancelled = told_of("subscription/cancelled", None, &now, &[]);
        let expected = json!({"cancel_subscription": {"subscription_id": 5, "body": {}}});
        assert_eq!(cancelled, [expected]);
        let skipped = told_of("subscription/skipped", None, &now, &[]);
        assert_eq!(
            skipped[0]["skip_delivery"]["body"]["purchase_item_ids"],
            json!([5])
        );
        assert!(told_of("subscription/created", None, &now, &[]).is_empty());
        assert!(told_of("charge/paid", None, &now, &[]).is_empty());
    }
}
