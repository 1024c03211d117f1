//! What is to come for a customer, as far as a preview has to know it.

mod adding;
mod deliveries;

use std::collections::{BTreeMap, BTreeSet};

use protocol::view::{
    Caution, Credit, Delivery, DeliveryItem, DeliveryKey, DeliveryState, PreviewLine,
    SubscriptionCard, SubscriptionState, Totals,
};
use protocol::{AddressId, Date, Interval, Money, Problem, PurchaseItemId, SubscriptionId};

use crate::model::deliveries::schedule;
use crate::model::pricing::{Line, Pricing, Terms};
use crate::model::{credit, pricing, totals};
use crate::upstream::reader::Reader;
use crate::views::subscriptions::cards;

/// The subscriptions and deliveries of one customer.
#[derive(Clone)]
pub(crate) struct Projection {
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
    /// What no comparison of two projections finds, such as a price that is not the subscription's.
    pub(crate) beside: Vec<PreviewLine>,
    /// What is taken at once.
    pub(crate) pays_now: Option<Money>,
    /// Deliveries whose costs the change may touch.
    pub(crate) touched: Vec<DeliveryKey>,
    /// How upstream prices what goes to an address, where that is sure.
    pub(crate) pricing: BTreeMap<AddressId, Pricing>,
    /// The codes that the change puts on deliveries, or takes off them.
    pub(crate) codes: BTreeMap<DeliveryKey, Option<Terms>>,
    /// The addresses of whose deliveries nothing can be predicted.
    pub(crate) unpredictable: BTreeSet<AddressId>,
    /// The credit that the next charge uses.
    pub(crate) credit: Option<Credit>,
    /// The items of a change for several that would be refused.
    pub(crate) refused: BTreeSet<usize>,
    /// The day of the month on which a subscription comes, where it has a fixed one.
    pub(crate) fixed_days: BTreeMap<PurchaseItemId, u32>,
}

impl Projection {
    /// What there is now.
    pub(crate) async fn read(reader: &Reader<'_>) -> Result<Projection, Problem> {
        let (schedule, customer) = (schedule(reader).await?, reader.customer().await?);
        let uses_credit = customer.apply_credit_to_next_recurring_charge;
        Ok(Projection {
            today: reader.today(),
            until: schedule.until,
            cards: cards(reader).await?,
            deliveries: schedule.deliveries,
            cautions: Vec::new(),
            beside: Vec::new(),
            pays_now: None,
            touched: Vec::new(),
            pricing: pricing::read(reader).await?,
            codes: BTreeMap::new(),
            unpredictable: BTreeSet::new(),
            refused: BTreeSet::new(),
            fixed_days: fixed_days(reader).await?,
            credit: if uses_credit {
                // Without it the page is still whole.
                credit::available(reader, &customer)
                    .await
                    .unwrap_or_default()
            } else {
                None
            },
        })
    }

