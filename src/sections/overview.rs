//! The first page: what comes when and what it costs, and the way to change it.

use leptos::html;
use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryState, Overview, SubscriptionCard};
use protocol::{Date, Operation, Query};

use super::deliveries::{skip_button, unskip_button};
use super::page::{Page, shown};
use super::parts::{delivery_place, delivery_total, lock_of, names, pill, to_and_by};
use super::rest::Rest;
use super::warnings::warnings;
use super::{Start, words};
use crate::data::{Data, InView};
use crate::i18n::{format, t};
use crate::routing::Route;
use crate::ui::{
    Button, ButtonKind, DateBlock, Drawing, EmptyState, Glyph, Icon, LinkButton, PageHeader,
    Picture, PictureSize, Shape, task,
};

/// The overview.
pub(crate) fn overview() -> impl IntoView {
    let session = Data::expect().open(Query::Session);
    let title = Signal::derive(move || {
        let name = session.view.with(|view| {
            let session = view.as_deref().and_then(protocol::view::Session::of);
            session
                .map(|session| session.first_name.clone())
                .unwrap_or_default()
        });
        match name.is_empty() {
            true => t::overview_title().to_owned(),
            false => t::overview_hello(&words::short(&name)),
        }
    });
    // A slow phone paints what comes next before it draws what is further down.
    let led = RwSignal::new(Rest::expect().is_here());
    view! {
        <div class="stack stack-large">
            <PageHeader title/>
            {shown(Query::Overview, Shape::Lead, move |page, view| show(page, view, led))}
        </div>
    }
}

fn show(page: &Page, view: &Overview, led: RwSignal<bool>) -> AnyView {
    task::after_paint(move || task::set(led, true));
    page.rest.fetch_after_paint();
    let next = match &view.next {
        Some(delivery) => lead(page, delivery),
        None => nothing_planned(page, view),
    };
    let below = {
        let (page, view) = (page.clone(), view.clone());
        move || led.get().then(|| below(&page, &view))
    };
    view! {
        <div class="stack stack-section">
            {warnings(page, &view.warnings)}
            {next}
            {below}
        </div>
    }
    .into_any()
}

/// What follows the card that leads the page.
fn below(page: &Page, view: &Overview) -> AnyView {
    let later = (!view.later.is_empty()).then(|| {
        let rows = view.later.iter().map(|delivery| later_row(page, delivery));
        view! {
            <section class="stack stack-small">
                <h2>{t::overview_later()}</h2>
                <div class="card card-flush">{rows.collect_view()}</div>
            </section>
        }
    });
    let subscriptions = (!view.subscriptions.is_empty()).then(|| subscriptions(page, view));
    view! {
        {later}
        {subscriptions}
    }
    .into_any()
}

/// The card that leads the page.
fn lead(page: &Page, delivery: &Delivery) -> AnyView {
    let today = page.today();
    let place = delivery_place(delivery.key);
    let marked = page.marked(place.clone());
    let coming = || delivery.items.iter().filter(|item| !item.skipped);
    let pictures = coming().take(4).map(|item| {
        view! { <Picture src=item.image.clone() size=PictureSize::Card count=item.quantity/> }
    });
    let state = (delivery.state != DeliveryState::Planned)
        .then(|| pill(words::delivery_state(&delivery.state)));
    // What the budget of the first load is measured by; `view!` does not know the attribute.
    let date = html::h2()
        .class("big")
        .attr("elementtiming", "next-delivery")
        .child(format::date(delivery.key.date, today));
    view! {
        <section class="card lead" id=place data-marked=marked>
            <div class="stack stack-tight">
                <p class="small muted">{t::overview_next()}</p>
                <div class="row lead-date">
                    {date}
                    <span class="muted">{format::relative(delivery.key.date, today)}</span>
                    {state}
                </div>
            </div>
            <div class="row lead-pictures">{pictures.collect_view()}</div>
            <div class="stack stack-tight">
                <p class="lead-sum">
                    <span class="typed clamp-2">{names(coming().map(|item| item.title.as_str()))}</span>
                    <strong class="strong">{delivery_total(delivery)}</strong>
                </p>
                <p class="muted typed">{to_and_by(delivery.address.as_ref(), delivery.payment.as_ref())}</p>
                {lead_notes(delivery, today)}
            </div>
            <div class="actions actions-wide">{lead_actions(page, delivery)}</div>
        </section>
    }
    .into_any()
}

/// What is skipped of it, and until when it can be changed or why it cannot.
fn lead_notes(delivery: &Delivery, today: Date) -> AnyView {
    let skipped = delivery.items.iter().filter(|item| item.skipped);
    let skipped = names(skipped.map(|item| item.title.as_str()));
    let skipped = (!skipped.is_empty()).then(|| (Glyph::Skip, t::delivery_left_out(&skipped)));
    let change = match (&delivery.lock, delivery.change_until) {
        (Some(lock), _) => Some((Glyph::Info, words::lock(lock))),
        (None, Some(until)) => {
            let moment = format::day_time(until.date, until.minute, today);
            Some((Glyph::Clock, t::delivery_change_until(&moment)))
        }
        (None, None) => None,
    };
    let lines = skipped.into_iter().chain(change).map(|(glyph, text)| {
        view! { <p class="small muted icon-line"><Icon glyph/><span class="typed">{text}</span></p> }
    });
    lines.collect_view().into_any()
}

