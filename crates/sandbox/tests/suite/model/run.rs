//! Runs a command on whatever of its kind there is.

use proptest::sample::Index;
use serde_json::{Value, json};

use super::beside;
use super::command::Command;
use crate::shop::{DAY_MS, Shop};

/// Runs one command; where there is nothing it could act on, nothing happens.
pub(crate) fn run(shop: &mut Shop, command: &Command) {
    let _ = try_run(shop, command);
}

fn try_run(shop: &mut Shop, command: &Command) -> Option<()> {
    match *command {
        Command::Advance { days } => {
            shop.now += days * DAY_MS;
            shop.store.advance(shop.now);
        }
        Command::Skip {
            which,
            mask,
            commit,
        } => {
            let charge = pick(shop, "charges", which, |c| c["status"] == "queued")?;
            let items = some_items(&charge, mask);
            post(
                shop,
                &path(&charge, "charges", "/skip", commit),
                &json!({"purchase_item_ids": items}),
            );
        }
        Command::SkipAhead { which, nth } => {
            let subscription = pick(shop, "subscriptions", which, |s| s["status"] == "active")?;
            let id = &subscription["id"];
            let dates: Vec<Value> = shop
                .deliveries()
                .into_iter()
                .filter(|d| {
                    d["line_items"]
                        .as_array()
                        .unwrap()
                        .iter()
                        .any(|i| i["subscription_id"] == *id)
                })
                .map(|d| d["date"].clone())
                .collect();
            let body = json!({"date": dates.get(nth)?, "subscription_ids": [id]});
            post(
                shop,
                &format!("/addresses/{}/charges/skip", subscription["address_id"]),
                &body,
            );
        }
        Command::Unskip { which, mask } => {
            let charge = pick(shop, "charges", which, |c| c["status"] == "skipped")?;
            let items = some_items(&charge, mask);
            post(
                shop,
                &path(&charge, "charges", "/unskip", false),
                &json!({"purchase_item_ids": items}),
            );
        }
        Command::Move {
            which,
            days,
            commit,
        } => {
            let subscription = pick(shop, "subscriptions", which, |_| true)?;
            let body = json!({"date": shop.day(days)});
            post(
                shop,
                &path(
                    &subscription,
                    "subscriptions",
                    "/set_next_charge_date",
                    commit,
                ),
                &body,
            );
        }
        Command::MoveCharge { which, days } => {
            let charge = pick(shop, "charges", which, |c| c["status"] == "queued")?;
            let body = json!({"next_charge_date": shop.day(days)});
            post(
                shop,
                &path(&charge, "charges", "/change_next_charge_date", false),
                &body,
            );
        }
        Command::ChangeIntervals {
            which,
            every,
            commit,
        } => {
            let subscription = pick(shop, "subscriptions", which, |_| true)?;
            let body = json!({
                "order_interval_unit": "week",
                "order_interval_frequency": every,
                "charge_interval_frequency": every,
            });
            send(
                shop,
                "PUT",
                &path(&subscription, "subscriptions", "", commit),
                &body,
            );
        }
        Command::ChangeQuantity {
            which,
            quantity,
            commit,
        } => {
            let subscription = pick(shop, "subscriptions", which, |_| true)?;
            send(
                shop,
                "PUT",
                &path(&subscription, "subscriptions", "", commit),
                &json!({"quantity": quantity}),
            );
        }
        Command::ChangeAddress { which, to, commit } => {
            let subscription = pick(shop, "subscriptions", which, |_| true)?;
            let address = pick(shop, "addresses", to, |_| true)?;
            let body = json!({"address_id": address["id"]});
            post(
                shop,
                &path(&subscription, "subscriptions", "/change_address", commit),
                &body,
            );
        }
        Command::Cancel { which, commit } => {
            let subscription = pick(shop, "subscriptions", which, |s| s["status"] == "active")?;
            let body = json!({"cancellation_reason": "I have too much"});
            post(
                shop,
                &path(&subscription, "subscriptions", "/cancel", commit),
                &body,
            );
        }
        Command::Activate { which, commit } => {
            let subscription = pick(shop, "subscriptions", which, |s| s["status"] == "cancelled")?;
            post(
                shop,
                &path(&subscription, "subscriptions", "/activate", commit),
                &json!({}),
            );
        }
        _ => return try_run_elsewhere(shop, command),
    }
    Some(())
}

