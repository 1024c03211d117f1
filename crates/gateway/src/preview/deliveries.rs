//! What paying for deliveries, with credit or without, and moving them do to the model.

use protocol::view::{
    Caution, Credit, Delivery, DeliveryItem, DeliveryKey, DeliveryState, PreviewLine, Topic, Value,
};
use protocol::{Date, DeliveryMove, Money, PurchaseItemId, SubscriptionId};

use super::estimate;
use super::model::Model;
use crate::views::totals;

impl Model {
    /// Pays for a delivery now: it is no longer to come, and its subscriptions wait for the next.
    pub(super) fn pay(&mut self, key: DeliveryKey) {
        let Some(at) = self.deliveries.iter().position(|d| d.key == key) else {
            return;
        };
        let paid = self.deliveries.remove(at);
        self.pays_now = paid.due;
        for item in paid.items.iter().filter(|item| !item.skipped) {
            let id = SubscriptionId(item.purchase_item_id.0);
            let following = self.following(key, item.purchase_item_id);
            if let Some(card) = self.card(id)
                && card.next_date == Some(key.date)
            {
                card.next_date = following;
            }
        }
    }

    /// Uses credit for the next order, or keeps it. Upstream takes it off when it charges, so that
    /// the delivery itself stays as it is and what it will cost is told beside.
    pub(super) fn use_credit(&mut self, credit: &Credit, is_used: bool) {
        let is_next = |delivery: &&Delivery| delivery.state == DeliveryState::Planned;
        let next = self.deliveries.iter().find(is_next);
        let Some((day, totals)) = next.and_then(|next| Some((next.key.date, next.totals?))) else {
            return;
        };
        // Credit of another currency cannot be told to pay for anything.
        let Some((with, used)) = totals::with_credit(totals, credit) else {
            return;
        };
        let line = |topic, day, with: Option<Money>, without: Option<Money>| {
            let (before, after) = match is_used {
                true => (without, with),
                false => (with, without),
            };
            PreviewLine {
                topic,
                subject: String::new(),
                day,
                before: before.map(Value::Money),
                after: after.map(Value::Money),
                estimated: true,
            }
        };
        self.beside.extend([
            line(Topic::Credit, None, Some(used), None),
            line(
                Topic::Total,
                Some(day),
                Some(with.total),
                Some(totals.total),
            ),
        ]);
    }

    /// Moves items of a delivery, alone or with all that follow.
    pub(super) fn move_items(&mut self, key: DeliveryKey, body: &DeliveryMove) {
        let to = DeliveryKey {
            date: body.to,
            ..key
        };
        if self.delivery(to).is_some() {
            self.cautions.push(Caution::Joins);
        }
        for id in &body.purchase_item_ids {
            if body.later && self.skips_after(key, *id) {
                self.cautions.push(Caution::LosesSkips);
            }
            let subscription = SubscriptionId(id.0);
            if body.later && self.card(subscription).is_some() {
                self.set_next_date(subscription, body.to);
                continue;
            }
            if let Some(item) = self.lift(key, *id) {
                self.put_on(to, item);
            }
            if let Some(card) = self.card(subscription)
                && card.next_date == Some(key.date)
            {
                card.next_date = Some(body.to);
            }
        }
    }

    /// The next day after `key` on which the item comes.
    fn following(&self, key: DeliveryKey, id: PurchaseItemId) -> Option<Date> {
        let comes = |item: &DeliveryItem| item.purchase_item_id == id && !item.skipped;
        let mut later = self.deliveries.iter().filter(|delivery| {
            delivery.key.address_id == key.address_id && delivery.key.date > key.date
        });
        later
            .find(|delivery| delivery.items.iter().any(comes))
            .map(|delivery| delivery.key.date)
    }

    fn skips_after(&self, key: DeliveryKey, id: PurchaseItemId) -> bool {
        self.deliveries.iter().any(|delivery| {
            delivery.key.address_id == key.address_id
                && delivery.key.date > key.date
                && delivery
                    .items
                    .iter()
                    .any(|item| item.purchase_item_id == id && item.skipped)
        })
    }

    /// Takes an item off one delivery, which goes where nothing is left.
    fn lift(&mut self, key: DeliveryKey, id: PurchaseItemId) -> Option<DeliveryItem> {
        let delivery = self.delivery(key)?;
        let at = delivery
            .items
            .iter()
            .position(|item| item.purchase_item_id == id)?;
        let item = delivery.items.remove(at);
        estimate::totals(delivery);
        self.touched.push(key);
        self.deliveries
            .retain(|delivery| !delivery.items.is_empty());
        Some(item)
    }
}
