//! What adding things, bringing them back, and codes do to the model.

use protocol::view::{
    CataloguePlan, CatalogueProduct, CatalogueVariant, Caution, DeliveryItem, DeliveryKey,
    DeliveryState, PreviewLine, SubscriptionCard, SubscriptionState, Topic, Value,
};
use protocol::{Date, Money, NewOnetime, NewSubscription, PurchaseItemId, SubscriptionId};
use recharge::Discount;

use super::Projection;
use crate::model::plans::ShopPrice;
use crate::model::pricing::Terms;

impl Projection {
    /// Starts a subscription, which has no id yet.
    pub(crate) fn start(
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
            price: Some(price),
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

    /// Brings a cancelled subscription back, at the price it had; on which day only upstream knows.
    /// What the shop asks today is told where it is another price.
    pub(crate) fn reactivate(&mut self, id: SubscriptionId, today: ShopPrice) {
        let Some(card) = self.card(id) else { return };
        card.state = SubscriptionState::Active;
        card.cancelled_on = None;
        let price = card.price;
        match today {
            ShopPrice::Unknown => {}
            ShopPrice::NotSold => self.cautions.push(Caution::NotSold),
            ShopPrice::Of(now)
                if price.is_none_or(|price| now.currency() != price.currency() || now == price) => {
            }
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
    pub(crate) fn add_onetime(
        &mut self,
        body: &NewOnetime,
        product: &CatalogueProduct,
        variant: &CatalogueVariant,
        date: Date,
    ) {
        let key = DeliveryKey {
            address_id: body.address_id,
            date,
        };
        self.put_on(key, item(product, variant, variant.price, body.quantity));
    }

    /// Sets how many of an item come.
    pub(crate) fn set_quantity(&mut self, id: PurchaseItemId, quantity: u32) {
        self.each_item(id, |item| {
            item.total = item.total.map(|total| {
                let one = total.minor() / i64::from(item.quantity.max(1));
                Money::from_minor(one, total.currency()).times(quantity)
            });
            item.quantity = quantity;
        });
    }

    /// Lets a code count for deliveries instead of the one that does now; `None` for none.
    pub(crate) fn set_discount(
        &mut self,
        is_meant: impl Fn(&DeliveryKey) -> bool,
        discount: Option<&Discount>,
    ) {
        let terms = discount.map(Terms::of);
        let planned = self.deliveries.iter();
        let planned = planned.filter(|delivery| delivery.state == DeliveryState::Planned);
        let keys: Vec<DeliveryKey> = planned.map(|delivery| delivery.key).collect();
        for key in keys.into_iter().filter(is_meant) {
            match &terms {
                None => drop(self.codes.insert(key, None)),
                Some(Some(terms)) => drop(self.codes.insert(key, Some(terms.clone()))),
                // What the code takes off is not known.
                Some(None) => drop(self.pricing.remove(&key.address_id)),
            }
            self.touched.push(key);
        }
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
        total: Some(price.times(quantity)),
        image: product.image.clone(),
        skipped: false,
        skippable: false,
        skip_limited: false,
    }
}
