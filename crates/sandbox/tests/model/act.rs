//! The commands, and the shop they are run on.

use proptest::prelude::*;
use proptest::sample::Index;
use sandbox::{Answer, Call, Scenario, Store};
use serde_json::{Value, json};

/// Something a customer does, or time that passes. Numbers choose among what there is.
#[derive(Debug, Clone)]
pub(crate) enum Command {
    Skip {
        which: usize,
        mask: u8,
        commit: bool,
    },
    SkipAhead {
        which: usize,
        nth: usize,
    },
    Unskip {
        which: usize,
        mask: u8,
    },
    Move {
        which: usize,
        days: i32,
        commit: bool,
    },
    MoveCharge {
        which: usize,
        days: i32,
    },
    ChangeRhythm {
        which: usize,
        every: u32,
        commit: bool,
    },
    ChangeQuantity {
        which: usize,
        quantity: u32,
        commit: bool,
    },
    ChangeAddress {
        which: usize,
        to: usize,
        commit: bool,
    },
    Cancel {
        which: usize,
        commit: bool,
    },
    Activate {
        which: usize,
        commit: bool,
    },
    EditAddress {
        which: usize,
        zip: u32,
        commit: bool,
    },
    Discount {
        which: usize,
        on_charge: bool,
    },
    AddOnetime {
        which: usize,
        days: i32,
        commit: bool,
    },
    RemoveOnetime {
        which: usize,
    },
    Pay {
        which: usize,
    },
    NewCard {
        which: usize,
    },
    Advance {
        days: i64,
    },
}

/// Any command.
pub(crate) fn command() -> impl Strategy<Value = Command> {
    let (w, c) = (0usize..40, any::<bool>());
    prop_oneof![
        4 => (w.clone(), any::<u8>(), c).prop_map(|(which, mask, commit)| Command::Skip { which, mask, commit }),
        3 => (w.clone(), 0usize..5).prop_map(|(which, nth)| Command::SkipAhead { which, nth }),
        4 => (w.clone(), any::<u8>()).prop_map(|(which, mask)| Command::Unskip { which, mask }),
        3 => (w.clone(), -1i32..80, c).prop_map(|(which, days, commit)| Command::Move { which, days, commit }),
        1 => (w.clone(), 0i32..80).prop_map(|(which, days)| Command::MoveCharge { which, days }),
        2 => (w.clone(), 1u32..9, c).prop_map(|(which, every, commit)| Command::ChangeRhythm { which, every, commit }),
        1 => (w.clone(), 1u32..9, c).prop_map(|(which, quantity, commit)| Command::ChangeQuantity { which, quantity, commit }),
        2 => (w.clone(), 0usize..4, c).prop_map(|(which, to, commit)| Command::ChangeAddress { which, to, commit }),
        2 => (w.clone(), c).prop_map(|(which, commit)| Command::Cancel { which, commit }),
        2 => (w.clone(), c).prop_map(|(which, commit)| Command::Activate { which, commit }),
        1 => (w.clone(), 10_000u32..99_999, c).prop_map(|(which, zip, commit)| Command::EditAddress { which, zip, commit }),
        1 => (w.clone(), any::<bool>()).prop_map(|(which, on_charge)| Command::Discount { which, on_charge }),
        2 => (w.clone(), 0i32..60, c).prop_map(|(which, days, commit)| Command::AddOnetime { which, days, commit }),
        1 => w.clone().prop_map(|which| Command::RemoveOnetime { which }),
        1 => w.clone().prop_map(|which| Command::Pay { which }),
        1 => w.prop_map(|which| Command::NewCard { which }),
        3 => (1i64..45).prop_map(|days| Command::Advance { days }),
    ]
}

/// A store with a clock set by hand.
pub(crate) struct Shop {
    pub(crate) store: Store,
    pub(crate) now: i64,
}

/// Days of the schedule that are looked at.
pub(crate) const HORIZON: i32 = 200;
const DAY_MS: i64 = 86_400_000;

impl Shop {
    /// A scenario at noon of a day on which months of every length lie ahead.
    pub(crate) fn open(scenario: Scenario) -> Shop {
        let now = 20_484 * DAY_MS + DAY_MS / 2;
        Shop {
            store: Store::new(scenario, now),
            now,
        }
    }

    /// The day so many days ahead.
    pub(crate) fn day(&self, days: i32) -> String {
        recharge::Date::from_unix_ms(self.now)
            .add_days(days)
            .to_string()
    }

