use base::Date;
use recharge::AddressId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Take the discount code off one delivery.
    RemoveDeliveryDiscount { address_id: AddressId, date: Date }
    DELETE "/deliveries/{address_id}/{date}/discount" Nothing
}
