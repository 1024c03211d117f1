//! Flows: one operation on one thing, opened by its name. The page around the portal asks for one,
//! and its dialog opens over the page where the thing belongs; or the session is for it, and then
//! [it is all that is shown](super::session_flow).

use leptos::prelude::*;
use protocol::view::{
    Address, Addresses, Customer, Delivery, DeliverySchedule, DeliveryState, Overview,
    PaymentMethod, PaymentMethods, Session, Subject, SubscriptionDetail, SubscriptionState,
};
use protocol::{Operation, Query, SubscriptionId};

use super::payment_methods::can_add;
use super::subscriptions::controls;
use crate::actions::{
    add_address, add_subscription, cancel_subscription, gift_delivery, process_delivery,
    reactivate_subscription, request_email_change, reschedule_delivery, skip_delivery,
    unskip_delivery, update_address, update_billing_address, update_customer,
};
use crate::data::{Data, InView};
use crate::i18n::t;
use crate::navigation::Route;
use crate::overview::lazy_bundle::{Flow, LazyBundle};
use crate::overview::page::{Page, quietly};
use crate::overview::words;
use crate::ui::task;

/// What a flow is about, as it is now.
#[derive(Clone)]
pub(super) enum Thing {
    /// Nothing in particular.
    Nothing,
    /// A subscription.
    Subscription(SubscriptionDetail),
    /// A delivery.
    Delivery(Delivery),
    /// An address.
    Address(Address),
    /// A payment method, and all of them.
    PaymentMethod(PaymentMethod, PaymentMethods),
    /// The payment methods.
    PaymentMethods(PaymentMethods),
    /// The customer.
    Customer(Customer),
}

/// Why a dialog does not open, in words; empty where the page says it.
pub(super) type Reason = String;

/// Opens what the page around the portal asks for, as soon as the session is known. Shows nothing
/// itself.
pub(crate) fn asked_for() -> AnyView {
    let flow = LazyBundle::expect().flow;
    let content = move || {
        let wanted = StoredValue::new(Some(flow.get()?));
        Some(quietly(Query::Session, move |page, _: &Session| {
            let wanted = wanted.try_update_value(Option::take).flatten();
            if let Some(flow) = wanted {
                match named(page, &flow.name, &flow.subject) {
                    Some((operation, subject)) => open_there(page, &flow, operation, subject),
                    None => page.announcer.announce(t::flow_gone()),
                }
            }
            ().into_any()
        }))
    };
    view! { {content} }.into_any()
}

/// The operation called `name`, where the shop allows it, and what it is to be about.
fn named(page: &Page, name: &str, subject: &str) -> Option<(Operation, Subject)> {
    let operation = Operation::named(name).filter(|own| page.allows(*own))?;
    Some((operation, operation.flow_subject(subject)?))
}

/// Goes to where the subject belongs and opens the dialog there; a flow that stays, and a single
/// part, open it where they are.
fn open_there(page: &Page, flow: &Flow, operation: Operation, subject: Subject) {
    let page = page.clone();
    let stays = flow.stays || page.router.leads_out();
    let route = route(operation, subject);
    // The portal may leave the page meanwhile.
    let is_here = |page: &Page| page.changes.shown.try_get_untracked().is_some();
    task::after_paint(move || {
        if !is_here(&page) {
            return;
        }
        if !stays {
            page.router.go(route.clone());
        }
        // A page that is left closes its dialog.
        task::after_paint(move || {
            let is_there = || stays || untrack(|| page.router.route()) == route;
            if !is_here(&page) || !is_there() || operation == Operation::AddPaymentMethod {
                return;
            }
            open_found(&page, operation, subject);
        });
    });
}

/// The page where a subject belongs.
fn route(operation: Operation, subject: Subject) -> Route {
    match (operation, subject) {
        (_, Subject::Subscription(id)) => Route::Subscription(id),
        (_, Subject::Delivery(_)) => Route::Deliveries,
        (Operation::AddAddress, _) | (_, Subject::Address(_)) => Route::Addresses,
        (_, Subject::PaymentMethod(_)) => Route::PaymentMethods,
        (Operation::AddPaymentMethod, _) => Route::AddCard,
        (Operation::AddSubscription, _) => Route::Subscriptions,
        (Operation::UpdateCustomer | Operation::RequestEmailChange, _) => Route::Customer,
        _ => Route::Overview,
    }
}

