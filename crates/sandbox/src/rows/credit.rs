//! Store credit.

use base::Money;
use serde::Serialize;

use super::Id;

/// What a loyal customer is shown: a link to pass on, and a card that fills up.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Rewards {
    /// The last part of the referral link.
    pub(crate) referral_slug: String,
    pub(crate) punch_card_orders: u32,
    /// The state of each hole of the card.
    pub(crate) punch_states: Vec<String>,
}

/// Credit of one kind that a customer may spend.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct CreditAccount {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) name: String,
    /// `reward`, `manual` or `gift`.
    pub(crate) kind: &'static str,
    pub(crate) available: Money,
    pub(crate) initial: Money,
    pub(crate) expires_at: Option<i64>,
    pub(crate) redemption_code: String,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}
