//! What pays, what it pays for, and what is wrong with it.

use leptos::prelude::*;
use protocol::Query;
use protocol::view::{PaymentMethod, PaymentMethodState, PaymentMethods};

use super::page::{Page, shown};
use super::{parts, words};
use crate::i18n::{format, t};
use crate::ui::{
    Banner, Drawing, EmptyState, Fact, Facts, Glyph, Icon, PageHeader, Pill, Shape, Tone,
};

/// The payment methods.
pub(crate) fn payment_methods() -> impl IntoView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::payment_title() lead=t::payment_lead()/>
            {shown(Query::PaymentMethods, Shape::Cards(2), show)}
        </div>
    }
}

fn show(page: &Page, view: &PaymentMethods) -> AnyView {
    if view.methods.is_empty() {
        return view! { <EmptyState drawing=Drawing::Card text=t::payment_empty()/> }.into_any();
    }
    let cards = view.methods.iter().map(|method| card(page, method));
    view! { <div class="stack cards">{cards.collect_view()}</div> }.into_any()
}

fn card(page: &Page, method: &PaymentMethod) -> AnyView {
    let expiry = method.line.expiry.map(|(year, month)| {
        let text = format::card_expiry(month, year.unsigned_abs());
        view! { <p class="small muted number">{t::payment_expires(&text)}</p> }
    });
    let default = method
        .default
        .then(|| view! { <Pill label=t::payment_default() icon=Glyph::Check/> });
    // That all is well needs no mark: only what is not does.
    let state = (method.state != PaymentMethodState::Valid && !method.expiring)
        .then(|| parts::pill(words::method_state(&method.state)));
    view! {
        <section class="card">
            <div class="media">
                <span class="payment-mark"><Icon glyph=Glyph::Card/></span>
                <div>
                    <h2 class="typed">{words::payment_line(&method.line)}</h2>
                    {expiry}
                </div>
                <div class="row">{default}{state}</div>
            </div>
            {warning(page, method)}
            {uses(method)}
        </section>
    }
    .into_any()
}

/// That it expires soon, has expired, or cannot be charged.
fn warning(page: &Page, method: &PaymentMethod) -> AnyView {
    let today = page.today();
    let name = words::payment_line(&method.line);
    let (tone, title, text) = match (method.state == PaymentMethodState::Invalid, method.expires) {
        (true, _) => (
            Tone::Stop,
            t::warning_invalid(&name),
            t::warning_invalid_text(),
        ),
        (false, Some(day)) if method.expiring && day <= today => (
            Tone::Attention,
            t::warning_expired(&name),
            t::warning_expired_text(),
        ),
        (false, Some(day)) if method.expiring => {
            let away = format::relative(day.add_days(-1), today);
            (
                Tone::Attention,
                t::warning_expiring(&name, &away),
                t::warning_expiring_text(),
            )
        }
        _ => return ().into_any(),
    };
    view! { <Banner tone title text/> }.into_any()
}

/// The addresses whose deliveries it pays for, and its billing address.
fn uses(method: &PaymentMethod) -> AnyView {
    let pays = (!method.addresses.is_empty()).then(|| {
        let lines = method.addresses.iter().map(|address| {
            let line = address.lines.street.clone();
            view! { <li class="typed">{line}</li> }
        });
        let lines = lines.collect_view();
        view! { <Fact label=t::payment_pays_for()><ul>{lines}</ul></Fact> }
    });
    let unused = method.addresses.is_empty().then(|| {
        view! { <p class="small muted">{t::payment_unused()}</p> }
    });
    let billing = method.billing_address.as_ref().map(|lines| {
        let shown = parts::address(lines);
        view! { <Fact label=t::payment_billing()>{shown}</Fact> }
    });
    view! {
        {unused}
        <Facts>{pays}{billing}</Facts>
    }
    .into_any()
}
