use recharge::AddressId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Take the discount code off an address.
    RemoveDiscount { address_id: AddressId }
    DELETE "/addresses/{address_id}/discount" Nothing
}
