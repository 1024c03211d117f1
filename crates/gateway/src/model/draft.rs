//! One delivery while it is put together.

use protocol::view::{
    Delivery, DeliveryItem, DeliveryKey, DeliveryState, DiscountLine, Lock, Totals,
};
use protocol::{AddressId, Currency, Money, PurchaseItemId};
use recharge::{
    AppliedDiscount, Charge, ChargeStatus, DeliveryLineItem, DeliveryOrder, LineItem,
    PurchaseItemType,
};

use super::context::{AccountContext, discount_lines, is_in_payment};
use super::pricing::{Line, Pricing};
use super::text::{address_lines, payment_line};
use super::totals;
use super::warnings::failure;
use crate::upstream::links::safe_picture;

/// All that upstream says about one address on one date.
#[derive(Default)]
pub(super) struct Draft<'a> {
    /// Its orders of the schedule; more than one where something is prepaid.
    pub(super) orders: Vec<&'a DeliveryOrder>,
    skipped: Vec<&'a Charge>,
    /// Queued, failed or being paid.
    open: Option<&'a Charge>,
}

impl<'a> Draft<'a> {
    pub(super) fn add_charge(&mut self, charge: &'a Charge) {
        match charge.status {
            ChargeStatus::Skipped => self.skipped.push(charge),
            // One that failed or is being paid says more than one that is queued.
            ChargeStatus::Queued => self.open = self.open.or(Some(charge)),
            _ => self.open = Some(charge),
        }
    }

    pub(super) fn is_updating(&self) -> bool {
        self.orders
            .iter()
            .any(|order| order.has_uncommitted_changes)
            || self
                .open
                .is_some_and(|charge| charge.has_uncommitted_changes)
    }

    /// Whether it is still open although its day is over.
    pub(super) fn is_open_from_before(&self) -> bool {
        self.open
            .is_some_and(|charge| charge.status != ChargeStatus::Queued)
    }

    /// The delivery; `None` where nothing is in it.
    pub(super) fn finish(
        self,
        context: &AccountContext,
        key: DeliveryKey,
        updating: bool,
        pricing: impl FnOnce() -> Option<Pricing>,
    ) -> Option<Delivery> {
        let items = self.items(context.policy.currency);
        if items.is_empty() {
            return None;
        }
        let state = self.state(&items);
        let failed = self.open.filter(|_| state == DeliveryState::Failed);
        let lock = match state {
            DeliveryState::Processing => Some(Lock::Processing),
            _ if updating => Some(Lock::Updating),
            _ if context.is_cut_off(key.date) => Some(Lock::CutOff),
            _ => None,
        };
        let order = self.orders.first();
        let shipping = order.and_then(|order| address_lines(&order.shipping_address));
        let charged = self
            .open
            .and_then(|charge| address_lines(&charge.shipping_address));
        let payment = order
            .and_then(|order| order.payment_method.as_ref())
            .map(|method| payment_line(method, &context.customer.include.payment_methods));
        Some(Delivery {
            key,
            totals: self.totals(&state, &items, context.policy.currency, pricing),
            due: self.due(context.policy.currency),
            discounts: self.discounts(context, key.address_id),
            estimated: match self.open {
                Some(charge) => self.forecast_beside(charge).next().is_some(),
                None => !self.orders.iter().any(|order| is_real(order)),
            },
            updating,
            address: shipping
                .or(charged)
                .or_else(|| context.address(key.address_id)),
            gift_for: context.gift_for(key.address_id),
            given_to: None,
            payment: payment.or_else(|| context.payment(key.address_id)),
            change_until: Some(context.cut_off(key.date)),
            lock,
            failure: failed.map(|charge| failure(charge, context)),
            state,
            items,
        })
    }

    fn state(&self, items: &[DeliveryItem]) -> DeliveryState {
        match self.open {
            Some(charge) if charge.status == ChargeStatus::Error => DeliveryState::Failed,
            Some(charge) if is_in_payment(charge) => DeliveryState::Processing,
            _ if items.iter().all(|item| item.skipped) => DeliveryState::Skipped,
            None if self.orders.iter().all(|order| order.id.is_some()) => DeliveryState::Prepaid,
            _ => DeliveryState::Planned,
        }
    }

    fn totals(
        &self,
        state: &DeliveryState,
        items: &[DeliveryItem],
        store: Currency,
        pricing: impl FnOnce() -> Option<Pricing>,
    ) -> Option<Totals> {
        if *state == DeliveryState::Skipped {
            return None;
        }
        if let Some(charge) = self.open {
            let mut joins = self.forecast_beside(charge).peekable();
            if joins.peek().is_none() {
                return totals::of_charge(charge, store);
            }
            // What else is forecast for the day will join the charge, and what is paid ahead does
            // not: what both cost together is worked out again, or not said.
            let is_ahead = joins.any(|order| order.line_items.iter().any(|line| line.is_prepaid));
            if is_ahead || !charge.discounts.is_empty() {
                return None;
            }
            let coming = items.iter().filter(|item| !item.skipped);
            let lines: Option<Vec<Line>> = coming.map(Line::of).collect();
            return pricing()?.totals(&lines?, None);
        }
        let mut coming = self.orders.iter().filter(|order| !is_skipped(order));
        // Several orders on one day are paid one by one and have no sum that anybody will pay.
        match (coming.next(), coming.next()) {
            (Some(order), None) => totals::of_delivery(order, store),
            _ => None,
        }
    }

