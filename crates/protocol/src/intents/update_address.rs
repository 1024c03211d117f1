use recharge::AddressId;

use super::bodies::AddressForm;
use super::declare::intent;

intent! {
    /// Edit an address in place, for everything that ships there.
    UpdateAddress { address_id: AddressId }
    PUT "/addresses/{address_id}" AddressForm
}
