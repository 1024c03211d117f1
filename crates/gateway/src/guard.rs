//! Whether what a customer names is hers.
//!
//! What is somebody else's answers exactly like what does not exist, and nothing is written.

use protocol::view::DeliveryKey;
use protocol::{
    AddressId, Date, DeliveryItems, PaymentMethodId, Problem, ProblemKind, PurchaseItemId,
    SubscriptionId,
};

use crate::actions::skip::delivery;
use crate::reader::Reader;

/// At most so many items in one request.
const MOST_ITEMS: usize = 100;

/// What must be the customer's.
pub(crate) enum Guard<'a> {
    /// An address.
    Address(AddressId),
    /// A subscription.
    Subscription(SubscriptionId),
    /// A payment method.
    PaymentMethod(PaymentMethodId),
    /// Nothing is named: it is about the customer herself.
    Customer,
    /// All of these.
    All(Vec<Guard<'a>>),
    /// A delivery, with each of the items on it: that they are hers is not enough.
    Delivery {
        key: DeliveryKey,
        items: &'a [PurchaseItemId],
    },
}

impl Guard<'_> {
    /// The guard of what happens to items of a delivery.
    pub(crate) fn delivery(address_id: AddressId, date: Date, body: &DeliveryItems) -> Guard<'_> {
        Guard::Delivery {
            key: DeliveryKey { address_id, date },
            items: &body.purchase_item_ids,
        }
    }

    /// Asks upstream whether it is so.
    pub(crate) async fn check(&self, reader: &Reader<'_>) -> Result<(), Problem> {
        match *self {
            Guard::All(ref guards) => {
                for guard in guards {
                    Box::pin(guard.check(reader)).await?;
                }
                Ok(())
            }
            Guard::Customer => Ok(()),
            Guard::PaymentMethod(id) => {
                let methods = reader.payment_methods().await?.items;
                let is_hers = methods.iter().any(|method| method.id == id);
                is_hers.then_some(()).ok_or_else(Problem::not_found)
            }
            Guard::Address(id) => reader.address(id).await.map(drop),
            Guard::Subscription(id) => reader.subscription(id).await.map(drop),
            Guard::Delivery { key, items } => {
                if items.is_empty() || items.len() > MOST_ITEMS {
                    let title = format!("`purchase_item_ids` must name 1 to {MOST_ITEMS} items.");
                    return Err(Problem::new(ProblemKind::BadRequest, title));
                }
                let delivery = delivery(reader, key).await?;
                let is_on_it = |id: &PurchaseItemId| {
                    delivery
                        .items
                        .iter()
                        .any(|item| item.purchase_item_id == *id)
                };
                if items.iter().all(is_on_it) {
                    Ok(())
                } else {
                    Err(Problem::not_found())
                }
            }
        }
    }
}
