//! The merchant's rules about subscriptions: which days may be chosen, and what is locked when.

pub(crate) mod guard;
pub(crate) mod texts;

use protocol::view::{DateRules, LockRule, OperationLock, QuantityLimits};
use protocol::{
    AddressId, Date, FieldProblem, Operation, Problem, PurchaseItemId, Refusal, SubscriptionId,
};
use recharge::{Order, Subscription};

use crate::model::context::{cut_off, earliest};
use crate::model::yearly::{over_limit, pauses, skips};
use crate::plan::{Halt, field_error};
use crate::policy::LockPolicy;
use crate::upstream::reader::Reader;

/// How far ahead a day may be chosen.
const FURTHEST_DAYS: i32 = 365;

/// What changes the delivery that is being prepared, and so ends with its cut-off. Cancelling
/// does not: a customer may end what they pay for whenever they like.
const BEFORE_CUT_OFF: &[Operation] = &[
    Operation::ChangeDate,
    Operation::ChangeFrequency,
    Operation::ChangeQuantity,
    Operation::SwapProduct,
    Operation::UpdateProperties,
    Operation::PauseSubscription,
    Operation::UpdateBundle,
];

/// What does not work on a subscription that upstream does not let be swapped.
const SWAPS: &[Operation] = &[Operation::SwapProduct];

/// The days that may be chosen now.
pub(crate) fn date_rules(reader: &Reader<'_>) -> DateRules {
    let policy = &reader.upstream.policy;
    DateRules {
        earliest: earliest(policy, &*reader.upstream.env),
        latest: reader.today().add_days(FURTHEST_DAYS),
        closed_weekdays: policy.closed.weekdays.iter().copied().collect(),
        closed_dates: policy.closed.dates.iter().copied().collect(),
    }
}

/// Whether a day may be chosen for a delivery.
pub(crate) fn check_date(reader: &Reader<'_>, date: Date) -> Result<(), Refusal> {
    let rules = date_rules(reader);
    match date {
        date if rules.allow(date) => Ok(()),
        date if date < rules.earliest => Err(Refusal::TooSoon),
        _ => Err(Refusal::ClosedDate),
    }
}

/// Something that pays must be at the address: what is added there is charged.
pub(crate) async fn check_payment(reader: &Reader<'_>, id: AddressId) -> Result<(), Halt> {
    let address = reader.address(id).await?;
    let paid = address.payment_method_id.map(drop);
    paid.ok_or_else(|| Refusal::NoPaymentMethod.into())
}

/// The quantity must be within the merchant's limits. Where it was over them before, it may
/// come down in steps.
pub(crate) fn check_quantity(reader: &Reader<'_>, quantity: u32, before: u32) -> Result<(), Halt> {
    let rules = &reader.upstream.policy.subscriptions;
    let limits = QuantityLimits {
        fewest: rules.fewest,
        most: rules.most,
    };
    check_limits(limits, quantity, before)
}

/// The same within other limits.
pub(crate) fn check_limits(limits: QuantityLimits, quantity: u32, before: u32) -> Result<(), Halt> {
    let is_step_down = (limits.most..before).contains(&quantity);
    if is_step_down || (limits.fewest..=limits.most).contains(&quantity) {
        Ok(())
    } else {
        Err(field_error("quantity", FieldProblem::OutOfRange))
    }
}

/// How many of one product a new subscription may have.
pub(crate) fn add_limits(reader: &Reader<'_>) -> QuantityLimits {
    let policy = &reader.upstream.policy;
    policy.products.add.limits(&policy.subscriptions)
}

/// How many of one product may be bought once.
pub(crate) fn once_limits(reader: &Reader<'_>) -> QuantityLimits {
    let policy = &reader.upstream.policy;
    policy.products.once.limits(&policy.subscriptions)
}

/// Whether so many of one product can be swapped at once. Swapping leaves their number as it is,
/// which may be any where the merchant says nothing of it.
fn is_swappable_quantity(reader: &Reader<'_>, quantity: u32) -> bool {
    let limits = reader.upstream.policy.products.swap.quantity;
    limits.is_none_or(|limits| (limits.fewest..=limits.most).contains(&quantity))
}

/// Whether `operation` can be used on a subscription now.
pub(crate) async fn check_lock(
    reader: &Reader<'_>,
    subscription: &Subscription,
    operation: Operation,
) -> Result<(), Halt> {
    match lock(reader, subscription, operation).await? {
        None => Ok(()),
        Some(lock) if lock.rule == LockRule::CutOff => Err(Refusal::CutOffPassed.into()),
        Some(lock) if lock.rule == LockRule::Yearly => Err(Refusal::PauseLimit.into()),
        Some(_) => Err(Refusal::Locked.into()),
    }
}

