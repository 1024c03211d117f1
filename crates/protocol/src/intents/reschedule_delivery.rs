use base::Date;
use protocol_derive::Generate;
use recharge::{AddressId, PurchaseItemId};
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::body::distinct;
use crate::json::Read;

intent! {
    /// Move a delivery to another day, alone or with all that follow it.
    RescheduleDelivery { address_id: AddressId, date: Date }
    POST "/deliveries/{address_id}/{date}/reschedule" DeliveryReschedule
}

/// Where a delivery goes in the calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct DeliveryReschedule {
    /// The purchase items that move, 1 to 100, each on that delivery.
    #[serde(deserialize_with = "distinct")]
    pub purchase_item_ids: Vec<PurchaseItemId>,
    /// The new day.
    pub to: Date,
    /// Whether the deliveries that follow move by as many days. Otherwise they keep their
    /// days, which only a delivery that moves as a whole can do.
    pub later: bool,
}
