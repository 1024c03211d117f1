//! What a finished change leaves to be done: the jobs that the merchant's effects make of it.

use std::fmt::Write;
use std::sync::Arc;

use base::hex;
use gateway::Env;
use jiff::Timestamp;
use protocol::{CustomerId, Operation, Outcome, PartState};
use recharge::MetafieldText;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use crate::config::{Effect, EffectKind, SafeUrl, operation_name};

/// Something to be done outside, at least once, as it is kept in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Give a metafield of a customer a value.
    Metafield {
        /// Whose.
        customer: CustomerId,
        /// The group of keys.
        namespace: String,
        /// The key.
        key: String,
        /// The value.
        value: String,
    },
    /// Tell the merchant's server.
    Webhook {
        /// Where.
        url: String,
        /// What, as JSON.
        body: String,
    },
    /// Tell a customer that a payment went through.
    PaymentMail {
        /// Whom.
        customer: CustomerId,
    },
    /// Write to somebody.
    Mail {
        /// The address.
        to: String,
        /// The subject.
        subject: String,
        /// The text.
        text: String,
    },
}

impl Job {
    /// What it is, for people who look after the outbox. Names nobody.
    pub fn about(&self) -> String {
        match self {
            Job::Metafield { namespace, key, .. } => format!("metafield {namespace}.{key}"),
            Job::Webhook { url, .. } => match SafeUrl::parse(url) {
                Ok(url) => format!("webhook to {}", url.origin()),
                Err(_) => "webhook".to_owned(),
            },
            Job::PaymentMail { .. } => "mail after a payment".to_owned(),
            Job::Mail { .. } => "mail".to_owned(),
        }
    }

    /// The metafield's text, where it is one.
    pub(crate) fn metafield(&self) -> Option<(CustomerId, MetafieldText)> {
        let Job::Metafield {
            customer,
            namespace,
            key,
            value,
        } = self
        else {
            return None;
        };
        let text = MetafieldText {
            namespace: namespace.clone(),
            key: key.clone(),
            value: value.clone(),
        };
        Some((*customer, text))
    }
}

/// A change that is being closed.
#[derive(Debug, Clone, Copy)]
pub struct Finished<'a> {
    /// Whose.
    pub customer: CustomerId,
    /// Its key.
    pub key: &'a str,
    /// The intent as JSON.
    pub intent: &'a str,
    /// The outcome as JSON.
    pub outcome: &'a str,
    /// When it was asked for, milliseconds since 1970.
    pub begun_ms: i64,
}

/// The merchant's effects, and the clock whose days they speak of.
#[derive(Clone)]
pub struct Effects {
    rules: Vec<Effect>,
    env: Arc<dyn Env>,
}

impl std::fmt::Debug for Effects {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Effects").field(&self.rules).finish()
    }
}

impl Effects {
    /// The `rules` of the configuration.
    pub fn new(rules: Vec<Effect>, env: Arc<dyn Env>) -> Effects {
        Effects { rules, env }
    }

    /// The jobs that `change` leaves, each with an id that is the same whenever this is asked:
    /// none where nothing of it was done.
    pub fn jobs(&self, change: &Finished<'_>) -> Vec<(String, Job)> {
        let Some(told) = self.told(change) else {
            return Vec::new();
        };
        let rules = self.rules.iter().enumerate();
        let fitting = rules.filter(|(_, rule)| operation_name(rule.after) == told.operation);
        fitting
            .map(|(at, rule)| {
                let id = id(change, at);
                let job = told.job(&rule.kind, &id);
                (id, job)
            })
            .collect()
    }

    fn told(&self, change: &Finished<'_>) -> Option<Told> {
        let outcome: Outcome = serde_json::from_str(change.outcome).ok()?;
        let is_done = |state: &PartState| *state == PartState::Done;
        if !outcome.parts.iter().any(|part| is_done(&part.state)) {
            return None;
        }
        let intent: Map<String, Value> = serde_json::from_str(change.intent).ok()?;
        let (operation, mut sent) = intent.into_iter().next()?;
        let known: Option<Operation> = serde_json::from_value(Value::from(operation.as_str())).ok();
        if let Some(secret) = known.and_then(Operation::secret) {
            // Not even its hash.
            sent["body"].as_object_mut()?.remove(secret);
        }
        let date = self.env.local(change.begun_ms).0.to_string();
        let at = Timestamp::from_millisecond(change.begun_ms)
            .map(|at| at.to_string())
            .unwrap_or_default();
        Some(Told {
            operation,
            sent,
            date,
            at,
            customer: change.customer,
            outcome,
        })
    }
}

/// A change as it is told to others.
struct Told {
    operation: String,
    sent: Value,
    date: String,
    at: String,
    customer: CustomerId,
    outcome: Outcome,
}

impl Told {
    fn job(&self, kind: &EffectKind, id: &str) -> Job {
        match kind {
            EffectKind::Metafield {
                namespace,
                key,
                value,
            } => Job::Metafield {
                customer: self.customer,
                namespace: namespace.clone(),
                key: key.clone(),
                value: value.fill(|name| self.fact(name)),
            },
            EffectKind::Webhook { url, .. } => Job::Webhook {
                url: url.url().to_string(),
                body: self.json(id).to_string(),
            },
            EffectKind::Mail { to } => Job::Mail {
                to: to.clone(),
                subject: format!(
                    "Subscription portal: {} ({})",
                    self.operation.replace('_', " "),
                    self.outcome.reference
                ),
                text: self.text(),
            },
        }
    }

    /// What a template may say.
    fn fact(&self, name: &str) -> Option<String> {
        match name {
            "operation" => Some(self.operation.clone()),
            "reference" => Some(self.outcome.reference.clone()),
            "customer_id" => Some(self.customer.to_string()),
            "at" => Some(self.at.clone()),
            "date" => Some(self.date.clone()),
            "subject" => self.outcome.parts.first().map(|part| part.subject.clone()),
            name => match self
                .sent
                .get(name)
                .or_else(|| self.sent["body"].get(name))?
            {
                Value::String(text) => Some(text.clone()),
                Value::Number(number) => Some(number.to_string()),
                _ => None,
            },
        }
    }

    fn json(&self, id: &str) -> Value {
        json!({
            "id": id,
            "type": self.operation,
            "at": self.at,
            "customer_id": self.customer,
            "reference": self.outcome.reference,
            "change": self.sent,
            "parts": self.outcome.parts,
        })
    }

    /// The same for people.
    fn text(&self) -> String {
        let mut text = format!(
            "A customer asked for this in the subscription portal.\n\n\
             What: {}\nCustomer in Recharge: {}\nReference: {}\nWhen: {}\n",
            self.operation.replace('_', " "),
            self.customer,
            self.outcome.reference,
            self.at
        );
        let fields = self.sent.as_object().into_iter().flatten();
        let inner = self.sent["body"].as_object().into_iter().flatten();
        for (name, value) in fields.filter(|(name, _)| *name != "body").chain(inner) {
            let value = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            // Writing to a string cannot fail.
            let _ = write!(text, "\n{}: {value}", name.replace('_', " "));
        }
        text
    }
}

/// The id of the job that effect number `at` makes of a change.
fn id(change: &Finished<'_>, at: usize) -> String {
    let text = format!("{}/{}/{at}", change.customer, change.key);
    let digest = Sha256::digest(text.as_bytes());
    hex(&digest[..16])
}
