//! What paying for deliveries, with credit or without, and moving them do to the model.

use protocol::view::{
    Caution, Credit, Delivery, DeliveryItem, DeliveryKey, DeliveryState, PreviewLine, Topic, Value,
};
use protocol::{Date, DeliveryReschedule, Money, PurchaseItemId, SubscriptionId};

use super::Projection;
use crate::model::totals;

impl Projection {
    /// Pays for a delivery now: it is no longer to come, and its subscriptions wait for the next.
    pub(crate) fn pay(&mut self, key: DeliveryKey) {
        let Some(at) = self.deliveries.iter().position(|d| d.key == key) else {
            return;
        };
        let paid = self.deliveries.remove(at);
        let due = paid
            .due
            .and_then(|due| due.minus(self.spend_credit(&paid)?));
        let due = due.or(paid.due);
        self.pays_now = match (self.pays_now, due) {
            (Some(sum), Some(due)) => sum.plus(due),
            (sum, due) => sum.or(due),
        };
        for item in paid.items.iter().filter(|item| !item.skipped) {
            let id = SubscriptionId(item.purchase_item_id.0);
            let ahead = self.paid_with(id, key.date);
            for day in &ahead {
                self.set_paid(DeliveryKey { date: *day, ..key });
            }
            let from = ahead.last().copied().unwrap_or(key.date);
            let following =
                self.following(DeliveryKey { date: from, ..key }, item.purchase_item_id);
            if let Some(card) = self.card(id)
                && card.next_date == Some(key.date)
            {
                card.next_date = following;
            }
        }
    }

    /// Takes the credit in use for what is paid now, as one charge takes it and no further one;
    /// how much that is.
    fn spend_credit(&mut self, paid: &Delivery) -> Option<Money> {
        let (_, used) = totals::with_credit(paid.totals?, self.credit.as_ref()?)?;
        self.credit = None;
        Some(used)
    }

    /// Uses credit for the next order, or keeps it.
    pub(crate) fn use_credit(&mut self, credit: Credit, is_used: bool) {
        let is_next = |delivery: &&Delivery| delivery.state == DeliveryState::Planned;
        let next = self.deliveries.iter().find(is_next);
        // Credit of another currency cannot be told to pay for anything.
        let used = next
            .and_then(|next| totals::with_credit(next.totals?, &credit))
            .map(|(_, used)| Value::Money(used));
        let Some(used) = used else { return };
        let (before, after) = if is_used {
            (None, Some(used))
        } else {
            (Some(used), None)
        };
        self.beside.push(PreviewLine {
            topic: Topic::Credit,
            subject: String::new(),
            day: None,
            before,
            after,
            estimated: false,
        });
        self.credit = is_used.then_some(credit);
    }

    /// Gives items of a delivery to somebody else: they ship to another address, and are charged
    /// there.
    pub(crate) fn give(&mut self, key: DeliveryKey, ids: &[PurchaseItemId]) {
        let given = self.delivery(key).into_iter().flat_map(|own| &own.items);
        let prices = given.filter(|item| ids.contains(&item.purchase_item_id));
        let prices: Option<Vec<Money>> = prices.map(|item| item.total).collect();
        let sum = prices.and_then(|prices| {
            let currency = prices.first()?.currency();
            Money::sum(currency, prices)
        });
        self.beside.extend(sum.map(|sum| PreviewLine {
            topic: Topic::Gift,
            subject: String::new(),
            day: Some(key.date),
            before: None,
            after: Some(Value::Money(sum)),
            estimated: false,
        }));
        self.cautions.push(Caution::GiftCosts);
        self.set_skipped(key, ids, true);
    }

    /// Moves items of a delivery, alone or with all that follow.
    pub(crate) fn move_items(&mut self, key: DeliveryKey, body: &DeliveryReschedule) {
        let to = DeliveryKey {
            date: body.to,
            ..key
        };
        if self.delivery(to).is_some() {
            self.cautions.push(Caution::Joins);
        }
        for id in self.accepted(&body.purchase_item_ids) {
            if body.later && self.skips_after(key, *id) {
                self.cautions.push(Caution::LosesSkips);
            }
            let subscription = SubscriptionId(id.0);
            if body.later && self.card(subscription).is_some() {
                self.set_next_date(subscription, body.to);
                continue;
            }
            // What is paid ahead with it comes as long after it as before.
            let (from, onto) = (
                self.paid_with(subscription, key.date),
                self.paid_with(subscription, to.date),
            );
            let days = [(key.date, to.date)]
                .into_iter()
                .chain(from.into_iter().zip(onto));
            let lifted: Vec<_> = days
                .filter_map(|(from, onto)| {
                    let from = DeliveryKey { date: from, ..key };
                    let estimated = self.delivery(from)?.estimated;
                    let item = self.lift(from, *id)?;
                    Some((DeliveryKey { date: onto, ..key }, item, estimated))
                })
                .collect();
            for (onto, item, estimated) in lifted {
                let is_new = self.delivery(onto).is_none();
                self.put_on(onto, item);
                // A charge moves with its delivery.
                if let Some(delivery) = self.delivery(onto).filter(|_| is_new) {
                    delivery.estimated = estimated;
                }
            }
            if let Some(card) = self.card(subscription)
                && card.next_date == Some(key.date)
            {
                card.next_date = Some(body.to);
            }
        }
    }

    /// The days of the deliveries that a payment of a subscription on `date` pays for, beyond that
    /// day.
    fn paid_with(&self, id: SubscriptionId, date: Date) -> Vec<Date> {
        let card = self.cards.iter().find(|card| card.id == id);
        let Some((interval, deliveries)) =
            card.and_then(|card| Some((card.interval?, card.deliveries_per_charge)))
        else {
            return Vec::new();
        };
        let fixed = self.fixed_days.get(&id.into()).copied();
        (1..deliveries)
            .map(|times| interval.after_on(date, times, fixed))
            .collect()
    }

    /// Notes that a delivery is paid ahead, where nothing else goes with it.
    fn set_paid(&mut self, key: DeliveryKey) {
        if let Some(delivery) = self.delivery(key)
            && delivery.items.iter().filter(|item| !item.skipped).count() == 1
        {
            delivery.state = DeliveryState::Prepaid;
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
        self.touched.push(key);
        self.deliveries
            .retain(|delivery| !delivery.items.is_empty());
        Some(item)
    }
}
