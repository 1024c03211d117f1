//! What must hold whenever nothing is uncommitted.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::shop::{HORIZON, Shop};

/// What holds among rows.
pub(crate) fn rows(shop: &mut Shop) {
    let world = World::read(shop);
    world.ids_do_not_dangle();
    world.items_are_on_their_charges();
    world.charges_are_one_per_address_and_date();
    world.sums_hold();
    world.schedule_and_charges_agree();
}

/// What holds of reading.
pub(crate) fn reading(shop: &mut Shop) {
    reads_change_nothing(shop);
    pages_list_every_row_once(shop);
}

/// What comes when: date, address, and each item with its quantity and whether it is
/// skipped. Sums are left out: a discount on one charge is lost when that is regenerated.
pub(crate) fn schedule(shop: &mut Shop) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for delivery in shop.deliveries() {
        for line in lines(&delivery) {
            found.push(format!(
                "{} to {}: {} × {} skipped {} queued {}",
                delivery["date"],
                delivery["address_id"],
                line["quantity"],
                line["subscription_id"],
                line["is_skipped"],
                !delivery["charge_id"].is_null(),
            ));
        }
    }
    found.sort();
    found
}

struct World {
    customers: BTreeSet<u64>,
    addresses: BTreeSet<u64>,
    subscriptions: BTreeMap<u64, Value>,
    onetimes: BTreeMap<u64, Value>,
    charges: Vec<Value>,
    deliveries: Vec<Value>,
    /// How many charges each plan queues.
    queued: BTreeMap<Option<u64>, usize>,
    /// The last day of the schedule.
    until: String,
}

fn by_id(rows: Vec<Value>) -> BTreeMap<u64, Value> {
    rows.into_iter().map(|row| (id(&row["id"]), row)).collect()
}

fn id(value: &Value) -> u64 {
    value
        .as_u64()
        .unwrap_or_else(|| panic!("not an id: {value}"))
}

/// An amount in cents, or in yen, which have none.
fn cents(value: &Value) -> i64 {
    let text = value
        .as_str()
        .unwrap_or_else(|| panic!("not an amount: {value}"));
    let Some((whole, fraction)) = text.split_once('.') else {
        return text.parse().unwrap();
    };
    assert_eq!(fraction.len(), 2, "{text}");
    whole.parse::<i64>().unwrap() * 100 + fraction.parse::<i64>().unwrap()
}

fn lines(row: &Value) -> &Vec<Value> {
    row["line_items"].as_array().unwrap()
}

fn items(charge: &Value) -> BTreeSet<u64> {
    lines(charge)
        .iter()
        .map(|line| id(&line["purchase_item_id"]))
        .collect()
}

/// Queued, or failed and to be tried again.
fn is_open(charge: &Value) -> bool {
    charge["status"] == "queued" || (charge["status"] == "error" && !charge["retry_date"].is_null())
}

impl World {
    fn read(shop: &mut Shop) -> World {
        World {
            customers: shop
                .store
                .customers()
                .iter()
                .map(|person| person.id)
                .collect(),
            addresses: shop
                .list("addresses")
                .iter()
                .map(|row| id(&row["id"]))
                .collect(),
            subscriptions: by_id(shop.list("subscriptions")),
            onetimes: by_id(shop.list("onetimes")),
            charges: shop.list("charges"),
            deliveries: shop.deliveries(),
            queued: shop
                .list("plans")
                .iter()
                .map(|plan| {
                    let queued = plan["max_queued_charges"].as_u64().unwrap();
                    (plan["id"].as_u64(), queued as usize)
                })
                .collect(),
            until: shop.day(HORIZON),
        }
    }

    fn ids_do_not_dangle(&self) {
        for row in self.subscriptions.values().chain(self.onetimes.values()) {
            assert!(self.addresses.contains(&id(&row["address_id"])), "{row}");
            assert!(self.customers.contains(&id(&row["customer_id"])), "{row}");
        }
        for charge in &self.charges {
            // What was paid may outlive its address.
            assert!(
                self.addresses.contains(&id(&charge["address_id"]))
                    || !charge["processed_at"].is_null(),
                "{charge}"
            );
            assert!(
                self.customers.contains(&id(&charge["customer"]["id"])),
                "{charge}"
            );
            if is_open(charge) {
                // Free gifts are on charges alone.
                let bought = lines(charge)
                    .iter()
                    .filter(|line| line["offer_attributes"].is_null());
                for item in bought.map(|line| id(&line["purchase_item_id"])) {
                    assert!(
                        self.subscriptions.contains_key(&item) || self.onetimes.contains_key(&item),
                        "{charge}"
                    );
                }
            }
        }
    }

