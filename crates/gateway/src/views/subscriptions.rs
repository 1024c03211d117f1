//! Subscriptions: the list and the page of one.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use protocol::view::{
    Catalogue, Delivery, PrepaidState, Property, Stock, SubscriptionCard, SubscriptionDetail,
    SubscriptionState, Subscriptions,
};
use protocol::{Date, Problem, PurchaseItemId, SubscriptionId};
use recharge::{DeliverySchedule, Order, Page, Subscription, SubscriptionStatus};

use super::orders::row;
use crate::env::day_of;
use crate::model::bundle::contents;
use crate::model::context::AccountContext;
use crate::model::delivery::skipped_dates;
use crate::model::pause::mark;
use crate::model::plans::offered;
use crate::rules::locks;
use crate::upstream::Upstream;
use crate::upstream::links::safe_picture;
use crate::upstream::optional::{ORDERS, PLANS, PRODUCT_SEARCH, PRODUCTS};
use crate::upstream::reader::Reader;

/// How many past orders the page of a subscription shows.
const HISTORY: u32 = 5;
/// How many dates to come it shows.
const DATES: usize = 3;

/// All subscriptions.
pub(crate) async fn list(reader: &Reader<'_>) -> Result<Subscriptions, Problem> {
    let listed = reader.subscriptions().await?;
    let pictures = pictures(reader, &listed.items).await;
    let mut cards: Vec<SubscriptionCard> = listed
        .items
        .iter()
        .map(|subscription| {
            card(
                subscription,
                reader.upstream,
                pictures.get(&subscription.id).cloned(),
            )
        })
        .collect();
    mark(reader, &mut cards).await?;
    by_state_and_date(&mut cards);
    Ok(Subscriptions {
        subscriptions: cards,
        cut: listed.cut,
    })
}

/// All subscriptions as a list shows them, without pictures.
pub(crate) async fn cards(reader: &Reader<'_>) -> Result<Vec<SubscriptionCard>, Problem> {
    let listed = reader.subscriptions().await?;
    let cards = listed.items.iter();
    let mut cards: Vec<_> = cards
        .map(|found| card(found, reader.upstream, None))
        .collect();
    mark(reader, &mut cards).await?;
    Ok(cards)
}

/// Everything about one subscription.
pub(crate) async fn detail(
    reader: &Reader<'_>,
    id: SubscriptionId,
) -> Result<SubscriptionDetail, Problem> {
    let subscription = reader.subscription(id).await?;
    let context = AccountContext::open(reader).await?;
    let schedule = reader.schedule().await?;
    let item = PurchaseItemId::from(id);
    let history = if reader.upstream.policy.invoices {
        let history = reader
            .orders(Order::list_of_item(reader.customer, item, HISTORY))
            .await;
        reader.or_without(ORDERS, history, Page::default())?
    } else {
        Page::default()
    };
    let picture = pictures(reader, std::slice::from_ref(&subscription))
        .await
        .remove(&id);
    let deliveries = context.deliveries(&schedule, &[]);
    let next_dates = deliveries
        .iter()
        .filter(|d| {
            d.items
                .iter()
                .any(|line| line.purchase_item_id == item && !line.skipped)
        })
        .map(|delivery| delivery.key.date)
        .take(DATES)
        .collect();
    let is_active = subscription.status == SubscriptionStatus::Active;
    // Without what the shop offers the page is still whole.
    let contents = contents(reader, &subscription).await;
    let contents = reader.or_without(PRODUCT_SEARCH, contents, None)?;
    let variant = subscription.external_variant_id.as_ref();
    let catalogue = reader.catalogue().await.map(Some);
    let catalogue = reader.or_without(PRODUCTS, catalogue, None)?;
    let offered_now = |catalogue: &Catalogue| {
        let (_, variant) = catalogue.variant(variant?.as_str())?;
        Some(variant.stock.clone())
    };
    let stock = match &catalogue {
        Some(catalogue) if !catalogue.cut => offered_now(catalogue),
        // What cannot be looked up is not said to be gone.
        partly => Some(
            partly
                .as_deref()
                .and_then(offered_now)
                .unwrap_or(Stock::Available),
        ),
    };
    let prepaid = prepaid(&subscription, &deliveries);
    let (frequencies, skipped, locks) = if is_active {
        (
            // Without its plans the page is still whole.
            reader.or_without(PLANS, offered(reader, &subscription).await, Vec::new())?,
            skipped_dates(reader, id).await?,
            locks(reader, &subscription).await?,
        )
    } else {
        Default::default()
    };
    let mut card = card(&subscription, reader.upstream, picture);
    mark(reader, std::slice::from_mut(&mut card)).await?;
    Ok(SubscriptionDetail {
        card,
        next_dates,
        address: context.address(subscription.address_id),
        payment: context.payment(subscription.address_id),
        properties: properties(&subscription),
        order_note: context.order_note(subscription.address_id),
        frequencies: frequencies
            .into_iter()
            .map(|(interval, _)| interval)
            .collect(),
        skipped_dates: skipped,
        locks,
        contents,
        prepaid,
        gift_for: context.gift_for(subscription.address_id),
        stock,
        external_product_id: subscription
            .external_product_id
            .as_ref()
            .map(ToString::to_string),
        external_variant_id: subscription
            .external_variant_id
            .as_ref()
            .map(ToString::to_string),
        cancellation_reason: subscription.cancellation_reason.clone(),
        history: history
            .items
            .iter()
            .map(|order| row(order, reader.upstream))
            .collect(),
    })
}

