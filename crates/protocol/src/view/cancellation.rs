//! How the merchant has customers cancel.

use serde::{Deserialize, Serialize};

use super::shared::Translated;
use crate::intents::Operation;
use crate::json::Read;

/// What the form for cancelling can offer instead.
pub const CANCEL_OFFERS: [Operation; 7] = [
    Operation::PauseSubscription,
    Operation::SkipDelivery,
    Operation::SwapProduct,
    Operation::ChangeFrequency,
    Operation::ChangeQuantity,
    Operation::ChangeDate,
    Operation::GiftDelivery,
];

/// What the form for cancelling asks, and what it offers instead.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Read)]
pub struct CancellationRules {
    /// The reasons, in the order in which this customer sees them.
    pub reasons: Vec<CancelReason>,
    /// Whether one has to be chosen.
    pub required: bool,
    /// What can be done instead, of [`CANCEL_OFFERS`], in the merchant's order.
    pub offers: Vec<Operation>,
    /// Whether the steps are counted, and so to be reported.
    #[serde(default)]
    pub counted: bool,
}

/// A reason for cancelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct CancelReason {
    /// Its id, which stays when its text changes.
    pub id: String,
    /// What customers read.
    pub text: Translated,
}

/// Where the steps of canceling are reported, below [`API_BASE`](crate::API_BASE): a POST of a
/// [`CancellationEvent`]. 404 where they are not counted.
pub const CANCELLATION_EVENTS: &str = "/events";

/// The version of [`CancellationEvent`].
pub const CANCELLATION_EVENT_VERSION: u32 = 1;

/// A step of canceling that a customer took. It says nothing of who.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CancellationEvent {
    /// [`CANCELLATION_EVENT_VERSION`].
    pub version: u32,
    /// A random UUID, the same for all steps of one flow and for nothing else.
    pub flow: String,
    /// The step.
    pub step: CancellationStep,
    /// The id of one of the reasons that the customer can choose, with `reason`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The operation that was offered, with the steps of an offer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offer: Option<Operation>,
}

/// A step of canceling, in the order in which they are taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CancellationStep {
    /// The cancellation was opened.
    Started,
    /// A reason was chosen.
    Reason,
    /// Something was offered in place of it.
    OfferShown,
    /// The customer took that.
    OfferAccepted,
    /// The customer did not.
    OfferDeclined,
    /// The subscription was canceled.
    Canceled,
}

impl CancellationStep {
    /// All of them, in order.
    pub const ALL: [CancellationStep; 6] = [
        CancellationStep::Started,
        CancellationStep::Reason,
        CancellationStep::OfferShown,
        CancellationStep::OfferAccepted,
        CancellationStep::OfferDeclined,
        CancellationStep::Canceled,
    ];

    /// Its name, as it is sent and stored.
    pub fn name(self) -> &'static str {
        match self {
            CancellationStep::Started => "started",
            CancellationStep::Reason => "reason",
            CancellationStep::OfferShown => "offer_shown",
            CancellationStep::OfferAccepted => "offer_accepted",
            CancellationStep::OfferDeclined => "offer_declined",
            CancellationStep::Canceled => "canceled",
        }
    }
}