    /// Waits until nothing is uncommitted.
    pub(crate) fn settle(&mut self) {
        self.now += 6_000;
        self.store.advance(self.now);
    }

    pub(crate) fn get(&mut self, path: &str) -> Value {
        let answer = self.store.handle(self.now, Call::get(path));
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        let mut body = answer.body.unwrap();
        remove_pictures(&mut body);
        body
    }

    pub(crate) fn post(&mut self, path: &str, body: &Value) -> Answer {
        self.send("POST", path, body)
    }

    /// A write, which may be refused but never fails.
    pub(crate) fn send(&mut self, method: &str, path: &str, body: &Value) -> Answer {
        let answer = self
            .store
            .handle(self.now, Call::new(method, path, Some(body.clone())));
        assert!(
            matches!(answer.status, 200..=204 | 404 | 422),
            "{method} {path} {body}: {answer:?}"
        );
        answer
    }

    /// All rows of a list.
    pub(crate) fn list(&mut self, plural: &str) -> Vec<Value> {
        let list = self.get(&format!("/{plural}?limit=250"));
        assert!(
            list["next_cursor"].is_null(),
            "more than one page of {plural}"
        );
        list[plural].as_array().unwrap().clone()
    }

    fn pick(&mut self, plural: &str, which: usize, keep: impl Fn(&Value) -> bool) -> Option<Value> {
        let rows: Vec<Value> = self
            .list(plural)
            .into_iter()
            .filter(|row| keep(row))
            .collect();
        (!rows.is_empty()).then(|| rows[which % rows.len()].clone())
    }

    /// A queued charge and some of its items that can be skipped.
    pub(crate) fn skippable(&mut self, which: Index, mask: u8) -> Option<(u64, Value)> {
        let charges: Vec<Value> = self
            .list("charges")
            .into_iter()
            .filter(|charge| {
                charge["status"] == "queued" && !some_items(charge, mask, "prepaid").is_empty()
            })
            .collect();
        let charge = charges.get(which.index(charges.len().max(1)))?;
        let items = json!({"purchase_item_ids": some_items(charge, mask, "prepaid")});
        Some((charge["id"].as_u64().unwrap(), items))
    }

