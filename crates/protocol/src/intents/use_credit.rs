use protocol_derive::Generate;
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Use credit on the next order, or keep it.
    UseCredit {}
    PUT "/customer/credit" CreditUse
}

/// Whether credit is spent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct CreditUse {
    /// Whether the next order uses it.
    pub next_order: bool,
}
