//! Moving a delivery to another day.

use protocol::view::{Delivery, DeliveryKey, DeliverySchedule, DeliveryState};
use protocol::{
    AddressId, Date, DeliveryMove, Intent, Problem, PurchaseItemId, Refusal, SubscriptionId,
};
use recharge::{Charge, ChargeStatus, Onetime, OnetimeId, Subscription};

use super::skip::{charges_on, check_open, holds, ids, meant, open_charge};
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::rules::{check_date, date_rules};
use crate::views::deliveries::schedule;

/// Moves the queued charge with all that is on it; the deliveries that follow keep their days.
pub(crate) async fn move_charge(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryMove,
) -> Result<Option<Write>, Stop> {
    if body.later {
        return Ok(None);
    }
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    let schedule = schedule(reader).await?;
    let items = ids(&body.purchase_item_ids);
    check_move(reader, &schedule, key, body, &items)?;
    let charges = charges_on(reader, key).await?;
    let charge = open_charge(&charges).ok_or(Refusal::NotMovable)?;
    let on_it = charge.line_items.iter().map(|line| line.purchase_item_id);
    if ids(&on_it.collect::<Vec<_>>()) != items {
        return Err(Refusal::NotMovable.into());
    }
    // Joined with another delivery it can no longer be told apart as a whole.
    let joins = find(&schedule, key.address_id, body.to).is_some();
    let undo = back(reader, key, body).filter(|_| !joins);
    let request = Charge::change_date(charge.id, body.to);
    Ok(Some(Write::new(request).undo(undo)))
}

/// The items that are moved one by one: all, where what follows moves along.
pub(crate) fn one_by_one(body: &DeliveryMove) -> &[PurchaseItemId] {
    match body.later {
        true => &body.purchase_item_ids,
        false => &[],
    }
}

/// Moves one item, and with it its later deliveries.
pub(crate) async fn move_item(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryMove,
    item: &PurchaseItemId,
) -> Result<Option<Write>, Stop> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    let schedule = schedule(reader).await?;
    check_move(reader, &schedule, key, body, &[*item])?;
    let is_once = find(&schedule, key.address_id, key.date)
        .into_iter()
        .flat_map(|delivery| &delivery.items)
        .any(|found| found.purchase_item_id == *item && found.one_time);
    let request = match is_once {
        true => Onetime::set_date(OnetimeId(item.0), body.to),
        false => {
            let id = SubscriptionId(item.0);
            // Where several charges are queued at once, only the first one leads the others.
            if reader.subscription(id).await?.next_charge_scheduled_at != Some(key.date) {
                return Err(Refusal::NotMovable.into());
            }
            Subscription::set_next_charge_date(id, body.to)
        }
    };
    let request = match body.purchase_item_ids.last() == Some(item) {
        true => request.commit(),
        false => request,
    };
    // Moving forgets what was skipped further on, which moving back does not bring back.
    let loses = loses_skips(&schedule, key, &body.purchase_item_ids);
    let undo = back(reader, key, body).filter(|_| !loses);
    Ok(Some(Write::new(request).undo(undo)))
}

/// The item is planned for the new day.
pub(crate) async fn is_item_there(
    reader: &Reader<'_>,
    address_id: &AddressId,
    body: &DeliveryMove,
    item: &PurchaseItemId,
) -> Result<bool, Problem> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: body.to,
    };
    let charges = charges_on(reader, key).await?;
    let queued = |charge: &Charge| holds(charge, &ChargeStatus::Queued, &[*item]);
    Ok(charges.iter().any(queued))
}

/// Whether something of these is skipped after that delivery.
pub(crate) fn loses_skips(
    schedule: &DeliverySchedule,
    key: DeliveryKey,
    items: &[PurchaseItemId],
) -> bool {
    schedule.deliveries.iter().any(|other| {
        other.key.address_id == key.address_id
            && other.key.date > key.date
            && meant(other, items).any(|item| item.skipped)
    })
}

/// Moving it back, if the day it has now may be chosen.
fn back(reader: &Reader<'_>, key: DeliveryKey, body: &DeliveryMove) -> Option<Intent> {
    let back = Intent::MoveDelivery {
        address_id: key.address_id,
        date: body.to,
        body: DeliveryMove {
            to: key.date,
            ..body.clone()
        },
    };
    date_rules(reader).allow(key.date).then_some(back)
}

/// All items are planned for the new day, and none for the old one any more.
pub(crate) async fn is_there(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryMove,
) -> Result<bool, Problem> {
    let day = |date| DeliveryKey {
        address_id: *address_id,
        date,
    };
    let (before, after) = (
        charges_on(reader, day(*date)).await?,
        charges_on(reader, day(body.to)).await?,
    );
    let queued_in = |charges: &[Charge], id: PurchaseItemId| {
        let queued = |charge: &Charge| holds(charge, &ChargeStatus::Queued, &[id]);
        charges.iter().any(queued)
    };
    let moved = |id: &PurchaseItemId| queued_in(&after, *id) && !queued_in(&before, *id);
    Ok(body.purchase_item_ids.iter().all(moved))
}

/// Whether the customer may move these items to that day.
fn check_move(
    reader: &Reader<'_>,
    schedule: &DeliverySchedule,
    key: DeliveryKey,
    body: &DeliveryMove,
    items: &[PurchaseItemId],
) -> Result<(), Refusal> {
    let delivery = find(schedule, key.address_id, key.date).ok_or(Refusal::StateChanged)?;
    check_open(delivery)?;
    if delivery.state != DeliveryState::Planned
        || delivery.due.is_none()
        || meant(delivery, items).any(|item| item.skipped)
    {
        return Err(Refusal::NotMovable);
    }
    check_date(reader, body.to)?;
    if body.to > schedule.until || body.to == key.date {
        return Err(Refusal::NotMovable);
    }
    match following(schedule, key, items) {
        Some(next) if !body.later && body.to >= next => Err(Refusal::NotMovable),
        _ => Ok(()),
    }
}

/// The day on which any of the items comes again.
pub(crate) fn following(
    schedule: &DeliverySchedule,
    key: DeliveryKey,
    items: &[PurchaseItemId],
) -> Option<Date> {
    let mut later = schedule.deliveries.iter().filter(|other| {
        other.key.address_id == key.address_id
            && other.key.date > key.date
            && meant(other, items).next().is_some()
    });
    later.next().map(|delivery| delivery.key.date)
}

fn find(schedule: &DeliverySchedule, address_id: AddressId, date: Date) -> Option<&Delivery> {
    let key = DeliveryKey { address_id, date };
    let mut deliveries = schedule.deliveries.iter();
    deliveries.find(|delivery| delivery.key == key)
}
