//! What each intent does to the model.

use protocol::view::{Caution, DeliveryKey, SubscriptionState};
use protocol::{AddressId, Intent, Problem, PurchaseItemId};

use super::model::Model;
use crate::actions::subscription::skipped_dates;
use crate::actions::{discount, onetime, reactivate, start, swap};
use crate::plan::Stop;
use crate::reader::Reader;
use crate::views::account;

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
        } => {
            let key = key(address_id, date);
            if model
                .delivery(key)
                .is_some_and(|own| own.given_to.is_some())
            {
                model.cautions.push(Caution::GiftStays);
            }
            model.set_skipped(key, &body.purchase_item_ids, false);
        }
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
            let price = reactivate::shop_price(reader, subscription_id).await?;
            model.reactivate(*subscription_id, date, price);
        }
        Intent::ProcessDelivery {
            address_id, date, ..
        } => model.pay(key(address_id, date)),
        Intent::MoveDelivery {
            address_id,
            date,
            body,
        } => model.move_items(key(address_id, date), body),
        Intent::AddSubscription { body } => {
            if let Some((product, variant, plan)) = possible(start::offer(reader, body).await)? {
                model.start(body, &product, &variant, &plan);
            }
        }
        Intent::AddOnetime { body } => {
            if let Some(addition) = possible(onetime::addition(reader, body).await)? {
                model.add_onetime(body, &addition);
            }
        }
        Intent::UpdateOnetime { onetime_id, body } => {
            model.set_quantity((*onetime_id).into(), body.quantity);
        }
        Intent::RemoveOnetime { onetime_id, .. } => {
            let today = model.today;
            model.take_off(PurchaseItemId::from(*onetime_id), today);
        }
        Intent::ApplyDiscount { address_id, body } => {
            let discount = possible(discount::usable(reader, &body.code, None).await)?;
            model.set_discount(|key| key.address_id == *address_id, discount.as_ref());
        }
        Intent::RemoveDiscount { address_id, .. } => {
            model.set_discount(|key| key.address_id == *address_id, None);
        }
        Intent::ApplyDeliveryDiscount {
            address_id,
            date,
            body,
        } => {
            let discount = possible(discount::usable(reader, &body.code, None).await)?;
            model.set_discount(|own| *own == key(address_id, date), discount.as_ref());
        }
        Intent::RemoveDeliveryDiscount {
            address_id, date, ..
        } => model.set_discount(|own| *own == key(address_id, date), None),
        Intent::SetShippingMethod { address_id, body } => {
            let method = reader.gateway.policy.shipping_method(&body.code);
            model.set_shipping(*address_id, method.map(|method| method.price));
        }
        Intent::MoveSubscriptions { address_id, body } => {
            let discounted = addresses_with_discounts(reader).await?;
            for id in &body.subscription_ids {
                model.move_to(*id, *address_id, &discounted);
            }
        }
        Intent::ChangeDate {
            subscription_id,
            body,
        } => model.set_next_date(*subscription_id, body.date),
        Intent::PauseSubscription {
            subscription_id,
            body,
        } => model.pause(*subscription_id, body.until),
        Intent::ResumeSubscription {
            subscription_id,
            body,
        } => model.set_next_date(*subscription_id, body.date),
        Intent::ChangeDates { body } => {
            for id in &body.subscription_ids {
                model.set_next_date(*id, body.date);
            }
        }
        Intent::PauseSubscriptions { body } => {
            for id in &body.subscription_ids {
                model.pause(*id, body.date);
            }
        }
        Intent::SkipSubscriptions { body } => {
            for one in &body.deliveries {
                if let Some(address_id) = model.card(one.subscription_id).map(|c| c.address_id) {
                    let item = PurchaseItemId::from(one.subscription_id);
                    model.set_skipped(key(&address_id, &one.date), &[item], true);
                }
            }
        }
        Intent::ChangeFrequency {
            subscription_id,
            body,
        } => {
            model.set_interval(*subscription_id, body.interval);
            if !skipped_dates(reader, *subscription_id).await?.is_empty() {
                model.cautions.push(Caution::LosesSkips);
            }
        }
        Intent::ChangeQuantity {
            subscription_id,
            body,
        } => model.change_card(*subscription_id, |card| card.quantity = body.quantity),
        Intent::SwapProduct {
            subscription_id,
            body,
        } => {
            let before = reader.subscription(*subscription_id).await?;
            let catalogue = reader.catalogue().await?;
            let Some((product, variant)) = catalogue.variant(&body.external_variant_id) else {
                return Ok(());
            };
            model.change_card(*subscription_id, |card| {
                card.title.clone_from(&product.title);
                card.variant.clone_from(&variant.title);
                card.image.clone_from(&product.image);
                card.price = variant.price;
            });
            let plan = swap::fitting(product, variant, &before, body);
            if let Some(interval) = plan.and_then(|plan| plan.interval) {
                model.set_interval(*subscription_id, interval);
            }
        }
        Intent::GiftDelivery {
            address_id,
            date,
            body,
        } => model.set_skipped(key(address_id, date), &body.purchase_item_ids, true),
        Intent::UseCredit { body } => {
            let customer = reader.customer().await?;
            if let Some(credit) = account::credit(reader, &customer).await? {
                model.use_credit(&credit, body.next_order);
            }
        }
        // They change no subscription and no delivery.
        Intent::UpdateAddress { .. }
        | Intent::AddAddress { .. }
        | Intent::DeleteAddress { .. }
        | Intent::UpdateCustomer { .. }
        | Intent::SetTaxId { .. }
        | Intent::UpdateOrderNote { .. }
        | Intent::UpdateProperties { .. }
        | Intent::UpdateBundle { .. }
        | Intent::RequestEmailChange { .. }
        | Intent::ConfirmEmailChange { .. }
        | Intent::ReportProblem { .. }
        | Intent::RequestDeletion { .. }
        | Intent::ConfirmDeletion { .. }
        | Intent::AddPaymentMethod { .. }
        | Intent::AssignPaymentMethod { .. }
        | Intent::SetDefaultPaymentMethod { .. }
        | Intent::UpdateBillingAddress { .. }
        | Intent::RemovePaymentMethod { .. }
        | Intent::SendPaymentLink { .. }
        | Intent::SetBackupPayment { .. } => {}
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

/// What an action's plan found; it has been asked before whether it refuses.
fn possible<T>(found: Result<T, Stop>) -> Result<Option<T>, Problem> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Stop::Refused(..) | Stop::Noted(..)) => Ok(None),
        Err(Stop::Problem(problem)) => Err(problem),
    }
}

fn key(address_id: &protocol::AddressId, date: &protocol::Date) -> DeliveryKey {
    DeliveryKey {
        address_id: *address_id,
        date: *date,
    }
}
