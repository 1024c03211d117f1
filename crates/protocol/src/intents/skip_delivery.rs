use base::Date;
use recharge::AddressId;

use super::bodies::DeliveryItems;
use super::declare::intent;

intent! {
    /// Skip a delivery, or some of its items.
    SkipDelivery { address_id: AddressId, date: Date }
    POST "/deliveries/{address_id}/{date}/skip" DeliveryItems
}
