//! Whether what a customer names is hers.
//!
//! What is somebody else's answers exactly like what does not exist, and nothing is written.

use protocol::view::{Delivery, DeliveryKey};
use protocol::{
    AddressId, Date, OnetimeId, OrderId, PaymentMethodId, Problem, ProblemKind, PurchaseItemId,
    SubscriptionId, SubscriptionsMove,
};

use recharge::BoxFuture;

use crate::actions::skip::delivery;
use crate::reader::Reader;
use crate::views::deliveries::schedule;

/// At most so many items in one request.
const MOST_ITEMS: usize = 100;

/// What must be the customer's.
pub(crate) enum Guard<'a> {
    /// An address.
    Address(AddressId),
    /// A subscription.
    Subscription(SubscriptionId),
    /// An address, with each of the items on some delivery that goes there.
    ToAddress {
        id: AddressId,
        items: &'a [PurchaseItemId],
    },
    /// A delivery as a whole.
    Delivery(DeliveryKey),
    /// A one-time product.
    Onetime(OnetimeId),
    /// An order.
    Order(OrderId),
    /// A payment method.
    PaymentMethod(PaymentMethodId),
    /// Nothing is named: it is about the customer herself.
    Customer,
    /// So many things are named in a list: one at least, and not endlessly many.
    Count(usize),
    /// All of these.
    All(Vec<Guard<'a>>),
    /// A delivery, with each of the items on it: that they are hers is not enough.
    DeliveryItems {
        key: DeliveryKey,
        items: &'a [PurchaseItemId],
    },
}

impl Guard<'_> {
    /// The guard of what happens to items of a delivery.
    pub(crate) fn delivery(
        address_id: AddressId,
        date: Date,
        items: &[PurchaseItemId],
    ) -> Guard<'_> {
        Guard::DeliveryItems {
            key: DeliveryKey { address_id, date },
            items,
        }
    }

    /// The guard of what is paid with a method that may be named.
    pub(crate) fn paid_by<'a>(method: Option<PaymentMethodId>) -> Guard<'a> {
        method.map_or(Guard::Customer, Guard::PaymentMethod)
    }

    /// The guard of sending subscriptions to an address.
    pub(crate) fn moving<'a>(address_id: AddressId, body: &SubscriptionsMove) -> Guard<'a> {
        let subscriptions = Guard::subscriptions(&body.subscription_ids);
        Guard::All(vec![Guard::Address(address_id), subscriptions])
    }

    /// The guard of what happens to several subscriptions.
    pub(crate) fn subscriptions<'a>(ids: &[SubscriptionId]) -> Guard<'a> {
        Guard::each_subscription(ids.iter().copied())
    }

    /// The same for those that a list names among other things.
    pub(crate) fn each_subscription<'a>(
        ids: impl ExactSizeIterator<Item = SubscriptionId>,
    ) -> Guard<'a> {
        let count = Guard::Count(ids.len());
        Guard::All(
            [count]
                .into_iter()
                .chain(ids.map(Guard::Subscription))
                .collect(),
        )
    }

    /// Asks upstream whether it is so.
    pub(crate) fn check<'a>(
        &'a self,
        reader: &'a Reader<'_>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.check_each(reader))
    }

    async fn check_each(&self, reader: &Reader<'_>) -> Result<(), Problem> {
        match *self {
            Guard::All(ref guards) => {
                for guard in guards {
                    guard.check(reader).await?;
                }
                Ok(())
            }
            Guard::Order(id) => reader.order(id).await.map(drop),
            Guard::Customer => Ok(()),
            Guard::Count(1..=MOST_ITEMS) => Ok(()),
            Guard::Count(_) => {
                let title = format!("The list must name 1 to {MOST_ITEMS} things.");
                Err(Problem::new(ProblemKind::BadRequest, title))
            }
            Guard::PaymentMethod(id) => reader.payment_method(id).await.map(drop),
            Guard::Address(id) => reader.address(id).await.map(drop),
            Guard::Onetime(id) => reader.onetime(id).await.map(drop),
            Guard::Subscription(id) => reader.subscription(id).await.map(drop),
            Guard::Delivery(key) => delivery(reader, key).await.map(drop),
            Guard::DeliveryItems { key, items } => {
                check_count(items)?;
                let delivery = delivery(reader, key).await?;
                check_on(&[delivery], items)
            }
            Guard::ToAddress { id, items } => {
                check_count(items)?;
                let mut deliveries = schedule(reader).await?.deliveries;
                deliveries.retain(|delivery| delivery.key.address_id == id);
                check_on(&deliveries, items)
            }
        }
    }
}

fn check_count(items: &[PurchaseItemId]) -> Result<(), Problem> {
    if (1..=MOST_ITEMS).contains(&items.len()) {
        return Ok(());
    }
    let title = format!("`purchase_item_ids` must name 1 to {MOST_ITEMS} items.");
    Err(Problem::new(ProblemKind::BadRequest, title))
}

/// Each of the items must be on one of the deliveries.
fn check_on(deliveries: &[Delivery], items: &[PurchaseItemId]) -> Result<(), Problem> {
    let is_on = |id: &PurchaseItemId| {
        let mut all = deliveries.iter().flat_map(|delivery| &delivery.items);
        all.any(|item| item.purchase_item_id == *id)
    };
    match items.iter().all(is_on) {
        true => Ok(()),
        false => Err(Problem::not_found()),
    }
}
