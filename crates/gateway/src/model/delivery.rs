//! One delivery and the charges behind it.

use protocol::view::{Delivery, DeliveryItem, DeliveryKey, DeliveryState, Lock};
use protocol::{Date, Problem, PurchaseItemId, Refusal, SubscriptionId};
use recharge::{Charge, ChargeStatus};

use super::context::AccountContext;
use crate::upstream::reader::Reader;

/// All of these are skipped with that delivery.
pub(crate) async fn is_all_skipped(
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

/// The delivery that the customer names.
pub(crate) async fn delivery(reader: &Reader<'_>, key: DeliveryKey) -> Result<Delivery, Problem> {
    let context = AccountContext::open(reader).await?;
    let (schedule, charges) = (reader.schedule().await?, reader.charges().await?.items);
    let mut deliveries = context.deliveries(&schedule, &charges).into_iter();
    deliveries
        .find(|delivery| delivery.key == key)
        .ok_or_else(Problem::not_found)
}

/// The charge behind a delivery that can be paid or moved: queued, or failed.
pub(crate) fn open_charge(charges: &[Charge]) -> Option<&Charge> {
    let in_state = |status| charges.iter().find(|charge| charge.status == status);
    in_state(ChargeStatus::Error).or_else(|| in_state(ChargeStatus::Queued))
}

/// Whether the delivery can still be changed. One that upstream recalculates can: its write
/// waits its turn.
pub(crate) fn check_open(delivery: &Delivery) -> Result<(), Refusal> {
    match (&delivery.state, &delivery.lock) {
        (_, Some(Lock::CutOff)) => Err(Refusal::CutOffPassed),
        (DeliveryState::Planned | DeliveryState::Skipped, _) => Ok(()),
        (DeliveryState::Prepaid, _) => Err(Refusal::NotSkippable),
        _ => Err(Refusal::StateChanged),
    }
}

/// The charges on that day that have no order, or not yet.
pub(crate) async fn charges_on(
    reader: &Reader<'_>,
    key: DeliveryKey,
) -> Result<Vec<Charge>, Problem> {
    let mut charges = reader.charges().await?.items;
    charges.retain(|c| c.address_id == key.address_id && c.scheduled_at == Some(key.date));
    Ok(charges)
}

/// Whether a charge in that state holds all of the items.
pub(crate) fn holds(charge: &Charge, status: &ChargeStatus, items: &[PurchaseItemId]) -> bool {
    let has = |id: &PurchaseItemId| charge.line_items.iter().any(|l| l.purchase_item_id == *id);
    charge.status == *status && items.iter().all(has)
}

/// The items, each once: a list from outside may repeat itself.
pub(crate) fn deduplicated(items: &[PurchaseItemId]) -> Vec<PurchaseItemId> {
    let mut ids = items.to_vec();
    ids.sort();
    ids.dedup();
    ids
}

pub(crate) fn selected_items<'a>(
    delivery: &'a Delivery,
    items: &'a [PurchaseItemId],
) -> impl Iterator<Item = &'a DeliveryItem> {
    delivery
        .items
        .iter()
        .filter(|item| items.contains(&item.purchase_item_id))
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
