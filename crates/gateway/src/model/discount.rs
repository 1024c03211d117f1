//! Which discount codes a customer can use.
//!
//! An access token may put any code anywhere, so what a shop customer could not use is refused
//! here. How often others used a code only upstream knows; its refusal is translated.

use base::Timestamp;
use protocol::view::{DeliveryKey, DeliveryState};
use protocol::{AddressId, FieldProblem, Money, Problem, Refusal};
use recharge::{AppliedDiscount, Charge, ChargeStatus, Discount, DiscountStatus, Order, list_all};

use super::deliveries::schedule;
use super::delivery::{charges_on, check_open, delivery};
use crate::env::day_of;
use crate::plan::{Halt, field_error};
use crate::upstream::reader::{LIST_CAP, Reader, problem};

/// The longest code, in characters.
const LONGEST_CODE: usize = 100;

/// How many past orders are searched for a code that can be used once.
const ORDERS: u32 = 50;

/// The discount of a code, where the customer may use it on items that cost `sum` in all.
pub(crate) async fn usable(
    reader: &Reader<'_>,
    code: &str,
    sum: Option<Money>,
) -> Result<Discount, Halt> {
    let code = code.trim();
    let problem = match code.chars().count() {
        0 => Some(FieldProblem::Required),
        n if n > LONGEST_CODE => Some(FieldProblem::DiscountUnknown),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(field_error("code", problem));
    }
    let Some(discount) = find(reader, code).await? else {
        return Err(field_error("code", FieldProblem::DiscountUnknown));
    };
    let problem = match against(reader, &discount, sum) {
        Some(problem) => Some(problem),
        None => used(reader, &discount).await?,
    };
    match problem {
        Some(problem) => Err(field_error("code", problem)),
        None => Ok(discount),
    }
}

/// What stands against a discount, as far as its settings say.
fn against(reader: &Reader<'_>, discount: &Discount, sum: Option<Money>) -> Option<FieldProblem> {
    let today = reader.today();
    let env = &*reader.upstream.env;
    let day = |at: &Option<Timestamp>| at.as_ref().map(|at| day_of(env, at));
    let is_off = matches!(
        discount.status,
        DiscountStatus::Disabled | DiscountStatus::FullyDisabled
    );
    let is_short = |min: &recharge::Amount| {
        sum.is_some_and(|sum| min.in_currency(sum.currency()).is_some_and(|min| sum < min))
    };
    if !discount.channel_settings.customer_portal.can_apply {
        Some(FieldProblem::DiscountBlocked)
    } else if is_off {
        Some(FieldProblem::DiscountDisabled)
    } else if day(&discount.starts_at).is_some_and(|starts| starts > today) {
        Some(FieldProblem::DiscountNotYet)
    } else if day(&discount.ends_at).is_some_and(|ends| ends < today) {
        Some(FieldProblem::DiscountExpired)
    } else if discount
        .prerequisite_subtotal_min
        .as_ref()
        .is_some_and(is_short)
    {
        Some(FieldProblem::DiscountMinimum)
    } else {
        None
    }
}

/// What stands against a discount by how often it was used, as far as that can be known: how
/// often others used it only upstream knows.
async fn used(reader: &Reader<'_>, discount: &Discount) -> Result<Option<FieldProblem>, Problem> {
    let limits = &discount.usage_limits;
    if limits.redemptions == Some(0) {
        return Ok(Some(FieldProblem::DiscountUsedUp));
    }
    let customer = reader.customer().await?;
    if limits.first_time_customer_restriction && customer.first_charge_processed_at.is_some() {
        return Ok(Some(FieldProblem::DiscountNewCustomers));
    }
    if !limits.one_application_per_customer {
        return Ok(None);
    }
    let is_it = |applied: &AppliedDiscount| applied.id == Some(discount.id);
    let mut addresses = customer.include.addresses.iter();
    let is_elsewhere = addresses.any(|address| address.discounts.iter().any(is_it));
    let orders = reader.orders(Order::list(reader.customer, ORDERS)).await?;
    let mut orders = orders.items.iter();
    let was_used = is_elsewhere || orders.any(|order| order.discounts.iter().any(is_it));
    Ok(was_used.then_some(FieldProblem::DiscountUsedBefore))
}

async fn find(reader: &Reader<'_>, code: &str) -> Result<Option<Discount>, Problem> {
    let listed = list_all::<Discount>(reader, Discount::find(code), LIST_CAP).await;
    let mut found = listed.map_err(problem)?.items.into_iter();
    Ok(found.find(|discount| is_same(&discount.code, code)))
}

/// Codes are the same whatever their case.
fn is_same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

/// Whether one of the discounts is that of `code`. Not every answer says their codes.
pub(crate) async fn has_code(
    reader: &Reader<'_>,
    discounts: &[AppliedDiscount],
    code: &str,
) -> Result<bool, Problem> {
    if discounts
        .iter()
        .any(|discount| is_same(&discount.code, code))
    {
        return Ok(true);
    }
    if discounts.iter().all(|discount| !discount.code.is_empty()) {
        return Ok(false);
    }
    let wanted = find(reader, code).await?.map(|discount| discount.id);
    Ok(wanted.is_some() && discounts.iter().any(|discount| discount.id == wanted))
}

/// The code of a discount that something has.
pub(crate) async fn code_of(
    reader: &Reader<'_>,
    discount: &AppliedDiscount,
) -> Result<Option<String>, Problem> {
    match (discount.code.is_empty(), discount.id) {
        (false, _) => Ok(Some(discount.code.clone())),
        (true, Some(id)) => reader.discount(id).await.map(|found| Some(found.code)),
        (true, None) => Ok(None),
    }
}

/// The queued charge of a delivery that can still be changed.
pub(crate) async fn queued(reader: &Reader<'_>, key: DeliveryKey) -> Result<Charge, Halt> {
    let delivery = delivery(reader, key).await?;
    check_open(&delivery)?;
    let charges = charges_on(reader, key).await?;
    let mut queued = charges
        .into_iter()
        .filter(|charge| charge.status == ChargeStatus::Queued);
    match queued.next() {
        Some(charge) if delivery.state == DeliveryState::Planned => Ok(charge),
        _ => Err(Refusal::NotPrepared.into()),
    }
}

pub(crate) async fn discounts_on(
    reader: &Reader<'_>,
    key: DeliveryKey,
) -> Result<Vec<AppliedDiscount>, Problem> {
    let charges = charges_on(reader, key).await?.into_iter();
    let queued = charges.filter(|charge| charge.status == ChargeStatus::Queued);
    Ok(queued.flat_map(|charge| charge.discounts).collect())
}

/// What the items of the next delivery to an address cost; `None` where nothing is known to come.
pub(crate) async fn next_sum(reader: &Reader<'_>, id: AddressId) -> Result<Option<Money>, Problem> {
    let deliveries = schedule(reader).await?.deliveries;
    let mut coming = deliveries
        .iter()
        .filter(|d| d.key.address_id == id && d.state == DeliveryState::Planned);
    Ok(coming.find_map(|d| d.totals.map(|totals| totals.items)))
}
