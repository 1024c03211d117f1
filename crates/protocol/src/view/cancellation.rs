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
}

/// A reason for cancelling.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct CancelReason {
    /// Its id, which stays when its text changes.
    pub id: String,
    /// What customers read.
    pub text: Translated,
}
