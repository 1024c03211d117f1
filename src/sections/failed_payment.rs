//! The one banner about a payment that failed, above every page until it is paid.

use leptos::prelude::*;
use protocol::view::{DeliverySchedule, Failure, FailureReason, Warning};
use protocol::{Operation, Query};

use super::idle::is_customer_there;
use crate::actions::process_delivery;
use crate::data::Data;
use crate::i18n::{format, t};
use crate::navigation::Route;
use crate::overview::page::{Page, quietly};
use crate::overview::words;
use crate::ui::{Banner, Button, ButtonKind, Glyph, LinkButton, Tone, task};

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
    quietly(Query::Deliveries, move |page, view: &DeliverySchedule| {
        let failed = view.warnings.iter().find_map(|warning| match warning {
            Warning::PaymentFailed { key, failure } => Some((*key, failure)),
            _ => None,
        });
        task::set(failing, failed.is_some());
        let Some((key, failure)) = failed else {
            return ().into_any();
        };
        let today = page.today();
        let date = format::date(key.date, today);
        let title = match failure.amount {
            Some(amount) => t::warning_failed(&format::money(amount), &date),
            None => t::warning_failed_unknown(&date),
        };
        let text = words::payment_failure(failure, today);
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
        view! {
            <div class="failed-payment">
                <Banner tone=Tone::Stop title text>{pay}{card}</Banner>
            </div>
        }
        .into_any()
    })
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
