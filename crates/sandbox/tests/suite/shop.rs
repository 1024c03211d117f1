//! A store with a clock set by hand, and the calls that tests make of it.

use base::Date;
use sandbox::{Answer, Call, Scenario, Store};
use serde_json::Value;

/// A day in milliseconds.
pub(crate) const DAY_MS: i64 = 86_400_000;
/// Days of the schedule that [`Shop::deliveries`] looks at.
pub(crate) const HORIZON: i32 = 200;

/// The store and its time.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) now: i64,
}

impl Shop {
    /// A scenario at noon of 31 January 2026: months of every length lie ahead.
    pub(crate) fn open(scenario: Scenario) -> Shop {
        Shop::open_at(scenario, 20_484 * DAY_MS + DAY_MS / 2)
    }

    /// A scenario at any time.
    pub(crate) fn open_at(scenario: Scenario, now: i64) -> Shop {
        Shop {
            store: Store::new(scenario, now),
            now,
        }
    }

    /// Lets the clock move.
    pub(crate) fn wait(&mut self, ms: i64) {
        self.now += ms;
        self.store.advance(self.now);
    }

    /// Waits until nothing is uncommitted.
    pub(crate) fn settle(&mut self) {
        self.wait(6_000);
    }

    /// The day so many days ahead.
    pub(crate) fn day(&self, days: i32) -> String {
        Date::from_unix_ms(self.now).add_days(days).to_string()
    }

    /// Any call; null for no body.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: Value) -> Answer {
        let body = (!body.is_null()).then_some(body);
        self.store.handle(self.now, Call::new(method, path, body))
    }

    /// A read that must succeed, without the pictures, which are long and of no interest
    /// where a check prints what it found.
    pub(crate) fn get(&mut self, path: &str) -> Value {
        let answer = self.send("GET", path, Value::Null);
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let mut body = answer.body.unwrap();
        remove_pictures(&mut body);
        body
    }

    /// A write that must succeed; what it answers, out of its envelope.
    pub(crate) fn write(&mut self, method: &str, path: &str, body: Value) -> Value {
        let answer = self.send(method, path, body);
        assert!(answer.status < 300, "{method} {path}: {answer:?}");
        let body = answer.body.unwrap_or_default();
        let inner = body.as_object().and_then(|o| o.values().next());
        inner.cloned().unwrap_or_default()
    }

    /// All rows of a list, which may be narrowed: `charges?status=queued`.
    pub(crate) fn list(&mut self, path: &str) -> Vec<Value> {
        let (plural, query) = path.split_once('?').unwrap_or((path, ""));
        let mut rows = Vec::new();
        let mut page = format!("/{plural}?limit=250&{query}");
        loop {
            let list = self.get(&page);
            rows.extend(list[plural].as_array().unwrap().iter().cloned());
            match list["next_cursor"].as_str() {
                Some(cursor) => page = format!("/{plural}?limit=250&cursor={cursor}"),
                None => return rows,
            }
        }
    }

    /// The queued charge of the next delivery, three days ahead.
    pub(crate) fn next(&mut self) -> Value {
        let date = self.day(3);
        self.list(&format!("charges?status=queued&scheduled_at={date}"))[0].clone()
    }

    /// The subscription of a product.
    pub(crate) fn item(&mut self, title: &str) -> Value {
        let all = self.list("subscriptions");
        let found = all.into_iter().find(|s| s["product_title"] == title);
        found.unwrap_or_else(|| panic!("no subscription of {title}"))
    }

    /// Every order of every customer's schedule, with its date put in.
    pub(crate) fn deliveries(&mut self) -> Vec<Value> {
        let mut found = Vec::new();
        for person in self.store.customers() {
            let schedule = self.get(&format!(
                "/customers/{}/delivery_schedule?future_interval={HORIZON}",
                person.id
            ));
            for day in schedule["deliveries"].as_array().unwrap() {
                for order in day["orders"].as_array().unwrap() {
                    let mut order = order.clone();
                    order["date"] = day["date"].clone();
                    found.push(order);
                }
            }
        }
        found
    }
}

/// The titles of what is on a charge.
pub(crate) fn titles(charge: &Value) -> Vec<&str> {
    let lines = charge["line_items"].as_array().unwrap();
    lines
        .iter()
        .map(|line| line["title"].as_str().unwrap())
        .collect()
}

fn remove_pictures(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.remove("images");
            fields.values_mut().for_each(remove_pictures);
        }
        Value::Array(values) => values.iter_mut().for_each(remove_pictures),
        _ => {}
    }
}
