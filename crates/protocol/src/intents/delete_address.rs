use recharge::AddressId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Delete an address to which nothing goes.
    DeleteAddress { address_id: AddressId }
    DELETE "/addresses/{address_id}" Nothing
}
