//! What is to come for a customer, as far as a preview has to know it.

use protocol::view::{
    Caution, Delivery, DeliveryItem, DeliveryKey, DeliveryState, PreviewLine, SubscriptionCard,
};
use protocol::{AddressId, Date, Interval, Money, Problem, PurchaseItemId, SubscriptionId};

use super::estimate;
use crate::reader::Reader;
use crate::views::deliveries::schedule;
use crate::views::subscriptions::cards;

/// The subscriptions and deliveries of one customer.
#[derive(Clone)]
pub(crate) struct Model {
    /// Today in the store's zone.
    pub(crate) today: Date,
    /// The last day that is looked at.
    pub(crate) until: Date,
    /// All subscriptions.
    pub(crate) cards: Vec<SubscriptionCard>,
    /// The deliveries to come, by date and address.
    pub(crate) deliveries: Vec<Delivery>,
    /// What the change makes the customer aware of.
    pub(crate) cautions: Vec<Caution>,
    /// What no comparison of two models finds, such as a price that is not the subscription's.
    pub(crate) beside: Vec<PreviewLine>,
    /// What is taken at once.
    pub(crate) pays_now: Option<Money>,
    /// Deliveries whose costs the change makes an estimate.
    pub(crate) touched: Vec<DeliveryKey>,
}

impl Model {
    /// What there is now.
    pub(crate) async fn read(reader: &Reader<'_>) -> Result<Model, Problem> {
        let schedule = schedule(reader).await?;
        Ok(Model {
            today: reader.today(),
            until: schedule.until,
            cards: cards(reader).await?,
            deliveries: schedule.deliveries,
            cautions: Vec::new(),
            beside: Vec::new(),
            pays_now: None,
            touched: Vec::new(),
        })
    }

    /// A subscription.
    pub(crate) fn card(&mut self, id: SubscriptionId) -> Option<&mut SubscriptionCard> {
        self.cards.iter_mut().find(|card| card.id == id)
    }

    /// A delivery.
    pub(crate) fn delivery(&mut self, key: DeliveryKey) -> Option<&mut Delivery> {
        self.deliveries
            .iter_mut()
            .find(|delivery| delivery.key == key)
    }

    /// Changes an item wherever it is still to come.
    pub(crate) fn each_item(&mut self, id: PurchaseItemId, change: impl Fn(&mut DeliveryItem)) {
        for delivery in &mut self.deliveries {
            let items = delivery.items.iter_mut();
            let mut found = items.filter(|item| item.purchase_item_id == id).peekable();
            if found.peek().is_some() {
                self.touched.push(delivery.key);
            }
            found.for_each(&change);
            estimate::totals(delivery);
        }
    }

    /// Skips items of a delivery, or brings them back.
    pub(crate) fn set_skipped(&mut self, key: DeliveryKey, ids: &[PurchaseItemId], skipped: bool) {
        self.touched.push(key);
        let Some(delivery) = self.delivery(key) else {
            return;
        };
        for item in &mut delivery.items {
            if ids.contains(&item.purchase_item_id) {
                item.skipped = skipped;
            }
        }
        delivery.state = match delivery.items.iter().all(|item| item.skipped) {
            true => DeliveryState::Skipped,
            false => DeliveryState::Planned,
        };
        estimate::totals(delivery);
        self.find_next_dates(ids);
    }

    /// Lets subscriptions come next on the first day on which they are not skipped.
    fn find_next_dates(&mut self, ids: &[PurchaseItemId]) {
        for id in ids {
            let comes = |item: &DeliveryItem| item.purchase_item_id == *id && !item.skipped;
            let mut days = self.deliveries.iter();
            let next = days.find(|delivery| delivery.items.iter().any(comes));
            let date = next.map(|delivery| delivery.key.date);
            let mut cards = self.cards.iter_mut();
            let card = cards.find(|card| PurchaseItemId::from(card.id) == *id);
            if let Some((card, date)) = card.zip(date) {
                card.next_date = Some(date);
                card.paused_until = None;
            }
        }
    }

    /// Takes an item off all deliveries from `from` on; answers what it was like.
    pub(crate) fn take_off(&mut self, id: PurchaseItemId, from: Date) -> Option<DeliveryItem> {
        self.take_off_where(id, |date| date >= from)
    }

    fn take_off_where(
        &mut self,
        id: PurchaseItemId,
        is_meant: impl Fn(Date) -> bool,
    ) -> Option<DeliveryItem> {
        let mut taken = None;
        for delivery in &mut self.deliveries {
            if !is_meant(delivery.key.date) {
                continue;
            }
            let at = delivery
                .items
                .iter()
                .position(|item| item.purchase_item_id == id);
            if let Some(at) = at {
                taken = Some(delivery.items.remove(at));
                self.touched.push(delivery.key);
                estimate::totals(delivery);
            }
        }
        self.deliveries
            .retain(|delivery| !delivery.items.is_empty());
        taken
    }

