//! Discount codes: on everything that goes to an address, or on one delivery.
//!
//! An access token may put any code anywhere, so what a shop customer could not use is refused
//! here. How often a code was used only upstream knows; its refusal is translated.

use protocol::view::{DeliveryKey, DeliveryState};
use protocol::{
    AddressId, Date, DiscountCode, FieldProblem, Intent, Money, Nothing, Problem, Refusal,
};
use recharge::{
    Address, AppliedDiscount, Charge, ChargeStatus, Discount, DiscountStatus, Timestamp, list_all,
};

use super::skip::{charges_on, check_open, delivery};
use super::subscription::wrong;
use crate::plan::{Stop, Write};
use crate::reader::{LIST_CAP, Reader, problem};
use crate::views::deliveries::schedule;

/// The longest code, in characters.
const LONGEST_CODE: usize = 100;

/// Puts a code on everything that goes to an address.
pub(crate) async fn apply(
    reader: &Reader<'_>,
    id: &AddressId,
    body: &DiscountCode,
) -> Result<Option<Write>, Stop> {
    let address = reader.address(*id).await?;
    let charges = reader.charges().await?.items;
    let taken = charges.iter().any(|charge| {
        charge.address_id == *id
            && charge.status == ChargeStatus::Queued
            && !charge.discounts.is_empty()
    });
    if taken || !address.discounts.is_empty() {
        return Err(wrong("code", FieldProblem::DiscountNotCombinable));
    }
    let discount = usable(reader, &body.code, next_sum(reader, *id).await?).await?;
    let undo = Intent::RemoveDiscount {
        address_id: *id,
        body: Nothing {},
    };
    let request = Address::set_discount(*id, Some(&discount.code)).commit();
    Ok(Some(Write::new(request).undo(undo)))
}

/// The address has the code.
pub(crate) async fn is_applied(
    reader: &Reader<'_>,
    id: &AddressId,
    body: &DiscountCode,
) -> Result<bool, Problem> {
    let address = reader.address(*id).await?;
    has_code(reader, &address.discounts, &body.code).await
}

/// Takes the code off an address.
pub(crate) async fn remove(reader: &Reader<'_>, id: &AddressId) -> Result<Option<Write>, Stop> {
    let address = reader.address(*id).await?;
    let discount = address.discounts.first().ok_or(Refusal::StateChanged)?;
    let undo = code_of(reader, discount)
        .await?
        .map(|code| Intent::ApplyDiscount {
            address_id: *id,
            body: DiscountCode { code },
        });
    let request = Address::set_discount(*id, None).commit();
    Ok(Some(Write::new(request).undo(undo)))
}

/// The address has no code.
pub(crate) async fn is_removed(reader: &Reader<'_>, id: &AddressId) -> Result<bool, Problem> {
    Ok(reader.address(*id).await?.discounts.is_empty())
}

/// Puts a code on one delivery.
pub(crate) async fn apply_once(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DiscountCode,
) -> Result<Option<Write>, Stop> {
    let key = key(address_id, date);
    let charge = queued(reader, key).await?;
    let address = reader.address(*address_id).await?;
    if !charge.discounts.is_empty() || !address.discounts.is_empty() {
        return Err(wrong("code", FieldProblem::DiscountNotCombinable));
    }
    let delivery = delivery(reader, key).await?;
    let sum = delivery.totals.map(|totals| totals.items);
    let discount = usable(reader, &body.code, sum).await?;
    let undo = Intent::RemoveDeliveryDiscount {
        address_id: *address_id,
        date: *date,
        body: Nothing {},
    };
    let request = Charge::apply_discount(charge.id, &discount.code);
    Ok(Some(Write::new(request).undo(undo)))
}

/// The delivery has the code.
pub(crate) async fn is_applied_once(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DiscountCode,
) -> Result<bool, Problem> {
    let discounts = discounts_on(reader, key(address_id, date)).await?;
    has_code(reader, &discounts, &body.code).await
}

/// Takes the code off one delivery. One that sits on the address is not taken off here.
pub(crate) async fn remove_once(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
) -> Result<Option<Write>, Stop> {
    let charge = queued(reader, key(address_id, date)).await?;
    let address = reader.address(*address_id).await?;
    let discount = charge.discounts.first().ok_or(Refusal::StateChanged)?;
    if !address.discounts.is_empty() {
        return Err(Refusal::StateChanged.into());
    }
    let undo = code_of(reader, discount)
        .await?
        .map(|code| Intent::ApplyDeliveryDiscount {
            address_id: *address_id,
            date: *date,
            body: DiscountCode { code },
        });
    Ok(Some(
        Write::new(Charge::remove_discount(charge.id)).undo(undo),
    ))
}

/// The delivery has no code.
pub(crate) async fn is_removed_once(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
) -> Result<bool, Problem> {
    let discounts = discounts_on(reader, key(address_id, date)).await?;
    Ok(discounts.is_empty())
}

/// The discount of a code, where the customer may use it on items that cost `sum` in all.
pub(crate) async fn usable(
    reader: &Reader<'_>,
    code: &str,
    sum: Option<Money>,
) -> Result<Discount, Stop> {
    let code = code.trim();
    let problem = match code.chars().count() {
        0 => Some(FieldProblem::Required),
        n if n > LONGEST_CODE => Some(FieldProblem::DiscountUnknown),
        _ => None,
    };
    if let Some(problem) = problem {
        return Err(wrong("code", problem));
    }
    let Some(discount) = find(reader, code).await? else {
        return Err(wrong("code", FieldProblem::DiscountUnknown));
    };
    match against(reader, &discount, sum) {
        Some(problem) => Err(wrong("code", problem)),
        None => Ok(discount),
    }
}

/// What stands against a discount, as far as its settings say.
fn against(reader: &Reader<'_>, discount: &Discount, sum: Option<Money>) -> Option<FieldProblem> {
    let today = reader.today();
    let day = |at: &Option<Timestamp>| at.as_ref().map(Timestamp::date);
    let is_off = matches!(
        discount.status,
        DiscountStatus::Disabled | DiscountStatus::FullyDisabled
    );
    let is_short =
        |min: &recharge::Amount| sum.is_some_and(|sum| sum < min.in_currency(sum.currency()));
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
async fn has_code(
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
async fn code_of(
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
async fn queued(reader: &Reader<'_>, key: DeliveryKey) -> Result<Charge, Stop> {
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

async fn discounts_on(
    reader: &Reader<'_>,
    key: DeliveryKey,
) -> Result<Vec<AppliedDiscount>, Problem> {
    let charges = charges_on(reader, key).await?.into_iter();
    let queued = charges.filter(|charge| charge.status == ChargeStatus::Queued);
    Ok(queued.flat_map(|charge| charge.discounts).collect())
}

/// What the items of the next delivery to an address cost; `None` where nothing is known to come.
async fn next_sum(reader: &Reader<'_>, id: AddressId) -> Result<Option<Money>, Problem> {
    let deliveries = schedule(reader).await?.deliveries;
    let mut coming = deliveries
        .iter()
        .filter(|d| d.key.address_id == id && d.state == DeliveryState::Planned);
    Ok(coming.find_map(|d| d.totals.map(|totals| totals.items)))
}

fn key(address_id: &AddressId, date: &Date) -> DeliveryKey {
    DeliveryKey {
        address_id: *address_id,
        date: *date,
    }
}
