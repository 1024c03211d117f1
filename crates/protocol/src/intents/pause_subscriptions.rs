use super::bodies::SubscriptionsDate;
use super::declare::intent;

intent! {
    /// Pause several subscriptions until a day.
    PauseSubscriptions {}
    POST "/subscriptions/pause" SubscriptionsDate
}
