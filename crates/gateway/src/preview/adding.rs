//! What adding things, bringing them back, and codes do to the model.

use protocol::view::{
    CataloguePlan, CatalogueProduct, CatalogueVariant, Caution, DeliveryItem, DeliveryKey,
    DeliveryState, PreviewLine, SubscriptionCard, SubscriptionState, Topic, Value,
};
use protocol::{Date, Money, NewOnetime, NewSubscription, PurchaseItemId, SubscriptionId};
use recharge::{Discount, DiscountValueType};

use super::estimate;
use super::model::Model;
use crate::actions::onetime::Addition;
use crate::actions::reactivate::ShopPrice;
use crate::catalogue::hundredths;

impl Model {
    /// Starts a subscription, which has no id yet.
    pub(super) fn start(
        &mut self,
        body: &NewSubscription,
        product: &CatalogueProduct,
        variant: &CatalogueVariant,
        plan: &CataloguePlan,
    ) {
        let price = plan.price_of(variant);
        self.cards.push(SubscriptionCard {
            id: SubscriptionId(0),
            state: SubscriptionState::Active,
            title: product.title.clone(),
            variant: variant.title.clone(),
            quantity: body.quantity,
            price,
            interval: plan.interval,
            deliveries_per_charge: plan.deliveries_per_charge,
            next_date: Some(body.date),
            cancelled_on: None,
            paused_until: None,
            image: product.image.clone(),
            address_id: body.address_id,
        });
        let item = DeliveryItem {
            one_time: false,
            skippable: true,
            ..item(product, variant, price, body.quantity)
        };
        self.lay_out(&item, body.address_id, body.date, plan.interval);
    }

    /// Brings a cancelled subscription back, at the price it had. What the shop asks today is told
    /// where it is another one.
    pub(super) fn reactivate(&mut self, id: SubscriptionId, date: Date, today: ShopPrice) {
        let Some(card) = self.card(id) else { return };
        card.state = SubscriptionState::Active;
        card.cancelled_on = None;
        card.next_date = Some(date);
        let price = card.price;
        let item = DeliveryItem {
            purchase_item_id: id.into(),
            one_time: false,
            title: card.title.clone(),
            variant: card.variant.clone(),
            quantity: card.quantity,
            total: price.times(card.quantity),
            image: card.image.clone(),
            skipped: false,
            skippable: true,
        };
        let (address_id, interval) = (card.address_id, card.interval);
        self.lay_out(&item, address_id, date, interval);
        match today {
            ShopPrice::Unknown => {}
            ShopPrice::NotSold => self.cautions.push(Caution::NotSold),
            ShopPrice::Of(now) if now.currency() != price.currency() || now == price => {}
            ShopPrice::Of(now) => {
                self.cautions.push(Caution::OtherPrice);
                self.beside.push(PreviewLine {
                    topic: Topic::ShopPrice,
                    subject: String::new(),
                    day: None,
                    before: None,
                    after: Some(Value::Money(now)),
                    estimated: false,
                });
            }
        }
    }

    /// Adds a product to one delivery.
    pub(super) fn add_onetime(&mut self, body: &NewOnetime, addition: &Addition) {
        let Addition {
            product,
            variant,
            date,
            ..
        } = addition;
        let key = DeliveryKey {
            address_id: body.address_id,
            date: *date,
        };
        self.put_on(key, item(product, variant, variant.price, body.quantity));
    }

    /// Sets how many of an item come.
    pub(super) fn set_quantity(&mut self, id: PurchaseItemId, quantity: u32) {
        self.each_item(id, |item| {
            let one = item.total.minor() / i64::from(item.quantity.max(1));
            item.total = Money::from_minor(one, item.total.currency()).times(quantity);
            item.quantity = quantity;
        });
    }

    /// Takes a discount off deliveries instead of what is taken off them now; `None` for nothing.
    pub(super) fn set_discount(
        &mut self,
        is_meant: impl Fn(&DeliveryKey) -> bool,
        discount: Option<&Discount>,
    ) {
        let deliveries = self.deliveries.iter_mut();
        for delivery in deliveries.filter(|delivery| is_meant(&delivery.key)) {
            if delivery.state == DeliveryState::Planned {
                self.touched.push(delivery.key);
                estimate::set_discount(delivery, |totals| {
                    discount.map_or(0, |discount| off(discount, totals.items, totals.shipping))
                });
            }
        }
    }
}

/// What a discount takes off, in smallest units.
fn off(discount: &Discount, items: Money, shipping: Money) -> i64 {
    let amount = discount.value.in_currency(items.currency()).minor();
    match discount.value_type {
        DiscountValueType::Percentage => items
            .minor()
            .saturating_mul(i64::from(hundredths(discount.value.as_str())))
            .saturating_add(5_000)
            .div_euclid(10_000),
        DiscountValueType::FixedAmount => amount.min(items.minor()),
        DiscountValueType::Shipping => amount.min(shipping.minor()),
        DiscountValueType::Other(_) => 0,
    }
}

/// A one-time item that has no id yet.
fn item(
    product: &CatalogueProduct,
    variant: &CatalogueVariant,
    price: Money,
    quantity: u32,
) -> DeliveryItem {
    DeliveryItem {
        purchase_item_id: PurchaseItemId(0),
        one_time: true,
        title: product.title.clone(),
        variant: variant.title.clone(),
        quantity,
        total: price.times(quantity),
        image: product.image.clone(),
        skipped: false,
        skippable: false,
    }
}
