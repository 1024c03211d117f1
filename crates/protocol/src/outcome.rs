//! What became of an intent.

use recharge::open_enum;
use serde::{Deserialize, Serialize};

use crate::intents::Sendable;
use crate::json::{Json, Read, words};
use crate::problem::FieldError;
use crate::refusal::Refusal;
use crate::view::preview::PreviewLine;

/// The answer to an intent: a list of parts, of which a simple action has one. Where not all
/// is done, what was done or refused for all of its items comes before them as a part more.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Outcome {
    /// What became of each part: of each item, in the order in which they were sent and each
    /// once, where the action is about several, else of the steps that were tried.
    pub parts: Vec<Part>,
    /// What the browser holds that is no longer true.
    pub stale: Vec<Resource>,
    /// Where it came out otherwise than its preview said: what was said, and what is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub differences: Vec<PreviewLine>,
    /// Whether upstream still recalculates: totals are 'Updating' until a re-read says otherwise.
    pub settling: bool,
    /// The intent that takes this one back, where there is one.
    pub undo: Option<Sendable>,
    /// The reference that the middleware's log has too.
    pub reference: String,
}

impl Outcome {
    /// Whether every part is done.
    pub fn is_done(&self) -> bool {
        self.parts.iter().all(|part| part.state == PartState::Done)
    }
}

/// One part of an action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Part {
    /// What it is about in the customer's words, such as a product's title; empty for a simple action.
    pub subject: String,
    /// What became of it.
    pub state: PartState,
}

/// What became of one part.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PartState {
    /// It happened.
    Done,
    /// It was refused and nothing changed.
    Refused {
        /// Why.
        reason: Refusal,
        /// The fields that were refused, empty where it is not about a field.
        fields: Vec<FieldError>,
    },
    /// It was not tried, because a part before it failed.
    NotTried,
    /// It is not known yet whether it happened; the middleware keeps checking, and this
    /// customer's other changes of the same things wait. Asking again with the same key tells.
    Unknown,
}

open_enum! {
    /// A kind of data that the browser holds.
    pub enum Resource {
        /// The overview.
        Overview = "overview",
        /// The list of subscriptions and every detail page.
        Subscriptions = "subscriptions",
        /// The delivery schedule.
        Deliveries = "deliveries",
        /// Orders and charges.
        Orders = "orders",
        /// Addresses.
        Addresses = "addresses",
        /// Payment methods.
        PaymentMethods = "payment_methods",
        /// The customer.
        Customer = "customer",
    }
}

words!(Resource);

impl Read for PartState {
    fn read(json: Json) -> Option<PartState> {
        let (name, mut fields) = json.variant()?;
        Some(match name.as_str() {
            "done" => PartState::Done,
            "refused" => PartState::Refused {
                reason: fields.take("reason")?,
                fields: fields.take("fields")?,
            },
            "not_tried" => PartState::NotTried,
            "unknown" => PartState::Unknown,
            _ => return None,
        })
    }
}