/// At most three, the likeliest first.
fn lead_actions(page: &Page, delivery: &Delivery) -> AnyView {
    let label = t::delivery_skip_this().to_owned();
    let skip = skip_button(page, delivery, ButtonKind::Primary, label);
    let second = if delivery.items.iter().any(|item| item.skipped) {
        unskip_button(page, delivery, lock_of(page, delivery))
    } else if page.allows(Operation::UpdateAddress) {
        let (own, address, locked) = (page.clone(), delivery.key.address_id, page.locked(None));
        let press = move |()| own.start(Start::EditAddress(address));
        view! { <Button label=t::overview_change_address() locked on_press=press/> }.into_any()
    } else {
        ().into_any()
    };
    let (all, label) = (page.href(Route::Deliveries), t::overview_all_deliveries());
    view! {
        {skip}
        {second}
        <LinkButton href=all label kind=ButtonKind::Quiet/>
    }
    .into_any()
}

/// No delivery: what to do about it.
fn nothing_planned(page: &Page, view: &Overview) -> AnyView {
    let (text, action) = match (view.active_count, view.cancelled_count) {
        (0, 0) => (t::overview_empty_new(), None),
        (0, _) => (
            t::overview_empty_cancelled(),
            Some(t::overview_reactivate()),
        ),
        _ => (
            t::overview_empty_active(),
            Some(t::overview_see_subscriptions()),
        ),
    };
    let shop = page
        .session()
        .map(|session| session.merchant.return_url.clone());
    let action = match action {
        Some(label) => {
            let href = page.href(Route::Subscriptions);
            view! { <LinkButton href label kind=ButtonKind::Primary/> }.into_any()
        }
        None => view! {
            <LinkButton
                href=shop.unwrap_or_default()
                label=t::overview_visit_shop()
                kind=ButtonKind::Primary
            />
        }
        .into_any(),
    };
    view! {
        <section class="card">
            <EmptyState drawing=Drawing::Parcel text>{action}</EmptyState>
        </section>
    }
    .into_any()
}

/// A delivery after the next, as a quiet row.
fn later_row(page: &Page, delivery: &Delivery) -> AnyView {
    let today = page.today();
    let date = delivery.key.date;
    let place = delivery_place(delivery.key);
    let marked = page.marked(place.clone());
    let skipped = delivery.state == DeliveryState::Skipped;
    let end = match skipped {
        true => unskip_button(page, delivery, lock_of(page, delivery)),
        false => view! { <span class="small">{delivery_total(delivery)}</span> }.into_any(),
    };
    let note = match &delivery.state {
        DeliveryState::Planned => format::relative(date, today),
        state => words::delivery_state(state).0,
    };
    let titles = names(delivery.items.iter().map(|item| item.title.as_str()));
    view! {
        <div class="media" id=place data-marked=marked data-skipped=skipped.then_some("")>
            <DateBlock weekday=format::weekday_short(date) day=format::day_number(date) skipped=skipped/>
            <div>
                <p class="strong">
                    <span class:struck=skipped>{format::date_short(date, today)}</span>
                    // So that it is not read out as one word; the eye has a margin.
                    " "
                    <span class="muted small aside">{note}</span>
                </p>
                <p class="small muted typed clamp-1">{titles}</p>
            </div>
            {end}
        </div>
    }
    .into_any()
}

fn subscriptions(page: &Page, view: &Overview) -> AnyView {
    let rows = view
        .subscriptions
        .iter()
        .map(|card| subscription_row(page, card));
    let count = view.active_count as usize;
    view! {
        <section class="stack stack-small">
            <div class="row row-between">
                <h2>{t::overview_subscriptions(count)}</h2>
                <a class="small" href=page.href(Route::Subscriptions)>{t::overview_all()}</a>
            </div>
            <div class="card card-flush">{rows.collect_view()}</div>
        </section>
    }
    .into_any()
}

fn subscription_row(page: &Page, card: &SubscriptionCard) -> AnyView {
    let next = card
        .next_date
        .map(|date| format::date_short(date, page.today()));
    view! {
        <div class="media opens">
            <Picture src=card.image.clone() count=card.quantity/>
            <div>
                <a class="opens-link strong typed clamp-2" href=page.href(Route::Subscription(card.id))>
                    {words::short(&card.title)}
                </a>
                <p class="small muted typed clamp-2">{super::subscriptions::terms(card)}</p>
            </div>
            <span class="small muted number">{next}</span>
        </div>
    }
    .into_any()
}
