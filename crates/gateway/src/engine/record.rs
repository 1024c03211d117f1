//! What is remembered of a change, and the small parts of the engine that hold data.

use base::hex;
use protocol::{CustomerId, Intent, PartState, Secret};
use serde::{Deserialize, Serialize};

use crate::actor::Actor;
use crate::journal::{Entry, Journal};

/// One change at work.
pub(crate) struct Work {
    pub(crate) customer: CustomerId,
    pub(crate) key: String,
    pub(crate) intent: Intent,
    /// Who asks for it.
    pub(crate) actor: Actor,
    /// The session that asks; empty for one that is gone.
    pub(crate) session: String,
    /// The reference of the request; empty where none asks.
    pub(crate) reference: String,
    /// The language of emails to the customer, as of `Accept-Language`; empty where it is not
    /// known.
    pub(crate) language: String,
}

impl Work {
    /// The change that an entry is about, with the hash of its secret as the secret.
    pub(crate) fn of(entry: &Entry) -> Option<Work> {
        let intent = serde_json::from_str(&entry.intent).ok()?;
        Some(Work {
            customer: entry.customer,
            key: entry.key.clone(),
            intent,
            actor: entry.actor.clone(),
            session: String::new(),
            reference: String::new(),
            language: String::new(),
        })
    }

    /// The intent as the journal keeps it; equal intents have equal text.
    pub(crate) fn intent_json(&self, journal: &dyn Journal) -> String {
        let json = serde_json::to_string(&self.intent).unwrap_or_default();
        match self.intent.secret().zip(self.intent.operation().secret()) {
            Some((secret, field)) => Secret::from(journal.hash(secret.expose())).fill(&json, field),
            None => json,
        }
    }
}

/// What is noted before each write, so that whoever comes later can find out about it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Evidence {
    /// Which write of the action it is about.
    pub(crate) step: usize,
    /// When it was sent, or its answer lost, milliseconds since 1970.
    pub(crate) noted_ms: i64,
    /// How far the action has come before this write.
    pub(crate) progress: Progress,
}

/// How far an action has come.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Progress {
    /// What takes the whole action back, from the state before it.
    pub(crate) undo: Option<Intent>,
    /// Whether upstream recalculates after what was done so far.
    pub(crate) settling: bool,
    /// The ids of what there was before something was made.
    pub(crate) known: Vec<u64>,
    /// The items that were refused, by their steps, and as what.
    pub(crate) refused: Vec<(usize, PartState)>,
    /// The steps that had nothing to do.
    #[serde(default)]
    pub(crate) idle: Vec<usize>,
    /// The steps whose writes happened.
    #[serde(default)]
    pub(crate) written: Vec<usize>,
    /// What to remember once the write at hand is known to have happened.
    #[serde(default)]
    pub(crate) facts: Vec<(String, Option<String>)>,
}

impl Evidence {
    /// Reads what stands in an entry; `None` where nothing was about to be written.
    pub(crate) fn read(json: &str) -> Option<Evidence> {
        serde_json::from_str(json).ok()
    }

    /// The text for the entry.
    pub(crate) fn json(&self) -> String {
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// A reference that a customer can read out.
pub(crate) fn reference(random: [u8; 16]) -> String {
    hex(&random[..6])
}
