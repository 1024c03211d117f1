use base::Date;
use protocol_derive::Generate;
use recharge::{AddressId, PurchaseItemId};
use serde::{Deserialize, Serialize};

use super::bodies::AddressForm;
use super::declare::intent;
use crate::body::distinct;
use crate::json::Read;

intent! {
    /// Give one delivery to somebody else: skipped here, and sent to them once instead.
    GiftDelivery { address_id: AddressId, date: Date }
    POST "/deliveries/{address_id}/{date}/gift" DeliveryGift
}

/// Who gets a delivery instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct DeliveryGift {
    /// The purchase items that are given away, 1 to 100, each on that delivery.
    #[serde(deserialize_with = "distinct")]
    pub purchase_item_ids: Vec<PurchaseItemId>,
    /// Where the recipient is told of it, 3 to 255 characters.
    pub email: String,
    /// Where it goes. The customer's own address stays as it is.
    pub recipient: AddressForm,
}
