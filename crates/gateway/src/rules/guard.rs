//! The ownership check: everything a request names must belong to the customer.
//!
//! What is somebody else's answers exactly like what does not exist, and nothing is written.

use base::BoxFuture;
use protocol::view::{Delivery, DeliveryKey};
use protocol::{
    AddressId, Date, OnetimeId, OrderId, PaymentMethodId, Problem, PurchaseItemId, SubscriptionId,
    SubscriptionsMove,
};

use crate::model::deliveries::schedule;
use crate::model::delivery::delivery;
use crate::upstream::reader::Reader;

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
    /// Names nothing: it concerns the customer as a whole.
    Customer,
    /// All of these.
    All(Vec<Guard<'a>>),
    /// A delivery, with each of the items on it: that they are theirs is not enough.
    DeliveryItems {
        key: DeliveryKey,
        items: &'a [PurchaseItemId],
    },
}

/// What a change is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Subject {
    /// The customer's own record.
    Customer,
    /// The payment methods, which share the default.
    PaymentMethods,
    /// An address, with what goes there.
    Address(AddressId),
    /// A subscription or a one-time product.
    Item(PurchaseItemId),
    /// An order.
    Order(OrderId),
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
    pub(crate) fn each_subscription<'a>(ids: impl Iterator<Item = SubscriptionId>) -> Guard<'a> {
        Guard::All(ids.map(Guard::Subscription).collect())
    }

    /// Asks upstream whether it is so.
    pub(crate) fn check<'a>(
        &'a self,
        reader: &'a Reader<'_>,
    ) -> BoxFuture<'a, Result<(), Problem>> {
        Box::pin(self.check_each(reader))
    }

    /// What a change with this guard is about, and so holds up while it is being checked. What
    /// comes to an address shares its charges, and all payment methods share the default.
    pub(crate) async fn subjects(&self, reader: &Reader<'_>) -> Result<Vec<Subject>, Problem> {
        let mut subjects = Vec::new();
        self.name(&mut subjects);
        if subjects
            .iter()
            .any(|subject| matches!(subject, Subject::Item(_)))
        {
            for found in reader.subscriptions().await?.items {
                if subjects.contains(&Subject::Item(found.id.into())) {
                    subjects.push(Subject::Address(found.address_id));
                }
            }
        }
        Ok(subjects)
    }

    fn name(&self, subjects: &mut Vec<Subject>) {
        match *self {
            Guard::All(ref guards) => guards.iter().for_each(|guard| guard.name(subjects)),
            Guard::Customer => subjects.push(Subject::Customer),
            Guard::PaymentMethod(_) => subjects.push(Subject::PaymentMethods),
            Guard::Order(id) => subjects.push(Subject::Order(id)),
            Guard::Address(id) => subjects.push(Subject::Address(id)),
            Guard::Delivery(key) => subjects.push(Subject::Address(key.address_id)),
            Guard::Onetime(id) => subjects.push(Subject::Item(PurchaseItemId(id.0))),
            Guard::Subscription(id) => subjects.push(Subject::Item(id.into())),
            Guard::DeliveryItems {
                key: DeliveryKey { address_id: id, .. },
                items,
            }
            | Guard::ToAddress { id, items } => {
                subjects.push(Subject::Address(id));
                subjects.extend(items.iter().copied().map(Subject::Item));
            }
        }
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
            Guard::PaymentMethod(id) => reader.payment_method(id).await.map(drop),
            Guard::Address(id) => reader.address(id).await.map(drop),
            Guard::Onetime(id) => reader.onetime(id).await.map(drop),
            Guard::Subscription(id) => reader.subscription(id).await.map(drop),
            Guard::Delivery(key) => delivery(reader, key).await.map(drop),
            Guard::DeliveryItems { key, items } => {
                let delivery = delivery(reader, key).await?;
                check_on(&[delivery], items)
            }
            Guard::ToAddress { id, items } => {
                let mut deliveries = schedule(reader).await?.deliveries;
                deliveries.retain(|delivery| delivery.key.address_id == id);
                check_on(&deliveries, items)
            }
        }
    }
}

/// Each of the items must be on one of the deliveries.
fn check_on(deliveries: &[Delivery], items: &[PurchaseItemId]) -> Result<(), Problem> {
    let is_on = |id: &PurchaseItemId| {
        let mut all = deliveries.iter().flat_map(|delivery| &delivery.items);
        all.any(|item| item.purchase_item_id == *id)
    };
    if items.iter().all(is_on) {
        Ok(())
    } else {
        Err(Problem::not_found())
    }
}
