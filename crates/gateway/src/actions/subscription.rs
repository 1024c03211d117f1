//! What the changes of a subscription have in common.

use protocol::{
    Date, FieldError, FieldProblem, Intent, Operation, Problem, Refusal, SubscriptionId,
};
use recharge::{ChargeStatus, Request, Subscription, SubscriptionStatus};

use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::rules::check_lock;

/// The subscription, where `operation` can be used on it now: active, and not locked.
pub(crate) async fn changeable(
    reader: &Reader<'_>,
    id: SubscriptionId,
    operation: Operation,
) -> Result<Subscription, Stop> {
    let subscription = reader.subscription(id).await?;
    if subscription.status != SubscriptionStatus::Active {
        return Err(Refusal::StateChanged.into());
    }
    check_lock(reader, &subscription, operation).await?;
    Ok(subscription)
}

/// The days to come on which a subscription is skipped, in order.
pub(crate) async fn skipped_dates(
    reader: &Reader<'_>,
    id: SubscriptionId,
) -> Result<Vec<Date>, Problem> {
    let charges = reader.charges().await?.items;
    let holds = |charge: &&recharge::Charge| {
        let mut lines = charge.line_items.iter();
        charge.status == ChargeStatus::Skipped && lines.any(|l| l.purchase_item_id == id.into())
    };
    let dates = charges.iter().filter(holds).filter_map(|c| c.scheduled_at);
    let mut dates: Vec<Date> = dates.filter(|date| *date >= reader.today()).collect();
    dates.sort();
    dates.dedup();
    Ok(dates)
}

/// The last write of an action, whose answer shows the charges as they are then.
pub(crate) fn last(request: Request, undo: Option<Intent>) -> Result<Option<Write>, Stop> {
    Ok(Some(Write::new(request.commit()).undo(undo)))
}

/// What is wrong with one field.
pub(crate) fn wrong(field: &str, error: FieldProblem) -> Stop {
    vec![FieldError {
        field: field.to_owned(),
        error,
    }]
    .into()
}
