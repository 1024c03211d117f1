//! What needs the customer's attention: on the overview, the schedule and the payment page.

use leptos::prelude::*;
use protocol::view::{DeliveryKey, Failure, Overview, Warning};
use protocol::{Operation, Query};

use super::page::{Page, quietly};
use super::words;
use crate::i18n::{format, t};
use crate::navigation::{Route, Router};
use crate::ui::{Banner, LinkButton, Tone};

/// The payment that failed, where there is one.
pub(crate) fn failed(all: &[Warning]) -> Option<(DeliveryKey, &Failure)> {
    all.iter().find_map(|warning| match warning {
        Warning::PaymentFailed { key, failure } => Some((*key, failure)),
        _ => None,
    })
}

/// The banner about a payment that failed, with what can be done about it.
pub(crate) fn failed_payment(
    page: &Page,
    key: DeliveryKey,
    failure: &Failure,
    actions: AnyView,
) -> AnyView {
    let today = page.today();
    let date = format::date(key.date, today);
    let title = match failure.amount {
        Some(amount) => t::warning_failed(&format::money(amount), &date),
        None => t::warning_failed_unknown(&date),
    };
    let text = words::payment_failure(failure, today);
    view! {
        <div class="failed-payment">
            <Banner tone=Tone::Stop title text>{actions}</Banner>
        </div>
    }
    .into_any()
}

/// The same on the overview, until it is known what can be done about it.
pub(crate) fn failed_payment_so_far() -> AnyView {
    if Router::expect().route() != Route::Overview {
        return ().into_any();
    }
    quietly(Query::Overview, |page, view: &Overview| {
        let failed = failed(&view.warnings).map(|(key, failure)| {
            let place = view! { <span class="skeleton press"></span> };
            failed_payment(page, key, failure, place.into_any())
        });
        failed.into_any()
    })
}

/// The most urgent warning as one banner with one action; nothing where all is well.
pub(crate) fn warnings(page: &Page, all: &[Warning]) -> AnyView {
    let Some(warning) = all.first() else {
        return ().into_any();
    };
    let today = page.today();
    let (tone, title, text) = match warning {
        Warning::Expiring { method, expires } if *expires <= today => (
            Tone::Attention,
            t::warning_expired(&words::payment_line(method)),
            [t::warning_expired_text(), replace(page)].join(" "),
        ),
        Warning::Expiring { method, expires } => (
            Tone::Attention,
            t::warning_expiring(
                &words::payment_line(method),
                &format::relative(expires.add_days(-1), today),
            ),
            replace(page).to_owned(),
        ),
        // It has a banner of its own above every page.
        Warning::PaymentFailed { .. } => return ().into_any(),
        Warning::Invalid { method } => (
            Tone::Stop,
            t::warning_invalid(&words::payment_line(method)),
            [t::warning_invalid_text(), replace(page)].join(" "),
        ),
    };
    let (route, label) = if can_replace(page) {
        (Route::AddCard, t::card_replace())
    } else {
        (Route::PaymentMethods, t::warning_action())
    };
    let href = page.href(route);
    let here = [Route::PaymentMethods, Route::AddCard];
    let elsewhere = !here.contains(&page.router.route());
    let action = elsewhere.then(|| view! { <LinkButton href label/> });
    view! { <Banner tone title text>{action}</Banner> }.into_any()
}

/// Whether a card can be typed in here.
fn can_replace(page: &Page) -> bool {
    let here = page
        .session()
        .is_some_and(|session| session.tokeniser.is_some());
    here && page.allows(Operation::AddPaymentMethod)
}

/// Where a payment method that does not work is replaced.
pub(crate) fn replace(page: &Page) -> &'static str {
    if can_replace(page) {
        t::warning_replace()
    } else {
        t::warning_replace_in_shop()
    }
}
