//! Store credit.

use recharge::Money;
use serde::Serialize;

use super::Id;

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
