//! The one banner about a payment that failed, above every page until it is paid.

use leptos::prelude::*;
use protocol::view::{DeliverySchedule, Failure, FailureReason};
use protocol::{Operation, Query};

use super::idle::is_customer_there;
use crate::actions::process_delivery;
use crate::data::Data;
use crate::i18n::t;
use crate::navigation::Route;
use crate::overview::page::{Page, quietly};
use crate::overview::warnings::{
    failed, failed_payment as failed_payment_banner, failed_payment_so_far,
};
use crate::ui::{Button, ButtonKind, Glyph, LinkButton, task};

/// How often it is looked whether a failed payment has gone through, milliseconds.
const LOOK_EVERY: i32 = 15_000;

/// The banner; nothing where no payment has failed.
pub(crate) fn failed_payment() -> AnyView {
    let data = Data::expect();
    let failing = RwSignal::new(false);
    task::spawn_to_the_end(async move {
        loop {
            task::sleep(LOOK_EVERY).await;
            match failing.try_get_untracked() {
                // The portal is gone.
                None => return,
                Some(true) if is_customer_there() => data.reload(Query::Deliveries),
                Some(_) => {}
            }
        }
    });
    let read = data.open(Query::Deliveries).view;
    let is_read = Memo::new(move |_| read.with(Option::is_some));
    let so_far = move || (!is_read.get()).then(failed_payment_so_far);
    let banner = quietly(Query::Deliveries, move |page, view: &DeliverySchedule| {
        let found = failed(&view.warnings);
        task::set(failing, found.is_some());
        let Some((key, failure)) = found else {
            return ().into_any();
        };
        let payable = view
            .deliveries
            .iter()
            .any(|d| d.key == key && d.due.is_some());
        let pay = (payable && page.allows(Operation::ProcessDelivery)).then(|| {
            let own = page.clone();
            let press = move |()| process_delivery::open_by_key(&own, key);
            view! {
                <Button
                    label=t::process_delivery_confirm()
                    kind=ButtonKind::Primary
                    icon=Glyph::Card
                    locked=page.locked(None)
                    on_press=press
                />
            }
        });
        let card = change_card(page, failure);
        failed_payment_banner(page, key, failure, view! { {pay}{card} }.into_any())
    });
    view! { {so_far}{banner} }.into_any()
}

/// The way to another card, to the very fields where it can be added here; nothing where a card
/// would not help.
fn change_card(page: &Page, failure: &Failure) -> AnyView {
    if failure.reason == FailureReason::Stock {
        return ().into_any();
    }
    let (href, router) = (page.href(Route::AddCard), page.router);
    let elsewhere = move || router.route() != Route::AddCard;
    let link = move || {
        let href = href.clone();
        elsewhere().then(|| view! { <LinkButton href label=t::card_replace()/> })
    };
    view! { {link} }.into_any()
}