/// The commands that are not about subscriptions and their dates.
fn try_run_elsewhere(shop: &mut Shop, command: &Command) -> Option<()> {
    match *command {
        Command::EditAddress { which, zip, commit } => {
            let address = pick(shop, "addresses", which, |_| true)?;
            let body = json!({"country_code": address["country_code"], "zip": zip.to_string()});
            send(shop, "PUT", &path(&address, "addresses", "", commit), &body);
        }
        Command::Discount {
            which,
            on_charge: true,
        } => {
            let charge = pick(shop, "charges", which, |c| c["status"] == "queued")?;
            let body = json!({"discount_code": "WELCOME5"});
            post(
                shop,
                &path(&charge, "charges", "/apply_discount", false),
                &body,
            );
        }
        Command::Discount {
            which,
            on_charge: false,
        } => {
            let address = pick(shop, "addresses", which, |_| true)?;
            let discounts = if which % 2 == 0 {
                json!([{"code": "finch10"}])
            } else {
                json!([])
            };
            send(
                shop,
                "PUT",
                &path(&address, "addresses", "", false),
                &json!({"discounts": discounts}),
            );
        }
        Command::AddOnetime {
            which,
            days,
            commit,
        } => {
            let address = pick(shop, "addresses", which, |_| true)?;
            let mut body = json!({
                "address_id": address["id"],
                "external_variant_id": {"ecommerce": "43120017"},
                "quantity": 1,
            });
            match days {
                0 => body["add_to_next_charge"] = json!(true),
                days => body["next_charge_scheduled_at"] = json!(shop.day(days)),
            }
            post(shop, &format!("/onetimes?commit={commit}"), &body);
        }
        Command::RemoveOnetime { which } => {
            let onetime = pick(shop, "onetimes", which, |_| true)?;
            send(
                shop,
                "DELETE",
                &path(&onetime, "onetimes", "", false),
                &json!({}),
            );
        }
        Command::Pay { which } => {
            let charge = pick(shop, "charges", which, |_| true)?;
            post(
                shop,
                &path(&charge, "charges", "/process", false),
                &json!({}),
            );
        }
        Command::NewCard { which } => {
            let method = pick(shop, "payment_methods", which, |_| true)?;
            let address = pick(shop, "addresses", which, |a| {
                a["customer_id"] == method["customer_id"]
            })?;
            let body = json!({"payment_method_id": method["id"]});
            send(shop, "PUT", &path(&address, "addresses", "", false), &body);
        }
        _ => return beside::try_run(shop, command),
    }
    Some(())
}

/// A queued charge and some of its items that can be skipped.
pub(crate) fn skippable(shop: &mut Shop, which: Index, mask: u8) -> Option<(u64, Value)> {
    let mut found = Vec::new();
    // What was due is skipped for good: only what is still to come can be brought back.
    let today = shop.day(0);
    let mut deliveries = shop.deliveries();
    deliveries.retain(|delivery| delivery["date"].as_str().unwrap() > today.as_str());
    // One paid before its day and refused stays on its day, failed: it is tried again.
    let queued = shop.list("charges?status=queued");
    deliveries.retain(|delivery| queued.iter().any(|c| c["id"] == delivery["charge_id"]));
    for delivery in deliveries {
        let items = delivery["line_items"].as_array().unwrap();
        let items: Vec<Value> = items
            .iter()
            .filter(|item| item["is_skippable"] == true && item["is_skipped"] == false)
            .map(|item| item["subscription_id"].clone())
            .collect();
        if let (Some(charge), false) = (delivery["charge_id"].as_u64(), items.is_empty()) {
            found.push((charge, json!({"purchase_item_ids": chosen(items, mask)})));
        }
    }
    (!found.is_empty()).then(|| found[which.index(found.len())].clone())
}

/// A subscription and a date past its queued charge.
pub(crate) fn ahead(shop: &mut Shop, which: Index) -> Option<(u64, String)> {
    let mut found = Vec::new();
    for delivery in shop.deliveries() {
        for item in delivery["line_items"].as_array().unwrap() {
            if delivery["charge_id"].is_null() && item["is_skippable"] == true {
                found.push((
                    item["subscription_id"].as_u64().unwrap(),
                    delivery["date"].as_str().unwrap().to_owned(),
                ));
            }
        }
    }
    (!found.is_empty()).then(|| found[which.index(found.len())].clone())
}

pub(super) fn pick(
    shop: &mut Shop,
    plural: &str,
    which: usize,
    keep: impl Fn(&Value) -> bool,
) -> Option<Value> {
    let rows: Vec<Value> = shop
        .list(plural)
        .into_iter()
        .filter(|row| keep(row))
        .collect();
    (!rows.is_empty()).then(|| rows[which % rows.len()].clone())
}

pub(super) fn post(shop: &mut Shop, path: &str, body: &Value) {
    send(shop, "POST", path, body);
}

/// A write, which may be refused but never fails.
pub(super) fn send(shop: &mut Shop, method: &str, path: &str, body: &Value) {
    let answer = shop.send(method, path, body.clone());
    assert!(
        matches!(answer.status, 200..=204 | 403 | 404 | 422),
        "{method} {path} {body}: {answer:?}"
    );
}

pub(super) fn path(row: &Value, plural: &str, action: &str, commit: bool) -> String {
    format!("/{plural}/{}{action}?commit={commit}", row["id"])
}

/// Those items of a charge that a mask chooses, at least one.
fn some_items(charge: &Value, mask: u8) -> Vec<Value> {
    let lines = charge["line_items"].as_array().unwrap();
    let all: Vec<Value> = lines
        .iter()
        .map(|line| line["purchase_item_id"].clone())
        .collect();
    chosen(all, mask)
}

fn chosen(all: Vec<Value>, mask: u8) -> Vec<Value> {
    let chosen: Vec<Value> = all
        .iter()
        .enumerate()
        .filter(|(n, _)| (mask >> (n % 8)) & 1 == 1)
        .map(|(_, id)| id.clone())
        .collect();
    if chosen.is_empty() {
        all.into_iter().take(1).collect()
    } else {
        chosen
    }
}
