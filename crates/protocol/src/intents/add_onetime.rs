use base::Date;
use protocol_derive::Generate;
use recharge::AddressId;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::json::Read;

intent! {
    /// Add a product once to a delivery.
    AddOnetime {}
    POST "/onetimes" NewOnetime
}

/// A product to be delivered once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct NewOnetime {
    /// Where it goes; what pays there pays for it.
    pub address_id: AddressId,
    /// The variant in the shop, one of the [`Catalogue`](crate::view::Catalogue).
    pub external_variant_id: String,
    /// How many, within the limits of [`SubscriptionRules`](crate::view::SubscriptionRules).
    pub quantity: u32,
    /// The day of the delivery that it rides with; `None` for the next one that can still be
    /// changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<Date>,
}
