use protocol_derive::Generate;
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Add, replace or delete the tax id that stands on receipts.
    SetTaxId {}
    PUT "/customer/tax_id" TaxId
}

/// The customer's tax id.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct TaxId {
    /// As typed, see [`tax_id`](crate::tax_id); empty deletes it.
    pub tax_id: String,
}
