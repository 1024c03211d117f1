//! The dialogs that the page around the portal can open by the name of their operation.

use leptos::prelude::*;
use protocol::view::{Overview, Session, SubscriptionDetail, SubscriptionState};
use protocol::{Operation, Query, SubscriptionId};

use super::subscriptions::controls;
use crate::actions::{
    add_subscription, cancel_subscription, reactivate_subscription, reschedule_delivery,
    skip_delivery, update_address,
};
use crate::data::InView;
use crate::navigation::Route;
use crate::overview::lazy_bundle::{Flow, LazyBundle};
use crate::overview::page::{Page, quietly};
use crate::ui::task;

/// Opens what the page around the portal asks for, as soon as the session is known. Shows nothing
/// itself.
pub(crate) fn asked_for() -> AnyView {
    let flow = LazyBundle::expect().flow;
    let content = move || {
        let wanted = StoredValue::new(Some(flow.get()?));
        Some(quietly(Query::Session, move |page, _: &Session| {
            let wanted = wanted.try_update_value(Option::take).flatten();
            if let Some((route, dialog)) = wanted.and_then(|flow| find(page, &flow)) {
                open(page.clone(), route, dialog);
            }
            ().into_any()
        }))
    };
    view! { {content} }.into_any()
}

type Dialog = Box<dyn FnOnce(&Page)>;

/// The place that `flow` belongs to, and what opens its dialog there; nothing where the shop does
/// not allow it or it names nothing.
fn find(page: &Page, flow: &Flow) -> Option<(Route, Dialog)> {
    let name = ["\"", &flow.name, "\""].concat();
    let operation = protocol::read::<Operation>(&name).filter(|own| page.allows(*own))?;
    let subject = flow.subject.as_str();
    Some(match operation {
        Operation::SkipDelivery | Operation::RescheduleDelivery if subject.is_empty() => (
            Route::Overview,
            Box::new(move |page| open_next(page, operation)),
        ),
        Operation::UpdateAddress => {
            let id = subject.parse().ok()?;
            let dialog = Box::new(move |page: &Page| update_address::open_by_id(page, id));
            (Route::Addresses, dialog)
        }
        Operation::AddSubscription => (
            Route::Subscriptions,
            Box::new(|page| add_subscription::open(page, None)),
        ),
        Operation::AddPaymentMethod => (Route::AddCard, Box::new(|_| ())),
        _ => {
            let id: SubscriptionId = subject.parse().ok()?;
            let dialog = Box::new(move |page: &Page| open_for(page, id, operation));
            (Route::Subscription(id), dialog)
        }
    })
}

/// Goes to `route` and opens `dialog` there; a single part opens it where it is.
fn open(page: Page, route: Route, dialog: Dialog) {
    // The portal may leave the page meanwhile.
    let is_here = |page: &Page| page.changes.shown.try_get_untracked().is_some();
    task::after_paint(move || {
        if !is_here(&page) {
            return;
        }
        let stays = page.router.leads_out();
        if !stays {
            page.router.go(route.clone());
        }
        // A page that is left closes its dialog.
        task::after_paint(move || {
            if is_here(&page) && (stays || untrack(|| page.router.route()) == route) {
                dialog(&page);
            }
        });
    });
}

/// Opens the dialog of `operation` for the next delivery.
fn open_next(page: &Page, operation: Operation) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::Overview).await?;
        Overview::of(&view)?.next.clone()
    };
    page.open_with(read, move |page, delivery| match operation {
        Operation::SkipDelivery => skip_delivery::open(page, delivery),
        _ => reschedule_delivery::open_from_overview(page, delivery),
    });
}

/// Opens the dialog of `operation` for the subscription `id`, or says what stands against it.
pub(super) fn open_for(page: &Page, id: SubscriptionId, operation: Operation) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::Subscription(id)).await?;
        SubscriptionDetail::of(&view).cloned()
    };
    page.open_with(read, move |page, detail| {
        let is_active = detail.card.state == SubscriptionState::Active;
        match operation {
            Operation::CancelSubscription if is_active => match controls::kept_by(page, &detail) {
                Some(rule) => page.announcer.announce(rule),
                None => cancel_subscription::open(page, detail),
            },
            Operation::ReactivateSubscription if !is_active => {
                reactivate_subscription::open(page, detail.card);
            }
            Operation::SkipDelivery if is_active => skip_delivery::open_next(page, &detail.card),
            _ if controls::open(page, &detail, operation) => {}
            // The page of the subscription says why not.
            _ => page.announcer.clear(),
        }
    });
}
