use super::bodies::SubscriptionsDate;
use super::declare::intent;

intent! {
    /// Move the next charges of several subscriptions to one day.
    ChangeDates {}
    POST "/subscriptions/set_next_charge_date" SubscriptionsDate
}