    /// The items of `list`, which the change is for, that would not be refused.
    pub(crate) fn accepted<'a, T>(&self, list: &'a [T]) -> Vec<&'a T> {
        let items = list.iter().enumerate();
        let accepted = items.filter(|(at, _)| !self.refused.contains(at));
        accepted.map(|(_, item)| item).collect()
    }

    /// Roughly the bytes that it takes: twice as many as its views take as text.
    pub(crate) fn bytes(&self) -> usize {
        let cards = serde_json::to_string(&self.cards).unwrap_or_default();
        let deliveries = serde_json::to_string(&self.deliveries).unwrap_or_default();
        2 * (cards.len() + deliveries.len())
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
        delivery.state = if delivery.items.iter().all(|item| item.skipped) {
            DeliveryState::Skipped
        } else {
            DeliveryState::Planned
        };
        self.find_next_dates(key, ids, skipped);
    }

    /// Lets subscriptions whose next delivery is skipped come next with the one after it, and
    /// those that are brought back before it come then.
    fn find_next_dates(&mut self, key: DeliveryKey, ids: &[PurchaseItemId], skipped: bool) {
        for id in ids {
            let comes = |item: &DeliveryItem| item.purchase_item_id == *id && !item.skipped;
            let mut later = self.deliveries.iter();
            let after = later
                .find(|delivery| delivery.key.date > key.date && delivery.items.iter().any(comes));
            let after = after.map(|delivery| delivery.key.date);
            let mut cards = self.cards.iter_mut();
            let card = cards.find(|card| PurchaseItemId::from(card.id) == *id);
            let Some(card) = card else { continue };
            let next = if skipped {
                after.filter(|_| card.next_date == Some(key.date))
            } else {
                let is_sooner = card.next_date.is_none_or(|next| key.date < next);
                is_sooner.then_some(key.date)
            };
            if let Some(date) = next {
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
            if !is_meant(delivery.key.date) || !is_open(delivery) {
                continue;
            }
            let at = delivery
                .items
                .iter()
                .position(|item| item.purchase_item_id == id);
            if let Some(at) = at {
                taken = Some(delivery.items.remove(at));
                self.touched.push(delivery.key);
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
        let fresh = like.map(|like| empty(like, key));
        match self.delivery(key) {
            Some(delivery) => {
                // What is being paid, or waits for that, stays as it is.
                if is_open(delivery) || delivery.state == DeliveryState::Prepaid {
                    delivery.state = DeliveryState::Planned;
                    delivery.items.push(item);
                }
            }
            None => {
                let mut delivery = fresh.unwrap_or_else(|| alone(key));
                delivery.items.push(item);
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
        self.touch(|key| key.address_id == id);
        if let Some(pricing) = self.pricing.remove(&id) {
            self.pricing.insert(id, pricing.with_shipping(price));
        }
    }

    /// Notes that the costs of deliveries may change.
    pub(crate) fn touch(&mut self, is_meant: impl Fn(&DeliveryKey) -> bool) {
        let keys = self.deliveries.iter().map(|delivery| delivery.key);
        self.touched.extend(keys.filter(is_meant));
    }

    /// Works out again what the touched deliveries cost.
    pub(crate) fn price_again(&mut self) {
        let touched: BTreeSet<DeliveryKey> = self.touched.drain(..).collect();
        for key in touched {
            let totals = self
                .delivery(key)
                .cloned()
                .and_then(|own| self.priced(&own));
            if let Some(delivery) = self.delivery(key)
                && delivery.state == DeliveryState::Planned
            {
                delivery.totals = totals;
            }
        }
    }

    /// What a delivery costs by its items; `None` where that is not sure.
    fn priced(&self, delivery: &Delivery) -> Option<Totals> {
        let Delivery { key, items, .. } = delivery;
        let pricing = self.pricing.get(&key.address_id)?;
        let discount = match self.codes.get(key) {
            Some(code) => code.as_ref(),
            // A code on the delivery alone may be lost with the change.
            None if delivery.discounts.iter().any(|code| !code.on_address) => return None,
            None => pricing.discount.as_ref(),
        };
        let is_earlier = |other: &Delivery| {
            other.key.address_id == key.address_id
                && other.key.date < key.date
                && other.state == DeliveryState::Planned
        };
        if discount.is_some_and(|terms| terms.limited) && self.deliveries.iter().any(is_earlier) {
            // It may be used up by then.
            return None;
        }
        let mut due = BTreeSet::new();
        let mut lines = Vec::new();
        for item in items.iter().filter(|item| !item.skipped) {
            let mut cards = self.cards.iter();
            let card = cards.find(|card| PurchaseItemId::from(card.id) == item.purchase_item_id);
            let is_due = card.is_none_or(|card| card.next_date == Some(key.date));
            due.insert(is_due);
            let price = match card {
                Some(card) if card.deliveries_per_charge > 1 => {
                    // What is paid ahead costs nothing between its payments.
                    card.payment().filter(|_| is_due)?
                }
                _ => item.total?,
            };
            lines.push(Line {
                price,
                one_time: item.one_time,
            });
        }
        // What is charged next and what is only forecast for that day are not one charge yet.
        (due.len() == 1).then(|| pricing.totals(&lines, discount))?
    }

    /// What a delivery takes from the payment method: the credit in use pays for the next one.
    pub(crate) fn cost(&self, delivery: &Delivery) -> Option<Totals> {
        let totals = delivery.totals?;
        let mut planned = self.deliveries.iter();
        let next = planned.find(|delivery| delivery.state == DeliveryState::Planned);
        let credit = self.credit.as_ref();
        let credit = credit.filter(|_| next.map(|next| next.key) == Some(delivery.key));
        let with = credit.and_then(|credit| totals::with_credit(totals, credit));
        Some(with.map_or(totals, |(with, _)| with))
    }

    /// The day of the next delivery, within what is looked at or, beyond it, by the subscriptions.
    /// The outer `None` says that it cannot be known.
    pub(crate) fn next(&self) -> Option<Option<Date>> {
        let active = || {
            let cards = self.cards.iter();
            cards.filter(|card| card.state == SubscriptionState::Active)
        };
        if !self.unpredictable.is_empty() || active().any(|card| card.next_date.is_none()) {
            return None;
        }
        let soon = self.deliveries.iter().filter(|delivery| {
            delivery.key.date >= self.today
                && delivery.items.iter().any(|item| !item.skipped)
                && delivery.state.is_coming()
        });
        let beyond = active().filter_map(|card| card.next_date);
        let beyond = beyond.filter(|date| *date > self.until);
        let soon = soon.map(|delivery| delivery.key.date).min();
        Some(soon.or_else(|| beyond.min()))
    }

    /// What is charged on a day, and whether that is an estimate; `None` where that is not known,
    /// or several deliveries are charged.
    pub(crate) fn charged_on(&self, date: Date) -> Option<(Money, bool)> {
        let mut all = self.deliveries.iter().filter(|delivery| {
            delivery.key.date == date && delivery.state == DeliveryState::Planned
        });
        let only = all.next().filter(|delivery| !delivery.updating)?;
        let total = self.cost(only).filter(|_| all.next().is_none())?.total;
        Some((total, only.estimated))
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
            item.total = card.total();
        });
    }

    /// Lets a subscription rest until `date`.
    pub(crate) fn pause(&mut self, id: SubscriptionId, date: Date) {
        self.set_next_date(id, date);
        if let Some(card) = self.card(id) {
            card.paused_until = Some(date);
        }
    }

    /// Lets a subscription come that often. Whether that moves its next date too is a setting of
    /// the store that it does not tell, so nothing more is predicted of what goes to its address.
    pub(crate) fn set_interval(&mut self, id: SubscriptionId, interval: Interval) {
        let Some(card) = self.card(id) else { return };
        if card.interval != Some(interval) {
            card.interval = Some(interval);
            let address_id = card.address_id;
            self.unpredictable.insert(address_id);
        }
    }

    /// Lets a subscription come next on `date`, and from there at its interval.
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

    /// Puts an item on a delivery on `date`, and from there at its interval.
    pub(crate) fn lay_out(
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
            let own = DeliveryItem {
                skipped: false,
                ..item.clone()
            };
            self.put_on(key, own);
            let Some(interval) = interval.filter(|interval| interval.every > 0) else {
                break;
            };
            let fixed = self.fixed_days.get(&item.purchase_item_id).copied();
            day = interval.after_on(date, times, fixed);
        }
    }
}

async fn fixed_days(reader: &Reader<'_>) -> Result<BTreeMap<PurchaseItemId, u32>, Problem> {
    let subscriptions = reader.subscriptions().await?.items.into_iter();
    let fixed = subscriptions.filter_map(|subscription| {
        let day = subscription.order_day_of_month.filter(|day| *day > 0)?;
        Some((subscription.id.into(), day))
    });
    Ok(fixed.collect())
}

/// Whether a delivery still follows what its subscriptions do.
fn is_open(delivery: &Delivery) -> bool {
    matches!(
        delivery.state,
        DeliveryState::Planned | DeliveryState::Skipped
    )
}

/// A delivery with nothing in it yet, to the same address and paid the same way as `like`.
fn empty(like: &Delivery, key: DeliveryKey) -> Delivery {
    Delivery {
        key,
        state: DeliveryState::Planned,
        items: Vec::new(),
        due: None,
        estimated: true,
        updating: false,
        lock: None,
        failure: None,
        given_to: None,
        ..like.clone()
    }
}

/// A delivery to an address to which nothing else goes: what it costs cannot be said.
fn alone(key: DeliveryKey) -> Delivery {
    Delivery {
        key,
        state: DeliveryState::Planned,
        items: Vec::new(),
        totals: None,
        due: None,
        discounts: Vec::new(),
        estimated: true,
        updating: false,
        address: None,
        gift_for: None,
        given_to: None,
        payment: None,
        change_until: None,
        lock: None,
        failure: None,
    }
}
