use recharge::OnetimeId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Take a one-time product off its delivery.
    RemoveOnetime { onetime_id: OnetimeId }
    DELETE "/onetimes/{onetime_id}" Nothing
}
