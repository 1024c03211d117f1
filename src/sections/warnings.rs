//! What needs the customer's attention: on the overview, the schedule and the payment page.

use leptos::prelude::*;
use protocol::view::Warning;

use super::page::Page;
use super::words;
use crate::i18n::{format, t};
use crate::routing::Route;
use crate::ui::{Banner, LinkButton, Tone};

/// The most urgent warning as one banner with one action; nothing where all is well.
pub(super) fn warnings(page: &Page, all: &[Warning]) -> AnyView {
    let Some(warning) = all.first() else {
        return ().into_any();
    };
    let today = page.today();
    let (tone, title, text) = match warning {
        Warning::Expiring { method, expires } if *expires <= today => (
            Tone::Attention,
            t::warning_expired(&words::payment_line(method)),
            t::warning_expired_text().to_owned(),
        ),
        Warning::Expiring { method, expires } => (
            Tone::Attention,
            t::warning_expiring(
                &words::payment_line(method),
                &format::relative(expires.add_days(-1), today),
            ),
            t::warning_expiring_text().to_owned(),
        ),
        // It has a banner of its own above every page.
        Warning::PaymentFailed { .. } => return ().into_any(),
        Warning::Invalid { method } => (
            Tone::Stop,
            t::warning_invalid(&words::payment_line(method)),
            t::warning_invalid_text().to_owned(),
        ),
    };
    let href = page.href(Route::PaymentMethods);
    let elsewhere = page.router.route() != Route::PaymentMethods;
    let action = elsewhere.then(|| view! { <LinkButton href label=t::warning_action()/> });
    view! { <Banner tone title text>{action}</Banner> }.into_any()
}
