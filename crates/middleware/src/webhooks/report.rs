//! What a webhook reports.

use base::{Date, Interval, Timestamp, Unit, hex};
use protocol::CustomerId;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::store::Report;

/// What the history needs to know of a subscription.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Facts {
    pub(super) address: Option<u64>,
    pub(super) quantity: Option<u32>,
    pub(super) interval: Option<Interval>,
    pub(super) date: Option<Date>,
    /// When it was last changed, as Recharge writes it.
    pub(super) updated: Option<String>,
}

/// Reads the body of a genuine webhook; `None` where it holds no such object.
pub(crate) fn read(topic: &str, body: &[u8], received_ms: i64) -> Option<Report> {
    let json: Value = serde_json::from_slice(body).ok()?;
    let (name, _) = topic.split_once('/')?;
    let object = json.get(name).filter(|object| object.is_object())?;
    let id = object["id"].as_u64()?;
    let customer = match name {
        "customer" => Some(id),
        _ => object["customer_id"]
            .as_u64()
            .or(object["customer"]["id"].as_u64()),
    };
    let facts = if name == "subscription" {
        facts(object)
    } else {
        Facts::default()
    };
    let digest = Sha256::new()
        .chain_update(topic)
        .chain_update([0])
        .chain_update(body);
    Some(Report {
        id: hex(&digest.finalize()[..16]),
        topic: topic.to_owned(),
        customer: customer.map(CustomerId),
        object: id,
        facts: serde_json::to_string(&facts).ok()?,
        at_ms: at_ms(object, received_ms),
    })
}

fn facts(subscription: &Value) -> Facts {
    let text = |name: &str| subscription[name].as_str();
    // Some stores write numbers as text.
    let number = |name: &str| {
        let value = &subscription[name];
        let number = value.as_u64().or_else(|| value.as_str()?.parse().ok())?;
        u32::try_from(number).ok()
    };
    let unit = match text("order_interval_unit") {
        Some("day") => Some(Unit::Day),
        Some("week") => Some(Unit::Week),
        Some("month") => Some(Unit::Month),
        _ => None,
    };
    let every = number("order_interval_frequency");
    Facts {
        address: subscription["address_id"].as_u64(),
        quantity: number("quantity"),
        interval: every
            .zip(unit)
            .map(|(every, unit)| Interval { every, unit }),
        date: text("next_charge_scheduled_at").and_then(Date::from_prefix),
        updated: text("updated_at").map(str::to_owned),
    }
}

/// When it happened: a report may come hours late. Moments of Recharge's that do not say how far they
/// are from UTC, or lie in the future, are not relied upon.
fn at_ms(object: &Value, received_ms: i64) -> i64 {
    let updated = object["updated_at"].as_str().and_then(Timestamp::parse);
    let updated_ms = updated.and_then(|at| at.unix_ms());
    updated_ms.map_or(received_ms, |ms| ms.min(received_ms))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn report(topic: &str, body: &Value) -> Option<Report> {
        read(topic, body.to_string().as_bytes(), 1_767_225_600_000)
    }

    #[test]
    fn a_report_names_its_customer_wherever_upstream_does() {
        let of = |topic: &str, body: Value| report(topic, &body).unwrap().customer;
        let seven = Some(CustomerId(7));
        assert_eq!(
            of("customer/updated", json!({"customer": {"id": 7}})),
            seven
        );
        let address = json!({"address": {"id": 1, "customer_id": 7}});
        assert_eq!(of("address/updated", address), seven);
        let charge = json!({"charge": {"id": 1, "customer": {"id": 7}}});
        assert_eq!(of("charge/paid", charge), seven);
        let selection = json!({"bundle_selection": {"id": 1}});
        assert_eq!(of("bundle_selection/updated", selection), None);
    }

    #[test]
    fn what_is_no_such_object_reports_nothing() {
        for body in [
            json!([]),
            json!({"charge": {"id": 1}}),
            json!({"subscription": {}}),
        ] {
            assert_eq!(report("subscription/updated", &body), None, "{body}");
        }
    }

    #[test]
    fn a_late_report_says_when_it_happened() {
        let at = |updated: &str| {
            let body = json!({"order": {"id": 1, "updated_at": updated}});
            report("order/updated", &body).unwrap().at_ms
        };
        assert_eq!(at("2025-12-31T23:00:00+00:00"), 1_767_222_000_000);
        assert_eq!(at("2025-12-31T23:00:00"), 1_767_225_600_000);
        assert_eq!(at("2026-12-31T23:00:00+00:00"), 1_767_225_600_000);
    }
}
