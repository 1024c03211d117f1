//! Skipping a delivery, or some of its items, and bringing it back.

use protocol::view::{Delivery, DeliveryItem, DeliveryKey, DeliveryState, Lock};
use protocol::{
    AddressId, Date, DeliveryItems, Intent, Problem, PurchaseItemId, Refusal, SubscriptionDelivery,
};
use recharge::{Charge, ChargeStatus};

use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::views::deliveries::Desk;

/// Skips items: on the queued charge where there is one for that day, else ahead of it.
pub(crate) async fn skip(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryItems,
) -> Result<Option<Write>, Stop> {
    let (key, items) = (
        DeliveryKey {
            address_id: *address_id,
            date: *date,
        },
        ids(&body.purchase_item_ids),
    );
    let delivery = delivery(reader, key).await?;
    check_open(&delivery)?;
    let meant: Vec<&DeliveryItem> = meant(&delivery, &items).collect();
    if meant.iter().any(|item| item.skipped) {
        return Err(Refusal::StateChanged.into());
    }
    if meant.iter().any(|item| !item.skippable) {
        return Err(Refusal::NotSkippable.into());
    }
    let charges = charges_on(reader, key).await?;
    let queued = charges
        .iter()
        .find(|charge| charge.status == ChargeStatus::Queued);
    let undo = Intent::UnskipDelivery {
        address_id: key.address_id,
        date: key.date,
        body: body.clone(),
    };
    let request = match queued {
        Some(charge) => Charge::skip(charge.id, &items),
        None => Charge::skip_future(key.address_id, key.date, &items),
    };
    Ok(Some(Write::new(request).undo(undo)))
}

/// Skips the delivery of one of several subscriptions.
pub(crate) async fn skip_one(
    reader: &Reader<'_>,
    one: &SubscriptionDelivery,
) -> Result<Option<Write>, Stop> {
    let subscription = reader.subscription(one.subscription_id).await?;
    let body = items_of(one);
    let address_id = subscription.address_id;
    let key = DeliveryKey {
        address_id,
        date: one.date,
    };
    let found = delivery(reader, key).await;
    let is_there = found.is_ok_and(|d| meant(&d, &body.purchase_item_ids).next().is_some());
    if !is_there {
        return Err(Refusal::StateChanged.into());
    }
    let write = skip(reader, &address_id, &one.date, &body).await?;
    Ok(write.map(|write| write.undo(None)))
}

/// The delivery of one of several subscriptions is skipped.
pub(crate) async fn is_one_skipped(
    reader: &Reader<'_>,
    one: &SubscriptionDelivery,
) -> Result<bool, Problem> {
    let address_id = reader.subscription(one.subscription_id).await?.address_id;
    is_skipped(reader, &address_id, &one.date, &items_of(one)).await
}

fn items_of(one: &SubscriptionDelivery) -> DeliveryItems {
    DeliveryItems {
        purchase_item_ids: vec![one.subscription_id.into()],
    }
}

/// Brings skipped items back, from the skipped charge that stands for them.
pub(crate) async fn unskip(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryItems,
) -> Result<Option<Write>, Stop> {
    let (key, items) = (
        DeliveryKey {
            address_id: *address_id,
            date: *date,
        },
        ids(&body.purchase_item_ids),
    );
    let delivery = delivery(reader, key).await?;
    check_open(&delivery)?;
    let charges = charges_on(reader, key).await?;
    let charge = charges
        .iter()
        .find(|charge| holds(charge, &ChargeStatus::Skipped, &items))
        .ok_or(Refusal::StateChanged)?;
    let undo = Intent::SkipDelivery {
        address_id: key.address_id,
        date: key.date,
        body: body.clone(),
    };
    Ok(Some(
        Write::new(Charge::unskip(charge.id, &items)).undo(undo),
    ))
}

/// All of the items are skipped on that day.
pub(crate) async fn is_skipped(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryItems,
) -> Result<bool, Problem> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    is_all_skipped(reader, key, &body.purchase_item_ids).await
}

/// All of these are skipped with that delivery.
pub(super) async fn is_all_skipped(
    reader: &Reader<'_>,
    key: DeliveryKey,
    items: &[PurchaseItemId],
) -> Result<bool, Problem> {
    let charges = charges_on(reader, key).await?;
    let is_skipped = |id: &PurchaseItemId| {
        charges
            .iter()
            .any(|charge| holds(charge, &ChargeStatus::Skipped, &[*id]))
    };
    Ok(items.iter().all(is_skipped))
}

/// None of the items is skipped on that day any more.
pub(crate) async fn is_back(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryItems,
) -> Result<bool, Problem> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    let charges = charges_on(reader, key).await?;
    let is_skipped = |id: &PurchaseItemId| {
        charges
            .iter()
            .any(|charge| holds(charge, &ChargeStatus::Skipped, &[*id]))
    };
    Ok(!ids(&body.purchase_item_ids).iter().any(is_skipped))
}

/// The delivery that the customer names.
pub(crate) async fn delivery(reader: &Reader<'_>, key: DeliveryKey) -> Result<Delivery, Problem> {
    let desk = Desk::open(reader).await?;
    let (schedule, charges) = (reader.schedule().await?, reader.charges().await?.items);
    let mut deliveries = desk.deliveries(&schedule, &charges).into_iter();
    deliveries
        .find(|delivery| delivery.key == key)
        .ok_or_else(Problem::not_found)
}

/// The charge behind a delivery that can be paid or moved: queued, or failed.
pub(super) fn open_charge(charges: &[Charge]) -> Option<&Charge> {
    let in_state = |status| charges.iter().find(|charge| charge.status == status);
    in_state(ChargeStatus::Error).or_else(|| in_state(ChargeStatus::Queued))
}

/// Whether the delivery can still be changed. One that upstream recalculates can: its write
/// waits its turn.
pub(super) fn check_open(delivery: &Delivery) -> Result<(), Refusal> {
    match (&delivery.state, &delivery.lock) {
        (_, Some(Lock::CutOff)) => Err(Refusal::CutOffPassed),
        (DeliveryState::Planned | DeliveryState::Skipped, _) => Ok(()),
        (DeliveryState::Prepaid, _) => Err(Refusal::NotSkippable),
        _ => Err(Refusal::StateChanged),
    }
}

/// The charges on that day that have no order, or not yet.
pub(super) async fn charges_on(
    reader: &Reader<'_>,
    key: DeliveryKey,
) -> Result<Vec<Charge>, Problem> {
    let mut charges = reader.charges().await?.items;
    charges.retain(|c| c.address_id == key.address_id && c.scheduled_at == Some(key.date));
    Ok(charges)
}

/// Whether a charge in that state holds all of the items.
pub(super) fn holds(charge: &Charge, status: &ChargeStatus, items: &[PurchaseItemId]) -> bool {
    let has = |id: &PurchaseItemId| charge.line_items.iter().any(|l| l.purchase_item_id == *id);
    charge.status == *status && items.iter().all(has)
}

/// The items, each once: a list from outside may repeat itself.
pub(super) fn ids(items: &[PurchaseItemId]) -> Vec<PurchaseItemId> {
    let mut ids = items.to_vec();
    ids.sort();
    ids.dedup();
    ids
}

pub(super) fn meant<'a>(
    delivery: &'a Delivery,
    items: &'a [PurchaseItemId],
) -> impl Iterator<Item = &'a DeliveryItem> {
    delivery
        .items
        .iter()
        .filter(|item| items.contains(&item.purchase_item_id))
}
