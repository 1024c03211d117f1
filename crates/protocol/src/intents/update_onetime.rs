use recharge::OnetimeId;

use super::bodies::Quantity;
use super::declare::intent;

intent! {
    /// Change how many of a one-time product come.
    UpdateOnetime { onetime_id: OnetimeId }
    PUT "/onetimes/{onetime_id}" Quantity
}
