use recharge::SubscriptionId;

use super::bodies::NextDate;
use super::declare::intent;

intent! {
    /// Resume a paused subscription on a day.
    ResumeSubscription { subscription_id: SubscriptionId }
    POST "/subscriptions/{subscription_id}/resume" NextDate
}
