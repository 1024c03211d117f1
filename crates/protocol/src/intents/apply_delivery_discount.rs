use base::Date;
use recharge::AddressId;

use super::bodies::DiscountCode;
use super::declare::intent;

intent! {
    /// Put a discount code on one delivery.
    ApplyDeliveryDiscount { address_id: AddressId, date: Date }
    PUT "/deliveries/{address_id}/{date}/discount" DiscountCode
}
