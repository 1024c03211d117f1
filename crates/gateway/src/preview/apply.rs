//! What each intent does to the model.

use protocol::view::{DeliveryKey, SubscriptionState};
use protocol::{AddressId, Intent, Problem, PurchaseItemId};

use super::model::Model;
use crate::actions::reactivate;
use crate::reader::Reader;

/// Does to the model what `intent` will do to the store. An intent that changes neither
/// subscriptions nor deliveries leaves it as it is.
pub(super) async fn apply(
    model: &mut Model,
    reader: &Reader<'_>,
    intent: &Intent,
) -> Result<(), Problem> {
    match intent {
        Intent::SkipDelivery {
            address_id,
            date,
            body,
        } => model.set_skipped(key(address_id, date), &body.purchase_item_ids, true),
        Intent::UnskipDelivery {
            address_id,
            date,
            body,
        } => model.set_skipped(key(address_id, date), &body.purchase_item_ids, false),
        Intent::CancelSubscription {
            subscription_id, ..
        } => {
            let today = model.today;
            if let Some(card) = model.card(*subscription_id) {
                card.state = SubscriptionState::Cancelled;
                card.next_date = None;
                card.cancelled_on = Some(today);
            }
            model.take_off(PurchaseItemId::from(*subscription_id), today);
        }
        Intent::ReactivateSubscription {
            subscription_id, ..
        } => {
            let date = reactivate::foreseen_date(reader, subscription_id).await?;
            if let Some(card) = model.card(*subscription_id) {
                card.state = SubscriptionState::Active;
                card.cancelled_on = None;
                card.next_date = Some(date);
            }
        }
        Intent::ProcessDelivery {
            address_id, date, ..
        } => model.pay(key(address_id, date)),
        Intent::MoveDelivery {
            address_id,
            date,
            body,
        } => model.move_items(key(address_id, date), body),
        Intent::MoveSubscriptions { address_id, body } => {
            let discounted = addresses_with_discounts(reader).await?;
            for id in &body.subscription_ids {
                model.move_to(*id, *address_id, &discounted);
            }
        }
        // They change no subscription and no delivery.
        Intent::UpdateAddress { .. }
        | Intent::AddAddress { .. }
        | Intent::DeleteAddress { .. }
        | Intent::UpdateCustomer { .. }
        | Intent::SetTaxId { .. }
        | Intent::UseCredit { .. } => {}
    }
    Ok(())
}

async fn addresses_with_discounts(reader: &Reader<'_>) -> Result<Vec<AddressId>, Problem> {
    let addresses = reader.addresses().await?.items;
    let discounted = addresses
        .iter()
        .filter(|address| !address.discounts.is_empty());
    Ok(discounted.map(|address| address.id).collect())
}

fn key(address_id: &protocol::AddressId, date: &protocol::Date) -> DeliveryKey {
    DeliveryKey {
        address_id: *address_id,
        date: *date,
    }
}