    /// Puts an item on the delivery `key`, which is made where there is none.
    pub(crate) fn put_on(&mut self, key: DeliveryKey, item: DeliveryItem) {
        self.touched.push(key);
        let like = self
            .deliveries
            .iter()
            .find(|delivery| delivery.key.address_id == key.address_id);
        let fresh = like.map(|like| estimate::empty(like, key));
        match self.delivery(key) {
            Some(delivery) => {
                delivery.state = DeliveryState::Planned;
                delivery.items.push(item);
                estimate::totals(delivery);
            }
            None => {
                let mut delivery = fresh.unwrap_or_else(|| estimate::alone(key));
                delivery.items.push(item);
                estimate::totals(&mut delivery);
                self.deliveries.push(delivery);
                self.deliveries
                    .sort_by_key(|d| (d.key.date, d.key.address_id));
            }
        }
    }

    /// Sends a subscription to another address on the days on which it comes. The discounts of
    /// an address are its own.
    pub(crate) fn move_to(&mut self, id: SubscriptionId, to: AddressId, discounted: &[AddressId]) {
        let Some(card) = self.card(id) else { return };
        let from = std::mem::replace(&mut card.address_id, to);
        if from == to {
            return;
        }
        if discounted.contains(&from) {
            self.cautions.push(Caution::DiscountStays);
        }
        let item_id = PurchaseItemId::from(id);
        let has_it = |delivery: &&Delivery| {
            let mut items = delivery.items.iter();
            items.any(|item| item.purchase_item_id == item_id)
        };
        let days: Vec<Date> = self
            .deliveries
            .iter()
            .filter(has_it)
            .map(|d| d.key.date)
            .collect();
        let moved: Vec<(Date, DeliveryItem)> = days
            .into_iter()
            .filter_map(|day| Some((day, self.take_off_where(item_id, |date| date == day)?)))
            .collect();
        for (date, item) in moved {
            let key = DeliveryKey {
                address_id: to,
                date,
            };
            if self.delivery(key).is_some() {
                self.cautions.push(Caution::Joins);
            }
            self.put_on(key, item);
        }
    }

    /// Lets shipping to an address cost `price`; `None` where only the shop knows what it does.
    pub(crate) fn set_shipping(&mut self, id: AddressId, price: Option<Money>) {
        for delivery in &mut self.deliveries {
            if delivery.key.address_id == id && delivery.state == DeliveryState::Planned {
                self.touched.push(delivery.key);
                estimate::set_shipping(delivery, price);
            }
        }
    }

    /// Changes what a subscription is of, on its card and wherever it is still to come.
    pub(crate) fn change_card(
        &mut self,
        id: SubscriptionId,
        change: impl FnOnce(&mut SubscriptionCard),
    ) {
        let Some(card) = self.card(id) else { return };
        change(card);
        let card = card.clone();
        self.each_item(PurchaseItemId::from(id), |item| {
            item.title.clone_from(&card.title);
            item.variant.clone_from(&card.variant);
            item.image.clone_from(&card.image);
            item.quantity = card.quantity;
            item.total = card.price.times(card.quantity);
        });
    }

    /// Lets a subscription rest until `date`.
    pub(crate) fn pause(&mut self, id: SubscriptionId, date: Date) {
        self.set_next_date(id, date);
        if let Some(card) = self.card(id) {
            card.paused_until = Some(date);
        }
    }

    /// Lets a subscription come that often from its next date on.
    pub(crate) fn set_interval(&mut self, id: SubscriptionId, interval: Interval) {
        let Some(card) = self.card(id) else { return };
        if card.interval != Some(interval) {
            card.interval = Some(interval);
            if let Some(next) = card.next_date {
                self.set_next_date(id, next);
            }
        }
    }

    /// Lets a subscription come next on `date`, and from there in its rhythm.
    pub(crate) fn set_next_date(&mut self, id: SubscriptionId, date: Date) {
        let item_id = PurchaseItemId::from(id);
        let Some(card) = self.card(id) else { return };
        let (old, interval, address_id) = (card.next_date, card.interval, card.address_id);
        card.next_date = Some(date);
        card.paused_until = None;
        let from = old.unwrap_or(date).min(date);
        let Some(item) = self.take_off(item_id, from) else {
            return;
        };
        self.lay_out(&item, address_id, date, interval);
    }

    /// Puts an item on a delivery on `date`, and from there in its rhythm.
    pub(super) fn lay_out(
        &mut self,
        item: &DeliveryItem,
        address_id: AddressId,
        date: Date,
        interval: Option<Interval>,
    ) {
        let until = self.until;
        let mut day = date;
        for times in 1.. {
            if day > until {
                break;
            }
            let key = DeliveryKey {
                address_id,
                date: day,
            };
            if times == 1 && self.delivery(key).is_some() {
                self.cautions.push(Caution::Joins);
            }
            let item = DeliveryItem {
                skipped: false,
                ..item.clone()
            };
            self.put_on(key, item);
            let Some(interval) = interval.filter(|interval| interval.every > 0) else {
                break;
            };
            day = interval.after(date, times);
        }
    }
}