    /// The codes on its charge or, while there is none, on its address.
    fn discounts(&self, context: &AccountContext, address_id: AddressId) -> Vec<DiscountLine> {
        let on_address = context.discounts(address_id);
        let is_there = |discount: &AppliedDiscount| {
            let mut lines = on_address.iter();
            lines.any(|line| line.code.eq_ignore_ascii_case(&discount.code))
        };
        match self.open {
            Some(charge) => discount_lines(&charge.discounts, is_there),
            None => on_address,
        }
    }

    /// What paying for it now takes.
    fn due(&self, store: Currency) -> Option<Money> {
        let payable = |charge: &&Charge| {
            matches!(charge.status, ChargeStatus::Queued | ChargeStatus::Error)
                && !charge.has_uncommitted_changes
        };
        let charge = self.open.filter(payable)?;
        let currency = charge.currency.unwrap_or(store);
        charge.total_price.in_currency(currency)
    }

    /// The orders that are forecast for the day of a charge and not on it yet.
    fn forecast_beside(&self, charge: &Charge) -> impl Iterator<Item = &'a DeliveryOrder> {
        let orders = self.orders.iter().copied();
        orders.filter(move |order| is_forecast_beside(order, charge))
    }

    /// What is in it, each purchase item once. What a charge says counts over the schedule, which
    /// lags behind it.
    fn items(&self, store: Currency) -> Vec<DeliveryItem> {
        let mut items: Vec<DeliveryItem> = Vec::new();
        for order in &self.orders {
            let currency = order.currency.unwrap_or(store);
            for line in &order.line_items {
                put(&mut items, scheduled_item(line, currency));
            }
        }
        for charge in &self.skipped {
            for line in &charge.line_items {
                let currency = charge.currency.unwrap_or(store);
                put(
                    &mut items,
                    DeliveryItem {
                        skipped: true,
                        ..charged_item(line, currency)
                    },
                );
            }
        }
        if let Some(charge) = self.open {
            for line in &charge.line_items {
                put(
                    &mut items,
                    charged_item(line, charge.currency.unwrap_or(store)),
                );
            }
        }
        items
    }
}

/// Whether an order of the schedule is more than a projection.
fn is_real(order: &DeliveryOrder) -> bool {
    order.charge_id.is_some() || order.id.is_some()
}

/// Whether an order is only forecast, with something to come that is not on the charge yet.
fn is_forecast_beside(order: &DeliveryOrder, charge: &Charge) -> bool {
    let is_on_it = |line: &DeliveryLineItem| {
        let items = charge.line_items.iter();
        items
            .map(|item| item.purchase_item_id)
            .any(|id| id == line.purchase_item_id)
    };
    let comes = |line: &&DeliveryLineItem| !line.is_skipped;
    !is_real(order)
        && order
            .line_items
            .iter()
            .filter(comes)
            .any(|line| !is_on_it(line))
}

/// Whether nothing of an order comes.
fn is_skipped(order: &DeliveryOrder) -> bool {
    order.line_items.iter().all(|line| line.is_skipped)
}

/// Adds an item, or corrects the one that stands for the same purchase item: amounts and whether
/// it is skipped by the later word, picture and whether it may be skipped by the first.
fn put(items: &mut Vec<DeliveryItem>, item: DeliveryItem) {
    let same = |have: &&mut DeliveryItem| {
        have.purchase_item_id == item.purchase_item_id && item.purchase_item_id != PurchaseItemId(0)
    };
    match items.iter_mut().find(same) {
        Some(have) => {
            have.quantity = item.quantity;
            have.total = item.total;
            have.skipped = item.skipped;
            have.skippable &= item.skippable;
            have.image = have.image.take().or(item.image);
        }
        None => items.push(item),
    }
}

fn scheduled_item(line: &DeliveryLineItem, currency: Currency) -> DeliveryItem {
    let kind = Kind::of(&line.plan_type);
    DeliveryItem {
        purchase_item_id: line.purchase_item_id,
        one_time: kind == Kind::OneTime,
        title: line.product_title.clone(),
        variant: line.variant_title.clone(),
        quantity: line.quantity,
        total: totals::delivery_line_total(line, currency),
        image: line.images.thumbnail().and_then(safe_picture),
        skipped: line.is_skipped,
        skippable: line.is_skippable != Some(false)
            && !line.is_prepaid
            && kind == Kind::Subscription,
        skip_limited: false,
    }
}

fn charged_item(line: &LineItem, currency: Currency) -> DeliveryItem {
    let kind = Kind::of(&line.purchase_item_type);
    DeliveryItem {
        purchase_item_id: line.purchase_item_id,
        one_time: kind == Kind::OneTime,
        title: line.title.clone(),
        variant: line.variant_title.clone(),
        quantity: line.quantity,
        total: totals::line_total(line, currency),
        image: line.images.thumbnail().and_then(safe_picture),
        skipped: false,
        skippable: kind == Kind::Subscription,
        skip_limited: false,
    }
}

/// What an item is to the customer.
#[derive(PartialEq)]
enum Kind {
    Subscription,
    OneTime,
    Prepaid,
}

impl Kind {
    /// Upstream has further plan types, all of them subscriptions, and sends none at times.
    fn of(word: &PurchaseItemType) -> Kind {
        match word {
            PurchaseItemType::Onetime => Kind::OneTime,
            PurchaseItemType::Prepaid => Kind::Prepaid,
            PurchaseItemType::Other(word) if word.starts_with("prepaid") => Kind::Prepaid,
            _ => Kind::Subscription,
        }
    }
}
