//! The store: takes a call and the time, answers as upstream would.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::bucket::Bucket;
use crate::call::{Answer, Call};
use crate::confine::confined;
use crate::errors;
use crate::events;
use crate::faults::{Effect, Fault, fill_template};
use crate::hosted::{self, Pass};
use crate::incoming::Incoming;
use crate::routes::{self, Access};
use crate::rows::{Id, Tables};
use crate::scenario::Scenario;
use crate::settings::Settings;
use crate::tick;
use crate::webhooks::{self, WebhookCall};

/// A Recharge store in memory, with faults on demand and a record of every call.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) tables: Tables,
    faults: Vec<Fault>,
    log: Vec<LogEntry>,
    bucket: Option<Bucket>,
    /// Addresses occupied by a slow write, each with the time when it is free again.
    occupied: Vec<(Id, i64)>,
    /// Calls of webhooks that nobody has made yet.
    webhook_calls: Vec<WebhookCall>,
}

/// One call as the log remembers it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LogEntry {
    /// When it came, in milliseconds since 1970.
    pub at_ms: i64,
    /// The method in capitals.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// The query, unescaped, `name=value` joined by `&`.
    pub query: String,
    /// The status answered, or that would have been answered had the answer not been lost.
    pub status: u16,
    /// Whether the store was changed.
    pub wrote: bool,
    /// Whether a fault lost the answer.
    pub is_lost: bool,
}

impl Store {
    /// The store of a scenario, whose dates lie around `now_ms`.
    pub fn new(scenario: Scenario, now_ms: i64) -> Store {
        Store {
            tables: scenario.tables(now_ms),
            faults: Vec::new(),
            log: Vec::new(),
            bucket: None,
            occupied: Vec::new(),
            webhook_calls: Vec::new(),
        }
    }

    /// The same store behind upstream's rate limit: 40 calls, two more each second.
    #[must_use]
    pub fn rate_limited(self) -> Store {
        Store {
            bucket: Some(Bucket::default()),
            ..self
        }
    }

    /// The same store whose hosted portal is at `origin`, scheme and host.
    #[must_use]
    pub fn hosted_at(mut self, origin: &str) -> Store {
        self.tables.shop.hosted_origin = origin.to_owned();
        self
    }

    /// The page at a path of the hosted portal, in HTML; `None` where nobody is let in.
    pub fn hosted_page(&self, now_ms: i64, path: &str, token: Option<&str>) -> Option<String> {
        hosted::page(&self.tables, path, token, now_ms)
    }

    /// Whether `token` is a session that this store gave a customer and that is still good.
    pub fn knows_session(&self, now_ms: i64, token: &str) -> bool {
        hosted::holder(&self.tables, token, Pass::Session, now_ms).is_some()
    }

    /// Adds a fault. The first that matches a call meets it.
    pub fn add_fault(&mut self, fault: Fault) {
        self.faults.push(fault);
    }

    /// The faults still to happen.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// Takes all faults back.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// The store's switches.
    pub fn settings(&self) -> Settings {
        self.tables.shop.settings
    }

    /// Sets the store's switches, as its merchant would.
    pub fn configure(&mut self, settings: Settings) {
        self.tables.shop.settings = settings;
    }

    /// Every call since the start or since the log was cleared.
    pub fn log(&self) -> &[LogEntry] {
        &self.log
    }

    /// Forgets the calls so far.
    pub fn clear_log(&mut self) {
        self.log.clear();
    }

    /// Everything the store holds, as JSON, to see whether something changed. Faults, log
    /// and rate limit are not part of it.
    pub fn state(&self) -> Value {
        serde_json::to_value(&self.tables).unwrap_or_default()
    }

    /// Id, e-mail and name of every customer, for demos and tests.
    pub fn customers(&self) -> Vec<Person> {
        let person = |c: &crate::rows::Customer| Person {
            id: c.id,
            email: c.email.clone(),
            name: format!("{} {}", c.first_name, c.last_name),
            hash: c.hash.clone(),
            external_customer_id: c.external_customer_id.clone(),
        };
        self.tables.customers.values().map(person).collect()
    }

    /// Lets time pass without a call: charges are paid, retried and regenerated.
    pub fn advance(&mut self, now_ms: i64) {
        self.telling(|store| tick::advance(&mut store.tables, now_ms));
    }

    /// The calls of webhooks that changes since the last time lead to.
    pub fn take_webhook_calls(&mut self) -> Vec<WebhookCall> {
        std::mem::take(&mut self.webhook_calls)
    }

    /// Does `work`, and notes for the webhooks that there are what it has changed.
    fn telling<T>(&mut self, work: impl FnOnce(&mut Store) -> T) -> T {
        let before = webhooks::are_registered(&self.tables).then(|| self.tables.clone());
        let done = work(self);
        if let Some(before) = before {
            let calls = webhooks::calls(&before, &self.tables);
            self.webhook_calls.extend(calls);
        }
        done
    }

    /// Answers one call at `now_ms`.
    pub fn handle(&mut self, now_ms: i64, call: Call) -> Answer {
        self.telling(|store| store.respond(now_ms, call))
    }

