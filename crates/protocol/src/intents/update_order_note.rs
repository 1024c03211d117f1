use protocol_derive::Generate;
use recharge::AddressId;
use serde::{Deserialize, Serialize};

use super::declare::intent;

intent! {
    /// Change the note on everything that goes to an address.
    UpdateOrderNote { address_id: AddressId }
    PUT "/addresses/{address_id}/note" OrderNote
}

/// A note to whoever packs or brings what goes to an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Generate)]
#[serde(deny_unknown_fields)]
pub struct OrderNote {
    /// The note; empty removes it.
    pub note: String,
}