/// What cannot be used on a subscription now, of all that the merchant allows.
pub(crate) async fn locks(
    reader: &Reader<'_>,
    subscription: &Subscription,
) -> Result<Vec<OperationLock>, Problem> {
    let mut locks = Vec::new();
    for operation in &reader.upstream.policy.allowed {
        locks.extend(lock(reader, subscription, *operation).await?);
    }
    Ok(locks)
}

/// What stands against an operation: what lasts longest first.
async fn lock(
    reader: &Reader<'_>,
    subscription: &Subscription,
    operation: Operation,
) -> Result<Option<OperationLock>, Problem> {
    let lock = |rule| OperationLock {
        operation,
        rule,
        until: None,
        orders_left: None,
    };
    if SWAPS.contains(&operation) && subscription.is_swappable == Some(false) {
        return Ok(Some(lock(LockRule::Never)));
    }
    if operation == Operation::SwapProduct && !is_swappable_quantity(reader, subscription.quantity)
    {
        return Ok(Some(lock(LockRule::Quantity)));
    }
    if let Some(until) = yearly(reader, subscription.id, operation).await? {
        return Ok(Some(OperationLock {
            until: Some(until),
            ..lock(LockRule::Yearly)
        }));
    }
    for policy in &reader.upstream.policy.locks {
        if policy.operation != operation {
            continue;
        }
        if let Some(left) = orders_left(reader, subscription, policy).await? {
            return Ok(Some(OperationLock {
                orders_left: Some(left),
                ..lock(LockRule::MinimumOrders)
            }));
        }
        let window = window(reader, subscription, policy);
        if window.is_some() {
            return Ok(Some(OperationLock {
                until: window,
                ..lock(LockRule::Window)
            }));
        }
    }
    let next = next(reader, subscription).filter(|date| is_cut_off(reader, *date));
    let preparing = next.filter(|_| BEFORE_CUT_OFF.contains(&operation));
    Ok(preparing.map(|date| OperationLock {
        until: Some(date.add_days(1)),
        ..lock(LockRule::CutOff)
    }))
}

/// The first day on which the operation can be used again, where it was used as often as the
/// merchant allows within a year.
async fn yearly(
    reader: &Reader<'_>,
    id: SubscriptionId,
    operation: Operation,
) -> Result<Option<Date>, Problem> {
    let rules = &reader.upstream.policy.subscriptions;
    Ok(match operation {
        Operation::PauseSubscription => match rules.most_pauses_per_year {
            Some(most) => over_limit(&pauses(reader, id).await?, most),
            None => None,
        },
        Operation::SkipDelivery => match rules.most_skips_per_year {
            Some(most) => {
                let charges = reader.charges().await?.items;
                over_limit(&skips(&charges, id.into(), reader.today()), most)
            }
            None => None,
        },
        _ => None,
    })
}

/// How many orders have to come before the operation can be used; `None` where there were enough.
async fn orders_left(
    reader: &Reader<'_>,
    subscription: &Subscription,
    policy: &LockPolicy,
) -> Result<Option<u32>, Problem> {
    if policy.minimum_orders == 0 {
        return Ok(None);
    }
    let item = PurchaseItemId::from(subscription.id);
    let request = Order::list_of_item(reader.customer, item, policy.minimum_orders);
    let orders = reader.orders(request).await?.items.len();
    let had = u32::try_from(orders).unwrap_or(u32::MAX);
    Ok(policy
        .minimum_orders
        .checked_sub(had)
        .filter(|left| *left > 0))
}

/// The day after the next charge, where that is too close for the operation.
fn window(reader: &Reader<'_>, subscription: &Subscription, policy: &LockPolicy) -> Option<Date> {
    let days = i32::try_from(policy.days_before).ok()?;
    let next = next(reader, subscription)?;
    (reader.today().days_until(next) < days).then(|| next.add_days(1))
}

/// The next charge, where it is still to come.
fn next(reader: &Reader<'_>, subscription: &Subscription) -> Option<Date> {
    let next = subscription.next_charge_scheduled_at;
    next.filter(|date| *date >= reader.today())
}

fn is_cut_off(reader: &Reader<'_>, date: Date) -> bool {
    let env = &*reader.upstream.env;
    env.now_ms() >= cut_off(&reader.upstream.policy, env, date).at_ms
}