    /// A subscription and a date past its queued charge.
    pub(crate) fn ahead(&mut self, which: Index) -> Option<(u64, String)> {
        let mut found = Vec::new();
        for delivery in self.deliveries() {
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

    /// Runs one command; where there is nothing it could act on, nothing happens.
    pub(crate) fn run(&mut self, command: &Command) {
        let _ = self.try_run(command);
    }

    fn try_run(&mut self, command: &Command) -> Option<()> {
        match *command {
            Command::Advance { days } => {
                self.now += days * DAY_MS;
                self.store.advance(self.now);
            }
            Command::Skip {
                which,
                mask,
                commit,
            } => {
                let charge = self.pick("charges", which, |c| c["status"] == "queued")?;
                let items = some_items(&charge, mask, "");
                self.post(
                    &path(&charge, "charges", "/skip", commit),
                    &json!({"purchase_item_ids": items}),
                );
            }
            Command::SkipAhead { which, nth } => {
                let subscription =
                    self.pick("subscriptions", which, |s| s["status"] == "active")?;
                let id = &subscription["id"];
                let dates: Vec<Value> = self
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
                self.post(
                    &format!("/addresses/{}/charges/skip", subscription["address_id"]),
                    &body,
                );
            }
            Command::Unskip { which, mask } => {
                let charge = self.pick("charges", which, |c| c["status"] == "skipped")?;
                let items = some_items(&charge, mask, "");
                self.post(
                    &path(&charge, "charges", "/unskip", false),
                    &json!({"purchase_item_ids": items}),
                );
            }
            Command::Move {
                which,
                days,
                commit,
            } => {
                let subscription = self.pick("subscriptions", which, |_| true)?;
                let body = json!({"date": self.day(days)});
                self.post(
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
                let charge = self.pick("charges", which, |c| c["status"] == "queued")?;
                let body = json!({"next_charge_date": self.day(days)});
                self.post(
                    &path(&charge, "charges", "/change_next_charge_date", false),
                    &body,
                );
            }
            Command::ChangeRhythm {
                which,
                every,
                commit,
            } => {
                let subscription = self.pick("subscriptions", which, |_| true)?;
                let body = json!({
                    "order_interval_unit": "week",
                    "order_interval_frequency": every,
                    "charge_interval_frequency": every,
                });
                self.send(
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
                let subscription = self.pick("subscriptions", which, |_| true)?;
                self.send(
                    "PUT",
                    &path(&subscription, "subscriptions", "", commit),
                    &json!({"quantity": quantity}),
                );
            }
            Command::ChangeAddress { which, to, commit } => {
                let subscription = self.pick("subscriptions", which, |_| true)?;
                let address = self.pick("addresses", to, |_| true)?;
                let body = json!({"address_id": address["id"]});
                self.post(
                    &path(&subscription, "subscriptions", "/change_address", commit),
                    &body,
                );
            }
            Command::Cancel { which, commit } => {
                let subscription =
                    self.pick("subscriptions", which, |s| s["status"] == "active")?;
                let body = json!({"cancellation_reason": "I have too much"});
                self.post(
                    &path(&subscription, "subscriptions", "/cancel", commit),
                    &body,
                );
            }
            Command::Activate { which, commit } => {
                let subscription =
                    self.pick("subscriptions", which, |s| s["status"] == "cancelled")?;
                self.post(
                    &path(&subscription, "subscriptions", "/activate", commit),
                    &json!({}),
                );
            }
            _ => return self.try_run_elsewhere(command),
        }
        Some(())
    }

    /// The commands that are not about subscriptions and their dates.
    fn try_run_elsewhere(&mut self, command: &Command) -> Option<()> {
        match *command {
            Command::EditAddress { which, zip, commit } => {
                let address = self.pick("addresses", which, |_| true)?;
                let body = json!({"country_code": address["country_code"], "zip": zip.to_string()});
                self.send("PUT", &path(&address, "addresses", "", commit), &body);
            }
            Command::Discount {
                which,
                on_charge: true,
            } => {
                let charge = self.pick("charges", which, |c| c["status"] == "queued")?;
                let body = json!({"discount_code": "WELCOME5"});
                self.post(&path(&charge, "charges", "/apply_discount", false), &body);
            }
            Command::Discount {
                which,
                on_charge: false,
            } => {
                let address = self.pick("addresses", which, |_| true)?;
                let discounts = if which % 2 == 0 {
                    json!([{"code": "finch10"}])
                } else {
                    json!([])
                };
                self.send(
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
                let address = self.pick("addresses", which, |_| true)?;
                let mut body = json!({
                    "address_id": address["id"],
                    "external_variant_id": {"ecommerce": "43120017"},
                    "quantity": 1,
                });
                match days {
                    0 => body["add_to_next_charge"] = json!(true),
                    days => body["next_charge_scheduled_at"] = json!(self.day(days)),
                }
                self.post(&format!("/onetimes?commit={commit}"), &body);
            }
            Command::RemoveOnetime { which } => {
                let onetime = self.pick("onetimes", which, |_| true)?;
                self.send("DELETE", &path(&onetime, "onetimes", "", false), &json!({}));
            }
            Command::Pay { which } => {
                let charge = self.pick("charges", which, |_| true)?;
                self.post(&path(&charge, "charges", "/process", false), &json!({}));
            }
            Command::NewCard { which } => {
                let method = self.pick("payment_methods", which, |_| true)?;
                let address = self.pick("addresses", which, |a| {
                    a["customer_id"] == method["customer_id"]
                })?;
                let body = json!({"payment_method_id": method["id"]});
                self.send("PUT", &path(&address, "addresses", "", false), &body);
            }
            _ => return None,
        }
        Some(())
    }
}

fn path(row: &Value, plural: &str, action: &str, commit: bool) -> String {
    format!("/{plural}/{}{action}?commit={commit}", row["id"])
}

/// Those items of a charge that a mask chooses, at least one if any is allowed.
fn some_items(charge: &Value, mask: u8, except: &str) -> Vec<Value> {
    let lines = charge["line_items"].as_array().unwrap();
    let allowed: Vec<Value> = lines
        .iter()
        .filter(|line| line["purchase_item_type"] != except)
        .map(|line| line["purchase_item_id"].clone())
        .collect();
    let chosen: Vec<Value> = allowed
        .iter()
        .enumerate()
        .filter(|(n, _)| mask >> (n % 8) & 1 == 1)
        .map(|(_, id)| id.clone())
        .collect();
    if chosen.is_empty() {
        allowed.into_iter().take(1).collect()
    } else {
        chosen
    }
}

/// Pictures are long, and of no interest where a check prints what it found.
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