    fn items_are_on_their_charges(&self) {
        for (item, subscription) in &self.subscriptions {
            let on: Vec<&Value> = self
                .charges
                .iter()
                .filter(|c| is_open(c) && items(c).contains(item))
                .collect();
            let given_up = subscription["max_retries_reached"] == true;
            if subscription["status"] == "active" && !given_up {
                let queued = self.queued.get(&subscription["plan_id"].as_u64());
                let queued = queued.copied().unwrap_or(1);
                assert_eq!(on.len(), queued, "on its charges: {subscription} {on:?}");
                let dates = on.iter().map(|charge| charge["scheduled_at"].as_str());
                assert_eq!(
                    dates.min().flatten(),
                    subscription["next_charge_scheduled_at"].as_str()
                );
                for charge in on {
                    assert_eq!(charge["address_id"], subscription["address_id"]);
                }
            } else {
                assert!(on.is_empty(), "on no charge: {subscription} {on:?}");
                assert!(subscription["next_charge_scheduled_at"].is_null());
            }
        }
        for (item, onetime) in &self.onetimes {
            let on = self
                .charges
                .iter()
                .filter(|c| is_open(c) && items(c).contains(item))
                .count();
            assert_eq!(on, 1, "{onetime}");
        }
    }

    fn charges_are_one_per_address_and_date(&self) {
        let mut seen = BTreeSet::new();
        for charge in self
            .charges
            .iter()
            .filter(|c| is_open(c) || c["status"] == "skipped")
        {
            assert_eq!(charge["has_uncommitted_changes"], false, "{charge}");
            assert!(!lines(charge).is_empty(), "empty: {charge}");
            let key = (
                id(&charge["address_id"]),
                charge["scheduled_at"].to_string(),
                is_open(charge),
            );
            assert!(seen.insert(key), "twice: {charge}");
        }
    }

    fn sums_hold(&self) {
        for charge in &self.charges {
            let of_lines = |name: &str| {
                lines(charge)
                    .iter()
                    .map(|line| cents(&line[name]))
                    .sum::<i64>()
            };
            let gross: i64 = lines(charge)
                .iter()
                .map(|line| cents(&line["unit_price"]) * line["quantity"].as_i64().unwrap())
                .sum();
            let shipping: i64 = charge["shipping_lines"]
                .as_array()
                .unwrap()
                .iter()
                .map(|line| cents(&line["price"]))
                .sum();
            assert_eq!(gross, cents(&charge["total_line_items_price"]));
            assert_eq!(of_lines("tax_due"), cents(&charge["total_tax"]));
            let added_tax = match charge["taxes_included"].as_bool() {
                Some(true) => 0,
                _ => cents(&charge["total_tax"]),
            };
            let expected = gross - cents(&charge["total_discounts"]) + shipping + added_tax;
            assert_eq!(expected, cents(&charge["total_price"]), "{charge}");
        }
    }

    fn schedule_and_charges_agree(&self) {
        let mut shown = BTreeSet::new();
        for delivery in self.deliveries.iter().filter(|d| d["id"].is_null()) {
            let Some(charge_id) = delivery["charge_id"].as_u64() else {
                continue;
            };
            let charge = self.charges.iter().find(|c| id(&c["id"]) == charge_id);
            let charge = charge.unwrap_or_else(|| panic!("no such charge: {delivery}"));
            assert_eq!(charge["scheduled_at"], delivery["date"]);
            assert_eq!(charge["address_id"], delivery["address_id"]);
            assert_eq!(charge["total_price"], delivery["total_price"]);
            let listed: BTreeSet<u64> = lines(delivery)
                .iter()
                .map(|line| id(&line["subscription_id"]))
                .collect();
            assert_eq!(items(charge), listed, "{charge} {delivery}");
            let is_skipped = charge["status"] == "skipped";
            assert!(
                lines(delivery)
                    .iter()
                    .all(|line| line["is_skipped"] == is_skipped),
                "{delivery}"
            );
            assert!(shown.insert(charge_id), "twice: {delivery}");
        }
        let within =
            |c: &&Value| c["status"] == "queued" && c["scheduled_at"].as_str() <= Some(&self.until);
        for charge in self.charges.iter().filter(within) {
            assert!(
                shown.contains(&id(&charge["id"])),
                "not on the schedule: {charge}"
            );
        }
    }
}

fn reads_change_nothing(shop: &mut Shop) {
    let before = shop.store.state();
    for resource in [
        "customers",
        "addresses",
        "payment_methods",
        "subscriptions",
        "onetimes",
        "charges",
        "orders",
    ] {
        let _ = shop.get(&format!("/{resource}?limit=250"));
    }
    let _ = shop.deliveries();
    assert_eq!(before, shop.store.state());
}

fn pages_list_every_row_once(shop: &mut Shop) {
    for (plural, sort_by) in [
        ("charges", "scheduled_at-asc"),
        ("orders", "id-desc"),
        ("subscriptions", "created_at-desc"),
    ] {
        let all: Vec<Value> = shop.get(&format!("/{plural}?limit=250&sort_by={sort_by}"))[plural]
            .as_array()
            .unwrap()
            .clone();
        let mut paged = Vec::new();
        let mut path = format!("/{plural}?limit=3&sort_by={sort_by}");
        loop {
            let answer = shop.get(&path);
            paged.extend(answer[plural].as_array().unwrap().iter().cloned());
            match answer["next_cursor"].as_str() {
                Some(cursor) => path = format!("/{plural}?limit=3&cursor={cursor}"),
                None => break,
            }
        }
        assert_eq!(all, paged, "{plural}");
    }
}
