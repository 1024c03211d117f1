//! Moving a delivery to another day.

use protocol::view::{Delivery, DeliveryKey, DeliverySchedule, DeliveryState};
use protocol::{
    AddressId, Date, DeliveryReschedule, Intent, OnetimeId, Operation, Problem, PurchaseItemId,
    Refusal, RescheduleDelivery, Resource, SubscriptionId,
};
use recharge::{Charge, ChargeStatus, Onetime, Subscription};

use super::{Action, Row, Step};
use crate::model::deliveries::schedule;
use crate::model::delivery::{
    charges_on, check_open, deduplicated, holds, open_charge, selected_items,
};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::{check_date, date_rules};
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for RescheduleDelivery {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::RescheduleDelivery),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &[
                "POST /charges/{id}/change_next_charge_date",
                "POST /subscriptions/{id}/set_next_charge_date",
                "PUT /onetimes/{id}",
            ],
            evidence: &[
                "all items are charged on the new date and none on the old",
                "the item is charged on the new date",
            ],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::ToAddress {
            id: self.address_id,
            items: &self.body.purchase_item_ids,
        }
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step::Once(0)];
        steps.extend(Step::each(1, one_by_one(&self.body)));
        steps
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        match step {
            Step::Once(_) => move_charge(reader, &self.address_id, &self.date, &self.body).await,
            Step::Each(..) => {
                move_item(
                    reader,
                    &self.address_id,
                    &self.date,
                    &self.body,
                    step.item(one_by_one(&self.body)),
                )
                .await
            }
        }
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        match step {
            Step::Once(_) => {
                all_moved_to_target_date(reader, &self.address_id, &self.date, &self.body).await
            }
            Step::Each(..) => {
                item_moved_to_target_date(
                    reader,
                    &self.address_id,
                    &self.body,
                    step.item(one_by_one(&self.body)),
                )
                .await
            }
        }
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        after.move_items(self.key(), &self.body);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let delivery = testing::plain_delivery(account).await;
        let body = DeliveryReschedule {
            purchase_item_ids: testing::coming(&delivery),
            to: delivery.key.date.add_days(1),
            later: false,
        };
        RescheduleDelivery {
            address_id: delivery.key.address_id,
            date: delivery.key.date,
            body,
        }
        .into()
    }
}

/// Moves the queued charge with all that is on it; the deliveries that follow keep their days.
async fn move_charge(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryReschedule,
) -> Result<Option<Write>, Halt> {
    if body.later {
        return Ok(None);
    }
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    let schedule = schedule(reader).await?;
    let items = deduplicated(&body.purchase_item_ids);
    check_move(reader, &schedule, key, body, &items)?;
    let charges = charges_on(reader, key).await?;
    let charge = open_charge(&charges).ok_or(Refusal::NotMovable)?;
    let on_it = charge.line_items.iter().map(|line| line.purchase_item_id);
    if deduplicated(&on_it.collect::<Vec<_>>()) != items {
        return Err(Refusal::NotMovable.into());
    }
    // Joined with another delivery it can no longer be told apart as a whole.
    let joins = find(&schedule, key.address_id, body.to).is_some();
    let undo = back(reader, key, body).filter(|_| !joins);
    let request = Charge::change_date(charge.id, body.to);
    Ok(Some(Write::new(request).undo(undo)))
}

/// The items that are moved one by one: all, where what follows moves along.
fn one_by_one(body: &DeliveryReschedule) -> &[PurchaseItemId] {
    if body.later {
        &body.purchase_item_ids
    } else {
        &[]
    }
}

/// Moves one item, and with it its later deliveries.
async fn move_item(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryReschedule,
    item: &PurchaseItemId,
) -> Result<Option<Write>, Halt> {
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
    let request = if is_once {
        Onetime::set_date(OnetimeId(item.0), body.to)
    } else {
        let id = SubscriptionId(item.0);
        // Where several charges are queued at once, only the first one leads the others.
        if reader.subscription(id).await?.next_charge_scheduled_at != Some(key.date) {
            return Err(Refusal::NotMovable.into());
        }
        Subscription::set_next_charge_date(id, body.to)
    };
    let request = if body.purchase_item_ids.last() == Some(item) {
        request.commit()
    } else {
        request
    };
    // Moving forgets what was skipped further on, which moving back does not bring back.
    let loses = loses_skips(&schedule, key, &body.purchase_item_ids);
    let undo = back(reader, key, body).filter(|_| !loses);
    Ok(Some(Write::new(request).undo(undo)))
}

/// The item is planned for the new day.
async fn item_moved_to_target_date(
    reader: &Reader<'_>,
    address_id: &AddressId,
    body: &DeliveryReschedule,
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
fn loses_skips(schedule: &DeliverySchedule, key: DeliveryKey, items: &[PurchaseItemId]) -> bool {
    schedule.deliveries.iter().any(|other| {
        other.key.address_id == key.address_id
            && other.key.date > key.date
            && selected_items(other, items).any(|item| item.skipped)
    })
}

/// Moving it back, if the day it has now may be chosen.
fn back(reader: &Reader<'_>, key: DeliveryKey, body: &DeliveryReschedule) -> Option<Intent> {
    let back = Intent::RescheduleDelivery(RescheduleDelivery {
        address_id: key.address_id,
        date: body.to,
        body: DeliveryReschedule {
            to: key.date,
            ..body.clone()
        },
    });
    date_rules(reader).allow(key.date).then_some(back)
}

/// All items are planned for the new day, and none for the old one any more.
async fn all_moved_to_target_date(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryReschedule,
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
    body: &DeliveryReschedule,
    items: &[PurchaseItemId],
) -> Result<(), Refusal> {
    let delivery = find(schedule, key.address_id, key.date).ok_or(Refusal::StateChanged)?;
    check_open(delivery)?;
    // One item moves its subscription, whether or not upstream still works out the charge.
    let moves_charge = !body.later;
    if delivery.state != DeliveryState::Planned
        || moves_charge && delivery.due.is_none()
        || selected_items(delivery, items).any(|item| item.skipped)
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
fn following(
    schedule: &DeliverySchedule,
    key: DeliveryKey,
    items: &[PurchaseItemId],
) -> Option<Date> {
    let mut later = schedule.deliveries.iter().filter(|other| {
        other.key.address_id == key.address_id
            && other.key.date > key.date
            && selected_items(other, items).next().is_some()
    });
    later.next().map(|delivery| delivery.key.date)
}

fn find(schedule: &DeliverySchedule, address_id: AddressId, date: Date) -> Option<&Delivery> {
    let key = DeliveryKey { address_id, date };
    let mut deliveries = schedule.deliveries.iter();
    deliveries.find(|delivery| delivery.key == key)
}
