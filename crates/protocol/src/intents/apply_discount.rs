use recharge::AddressId;

use super::bodies::DiscountCode;
use super::declare::intent;

intent! {
    /// Put a discount code on everything that goes to an address.
    ApplyDiscount { address_id: AddressId }
    PUT "/addresses/{address_id}/discount" DiscountCode
}