/// What is paid ahead: the deliveries of it that the schedule has before the next payment.
fn prepaid(subscription: &Subscription, deliveries: &[Delivery]) -> Option<PrepaidState> {
    let total = subscription.deliveries_per_charge();
    if total <= 1 || subscription.status != SubscriptionStatus::Active {
        return None;
    }
    let item = PurchaseItemId::from(subscription.id);
    let renews = subscription.next_charge_scheduled_at;
    let is_paid = |delivery: &&Delivery| {
        let mut items = delivery.items.iter();
        renews.is_none_or(|renews| delivery.key.date < renews)
            && items.any(|line| line.purchase_item_id == item)
    };
    let paid: Vec<Date> = deliveries
        .iter()
        .filter(is_paid)
        .map(|delivery| delivery.key.date)
        .collect();
    Some(PrepaidState {
        left: u32::try_from(paid.len()).unwrap_or(u32::MAX),
        total,
        next_shipment: paid.first().copied(),
        renews,
    })
}

/// Line properties that are meant for the customer. By the shops' convention a name that starts
/// with an underscore is for the shop alone; frequencies are leftovers of an import.
fn properties(subscription: &Subscription) -> Vec<Property> {
    let is_leftover = |name: &str| {
        matches!(
            name,
            "shipping_interval_frequency"
                | "shipping_interval_unit_type"
                | "charge_interval_frequency"
        )
    };
    let shown = subscription.properties.iter().filter(|property| {
        !property.name.starts_with('_')
            && !is_leftover(&property.name)
            && !property.value.is_empty()
    });
    shown
        .map(|property| Property {
            name: property.name.clone(),
            value: property.value.clone(),
        })
        .collect()
}

/// A subscription as a list shows it.
pub(crate) fn card(
    subscription: &Subscription,
    upstream: &Upstream,
    image: Option<String>,
) -> SubscriptionCard {
    let store = upstream.policy.currency;
    let currency = subscription.presentment_currency.unwrap_or(store);
    let cancelled = subscription.cancelled_at.as_ref();
    let is_active = subscription.status == SubscriptionStatus::Active;
    SubscriptionCard {
        id: subscription.id,
        state: SubscriptionState::from(subscription.status.as_str()),
        title: subscription.product_title.clone(),
        variant: subscription.variant_title.clone(),
        quantity: subscription.quantity,
        price: subscription.price.in_currency(currency),
        interval: subscription.interval(),
        deliveries_per_charge: subscription.deliveries_per_charge(),
        next_date: subscription.next_charge_scheduled_at.filter(|_| is_active),
        paused_until: None,
        cancelled_on: cancelled.map(|at| day_of(&*upstream.env, at)),
        image,
        address_id: subscription.address_id,
    }
}

/// Active ones by next date, then the others, the latest first.
pub(crate) fn by_state_and_date(cards: &mut [SubscriptionCard]) {
    let never = Date::from_days(i32::MAX);
    cards.sort_by_key(|card| {
        let is_active = card.state == SubscriptionState::Active;
        (
            !is_active,
            card.next_date.unwrap_or(never),
            Reverse(card.cancelled_on),
            card.id,
        )
    });
}

/// The pictures of subscriptions: from the schedule, which a visit has read anyway, and for
/// those that are not on it from the shop's products. A page without them is still whole.
async fn pictures(
    reader: &Reader<'_>,
    subscriptions: &[Subscription],
) -> BTreeMap<SubscriptionId, String> {
    let schedule = reader.schedule().await.unwrap_or_default();
    let on_schedule = SchedulePictures::of(&schedule);
    let mut pictures = BTreeMap::new();
    let mut others = Vec::new();
    for subscription in subscriptions {
        match (
            on_schedule.of_line(subscription),
            &subscription.external_product_id,
        ) {
            (Some(picture), _) => drop(pictures.insert(subscription.id, picture)),
            (None, Some(product)) => others.push((subscription.id, product)),
            (None, None) => {}
        }
    }
    let products = reader
        .pictures(others.iter().map(|(_, product)| *product).collect())
        .await;
    for (id, product) in others {
        if let Some(picture) = products.get(product.as_str()) {
            pictures.insert(id, picture.clone());
        }
    }
    pictures
}

/// The pictures on a delivery schedule, by purchase item.
pub(crate) struct SchedulePictures(BTreeMap<PurchaseItemId, String>);

impl SchedulePictures {
    /// Those of `schedule`.
    pub(crate) fn of(schedule: &DeliverySchedule) -> SchedulePictures {
        let orders = schedule
            .deliveries
            .iter()
            .flat_map(|delivery| &delivery.orders);
        let lines = orders.flat_map(|order| &order.line_items);
        let pictures = lines.filter_map(|line| {
            Some((
                line.purchase_item_id,
                line.images.thumbnail().and_then(safe_picture)?,
            ))
        });
        SchedulePictures(pictures.collect())
    }

    /// That of a subscription.
    pub(crate) fn of_line(&self, subscription: &Subscription) -> Option<String> {
        self.0.get(&PurchaseItemId::from(subscription.id)).cloned()
    }
}
