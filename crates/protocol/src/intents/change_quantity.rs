use recharge::SubscriptionId;

use super::bodies::Quantity;
use super::declare::intent;

intent! {
    /// Change how many come.
    ChangeQuantity { subscription_id: SubscriptionId }
    PUT "/subscriptions/{subscription_id}/quantity" Quantity
}