    fn respond(&mut self, now_ms: i64, mut call: Call) -> Answer {
        tick::advance(&mut self.tables, now_ms);
        // Vendor examples write `/subscriptions/` for a list.
        if let Some(path) = call.path.strip_suffix('/').filter(|path| !path.is_empty()) {
            call.path = path.to_owned();
        }
        let (mut answer, wrote) = self.meet(now_ms, &call);
        if let Some(bucket) = &self.bucket {
            answer.headers.push(("x-recharge-limit", bucket.header()));
        }
        self.log.push(LogEntry {
            at_ms: now_ms,
            query: call
                .query
                .iter()
                .map(|(k, v)| format!("{k}={v}"))
                .collect::<Vec<_>>()
                .join("&"),
            method: call.method,
            path: call.path,
            status: answer.status,
            wrote,
            is_lost: answer.is_lost,
        });
        answer
    }

    /// Lets the rate limit and the faults have their say, then answers; also whether
    /// something was written.
    fn meet(&mut self, now: i64, call: &Call) -> (Answer, bool) {
        if let Some(Err(seconds)) = self.bucket.as_mut().map(|bucket| bucket.admit(now)) {
            return (errors::too_many(seconds), false);
        }
        let Some(effect) = self.next_fault(call) else {
            return self.answer(now, call);
        };
        match effect {
            Effect::LoseBefore => (Answer::default().lost(), false),
            Effect::Status(status) => (errors::on_purpose(status), false),
            Effect::LoseAfter => {
                let (answer, wrote) = self.answer(now, call);
                (answer.lost(), wrote)
            }
            Effect::NotJson => {
                let (_, wrote) = self.answer(now, call);
                (errors::not_json(), wrote)
            }
            Effect::Delay(delay_ms) => {
                let is_write = call.method != "GET";
                let address = routes::address_of(&self.tables, call).filter(|_| is_write);
                let (answer, wrote) = self.answer(now, call);
                let free_at = now.saturating_add_unsigned(delay_ms);
                self.occupied.extend(address.map(|id| (id, free_at)));
                (Answer { delay_ms, ..answer }, wrote)
            }
        }
    }

    fn next_fault(&mut self, call: &Call) -> Option<Effect> {
        let at = self
            .faults
            .iter()
            .position(|fault| fault.meets(&call.method, &call.path))?;
        let fault = &mut self.faults[at];
        fault.times -= 1;
        let effect = fault.effect;
        if fault.times == 0 {
            self.faults.remove(at);
        }
        Some(effect)
    }

    /// Finds the handler and lets it answer. A refused write leaves no trace.
    fn answer(&mut self, now: i64, call: &Call) -> (Answer, bool) {
        let Some(token) = &call.session else {
            return self.answer_for(now, call, None);
        };
        let confined = hosted::holder(&self.tables, token, Pass::Session, now)
            .ok_or_else(errors::not_a_session)
            .and_then(|customer| Ok((customer, confined(&self.tables, customer, call)?)));
        match confined {
            Ok((customer, call)) => self.answer_for(now, &call, Some(customer)),
            Err(refusal) => (refusal, false),
        }
    }

    fn answer_for(&mut self, now: i64, call: &Call, customer: Option<Id>) -> (Answer, bool) {
        let (access, segments) = match find(&call.method, &call.path) {
            Ok(found) => found,
            Err(answer) => return (answer, false),
        };
        let body = match &call.body {
            None => Map::new(),
            Some(Value::Object(body)) => body.clone(),
            Some(_) => return (errors::not_an_object(), false),
        };
        let incoming = Incoming {
            now,
            customer,
            segments,
            query: call.query.clone(),
            body,
        };
        match access {
            Access::Read(read) => (
                read(&self.tables, &incoming).unwrap_or_else(|refusal| refusal),
                false,
            ),
            Access::Write(write) => {
                if self.is_occupied(now, call) {
                    return (errors::conflict(), false);
                }
                let mut changed = self.tables.clone();
                match write(&mut changed, &incoming) {
                    Ok(answer) => {
                        events::record(&self.tables, &mut changed, call, &answer, now);
                        self.tables = changed;
                        // The one GET that writes makes a token, nothing of a customer's.
                        (answer, call.method != "GET")
                    }
                    Err(refusal) => (refusal, false),
                }
            }
        }
    }

    fn is_occupied(&mut self, now: i64, call: &Call) -> bool {
        self.occupied.retain(|(_, free_at)| *free_at > now);
        let address = routes::address_of(&self.tables, call);
        self.occupied
            .iter()
            .any(|(occupied, _)| Some(*occupied) == address)
    }
}

/// A customer, as demos and tests look for one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Person {
    /// Recharge's id.
    pub id: u64,
    /// The e-mail address.
    pub email: String,
    /// First and last name.
    pub name: String,
    /// The opaque hash of portal links.
    pub hash: String,
    /// The shop platform's id, where the customer has one.
    pub external_customer_id: Option<String>,
}

/// The handler of a method and path, with the values of the path's placeholders.
fn find(method: &str, path: &str) -> Result<(Access, Vec<String>), Answer> {
    let mut path_exists = false;
    for tables in routes::ALL {
        for (route_method, template, access) in *tables {
            let Some(segments) = fill_template(template, path) else {
                continue;
            };
            if *route_method == method {
                return Ok((*access, segments));
            }
            path_exists = true;
        }
    }
    Err(if path_exists {
        errors::method_not_allowed()
    } else {
        errors::not_found()
    })
}
