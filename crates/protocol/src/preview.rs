//! Before and after: what a change will do, computed from what the browser holds.

use recharge::{Date, Money, PurchaseItemId};

use crate::view::{Delivery, DeliveryKey, DeliverySchedule, DeliveryState};

/// What skipping items of one delivery will do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SkipPreview {
    /// Whether nothing of the delivery remains.
    pub whole: bool,
    /// What the items cost now, before discounts, shipping and tax.
    pub before: Option<Money>,
    /// What the remaining items cost, before discounts, shipping and tax.
    pub after: Option<Money>,
    /// The next delivery to that address that is then still planned.
    pub next_date: Option<Date>,
}

/// What skipping `items` of the delivery `key` will do; `None` where there is no such delivery.
pub fn skip(
    schedule: &DeliverySchedule,
    key: DeliveryKey,
    items: &[PurchaseItemId],
) -> Option<SkipPreview> {
    let delivery = schedule
        .deliveries
        .iter()
        .find(|delivery| delivery.key == key)?;
    let remains = |item: &&crate::view::DeliveryItem| {
        !item.skipped && !items.contains(&item.purchase_item_id)
    };
    let whole = !delivery.items.iter().any(|item| remains(&item));
    let next = schedule.deliveries.iter().find(|other| {
        other.key.address_id == key.address_id
            && (other.key.date > key.date || (!whole && other.key == key))
            && other.state == DeliveryState::Planned
    });
    Some(SkipPreview {
        whole,
        before: sum(delivery, |item| !item.skipped),
        after: sum(delivery, |item| remains(&item)),
        next_date: next.map(|delivery| delivery.key.date),
    })
}

fn sum(delivery: &Delivery, count: impl Fn(&crate::view::DeliveryItem) -> bool) -> Option<Money> {
    let currency = delivery.items.first()?.total.currency();
    Money::sum(
        currency,
        delivery
            .items
            .iter()
            .filter(|item| count(item))
            .map(|item| item.total),
    )
}
