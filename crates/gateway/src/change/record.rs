//! What is remembered of a change, and the small parts of the engine that hold data.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::{Arc, Mutex, PoisonError};

use protocol::{CustomerId, Intent, PartState};
use serde::{Deserialize, Serialize};

use super::Line;
use crate::journal::Entry;

/// One change at work.
pub(crate) struct Work {
    pub(crate) customer: CustomerId,
    pub(crate) key: String,
    pub(crate) intent: Intent,
    /// The session that asks; empty for one that is gone.
    pub(crate) session: String,
    /// The reference of the request; empty where none asks.
    pub(crate) reference: String,
}

impl Work {
    /// The change that an entry is about.
    pub(crate) fn of(entry: &Entry) -> Option<Work> {
        let intent = serde_json::from_str(&entry.intent).ok()?;
        Some(Work {
            customer: entry.customer,
            key: entry.key.clone(),
            intent,
            session: String::new(),
            reference: String::new(),
        })
    }

    /// The intent as the journal keeps it; equal intents have equal text.
    pub(crate) fn intent_json(&self) -> String {
        serde_json::to_string(&self.intent).unwrap_or_default()
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

/// One line per customer in which changes wait for each other.
#[derive(Default)]
pub(crate) struct Lines(Mutex<BTreeMap<CustomerId, Line>>);

/// From so many lines on, those that nobody stands in are dropped.
const LINES: usize = 1_000;

impl Lines {
    /// The line of a customer.
    pub(crate) fn of(&self, customer: CustomerId) -> Line {
        let mut lines = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lines.len() >= LINES {
            lines.retain(|_, line| Arc::strong_count(line) > 1);
        }
        Arc::clone(lines.entry(customer).or_default())
    }
}

/// Whether a key has the form of a UUID.
pub(crate) fn is_uuid(key: &str) -> bool {
    key.len() == 36
        && key.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// A reference that a customer can read out.
pub(crate) fn reference(random: [u8; 16]) -> String {
    random.iter().take(6).fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
