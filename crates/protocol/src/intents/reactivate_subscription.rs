use recharge::SubscriptionId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Reactivate a cancelled subscription.
    ReactivateSubscription { subscription_id: SubscriptionId }
    POST "/subscriptions/{subscription_id}/activate" Nothing
}
