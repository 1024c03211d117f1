use base::Date;
use recharge::AddressId;

use super::bodies::DeliveryItems;
use super::declare::intent;

intent! {
    /// Bring a skipped delivery back, or some of its items.
    UnskipDelivery { address_id: AddressId, date: Date }
    POST "/deliveries/{address_id}/{date}/unskip" DeliveryItems
}
