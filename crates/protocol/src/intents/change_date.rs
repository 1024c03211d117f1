use recharge::SubscriptionId;

use super::bodies::NextDate;
use super::declare::intent;

intent! {
    /// Move the next charge of a subscription, from which its interval counts on.
    ChangeDate { subscription_id: SubscriptionId }
    POST "/subscriptions/{subscription_id}/set_next_charge_date" NextDate
}