/// Reads what a flow is about; `None` where the customer has no such thing.
pub(super) async fn find(data: Data, operation: Operation, subject: Subject) -> Option<Thing> {
    Some(match subject {
        Subject::Subscription(id) => {
            let view = data.once(Query::Subscription(id)).await?;
            Thing::Subscription(SubscriptionDetail::of(&view)?.clone())
        }
        Subject::Delivery(key) => {
            let view = data.once(Query::Deliveries).await?;
            let mut all = DeliverySchedule::of(&view)?.deliveries.iter();
            Thing::Delivery(all.find(|delivery| delivery.key == key)?.clone())
        }
        Subject::Address(id) => {
            let view = data.once(Query::Addresses).await?;
            let mut all = Addresses::of(&view)?.addresses.iter();
            Thing::Address(all.find(|address| address.id == id)?.clone())
        }
        Subject::PaymentMethod(id) => {
            let view = data.once(Query::PaymentMethods).await?;
            let all = PaymentMethods::of(&view)?;
            let own = all.methods.iter().find(|method| method.line.id == id)?;
            Thing::PaymentMethod(own.clone(), all.clone())
        }
        Subject::Nothing => match operation {
            Operation::SkipDelivery | Operation::RescheduleDelivery => {
                let view = data.once(Query::Overview).await?;
                Thing::Delivery(Overview::of(&view)?.next.clone()?)
            }
            Operation::AddPaymentMethod => {
                let view = data.once(Query::PaymentMethods).await?;
                Thing::PaymentMethods(PaymentMethods::of(&view)?.clone())
            }
            Operation::UpdateCustomer => {
                let view = data.once(Query::Customer).await?;
                Thing::Customer(Customer::of(&view)?.clone())
            }
            _ => Thing::Nothing,
        },
    })
}

/// Opens the dialog of `operation` for `thing`.
///
/// # Errors
/// Why it cannot be done now.
pub(super) fn open(page: &Page, operation: Operation, thing: &Thing) -> Result<(), Reason> {
    match (operation, thing) {
        (_, Thing::Subscription(detail)) => return open_detail(page, detail, operation),
        (_, Thing::Delivery(delivery)) => return open_delivery(page, delivery, operation),
        (_, Thing::Address(address)) => update_address::open(page, address),
        (_, Thing::PaymentMethod(method, all)) => update_billing_address::open(page, method, all),
        (_, Thing::PaymentMethods(all)) if !can_add(page, all) => return Err(Reason::new()),
        (_, Thing::Customer(customer)) => update_customer::open(page, customer),
        (Operation::AddSubscription, _) => add_subscription::open(page, None),
        (Operation::AddAddress, _) => add_address::open(page),
        (Operation::RequestEmailChange, _) => {
            request_email_change::open(page.changes, String::new());
        }
        // The fields for a card stand in the page.
        _ => {}
    }
    Ok(())
}

fn open_delivery(page: &Page, delivery: &Delivery, operation: Operation) -> Result<(), Reason> {
    if let Some(lock) = &delivery.lock {
        return Err(words::lock(lock));
    }
    let is_planned = delivery.state == DeliveryState::Planned;
    let own = delivery.clone();
    match operation {
        Operation::SkipDelivery if is_planned => skip_delivery::open(page, own),
        Operation::RescheduleDelivery if is_planned => {
            reschedule_delivery::open_from_overview(page, own);
        }
        Operation::UnskipDelivery if own.items.iter().any(|item| item.skipped) => {
            unskip_delivery::open(page, &own);
        }
        Operation::ProcessDelivery if own.due.is_some() => process_delivery::open(page, own),
        Operation::GiftDelivery if gift_delivery::can(&own) => gift_delivery::open(page, own),
        _ => return Err(Reason::new()),
    }
    Ok(())
}

/// Opens the dialog of `operation` for the subscription `id`, or says what stands against it.
pub(super) fn open_for(page: &Page, id: SubscriptionId, operation: Operation) {
    open_found(page, operation, Subject::Subscription(id));
}

fn open_found(page: &Page, operation: Operation, subject: Subject) {
    let finding = find(page.data, operation, subject);
    page.open_with(finding, move |page, thing| {
        match open(page, operation, &thing) {
            Err(reason) if reason.is_empty() => page.announcer.clear(),
            Err(reason) => page.announcer.announce(reason),
            Ok(()) => {}
        }
    });
}

fn open_detail(
    page: &Page,
    detail: &SubscriptionDetail,
    operation: Operation,
) -> Result<(), Reason> {
    let is_active = detail.card.state == SubscriptionState::Active;
    match operation {
        Operation::CancelSubscription if is_active => match controls::kept_by(page, detail) {
            Some(rule) => return Err(rule),
            None => cancel_subscription::open(page, detail.clone()),
        },
        Operation::ReactivateSubscription if !is_active => {
            reactivate_subscription::open(page, detail.card.clone());
        }
        Operation::SkipDelivery if is_active => skip_delivery::open_next(page, &detail.card),
        _ if controls::open(page, detail, operation) => {}
        // The page of the subscription says why not.
        _ => return Err(Reason::new()),
    }
    Ok(())
}
