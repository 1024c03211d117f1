//! The first page: what comes when and what it costs, and the way to change it.
//!
//! This folder is in the first file of the bundle: the overview, what it draws with, and what it
//! shares with the sections. The [lazy bundle](lazy_bundle) is the way to all the rest.

pub(crate) mod action_request;
pub(crate) mod delivery_buttons;
pub(crate) mod ended;
pub(crate) mod lazy_bundle;
pub(crate) mod lazy_views;
pub(crate) mod page;
pub(crate) mod page_header;
pub(crate) mod parts;
pub(crate) mod trouble;
pub(crate) mod waiting;
pub(crate) mod warnings;
pub(crate) mod words;

use leptos::html;
use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryState, FIRST_ACTIONS, Lock, Overview, SubscriptionCard};
use protocol::{Operation, Query};

use crate::data::{Data, InView};
use crate::i18n::{format, t};
use crate::navigation::Route;
use crate::ui::{
    Button, ButtonKind, DateBlock, Drawing, EmptyState, Glyph, Icon, LinkButton, Picture,
    PictureSize, Shape, task,
};
use action_request::ActionRequest;
use delivery_buttons::{passed, reschedule_button, skip_button, unskip_button};
use lazy_bundle::LazyBundle;
use page::{Page, shown};
use page_header::PageHeader;
use parts::{delivery_place, delivery_total, lock_of, names, pill, to_and_by};
use warnings::warnings;

/// The overview.
pub(crate) fn overview() -> impl IntoView {
    let session = Data::expect().open(Query::Session);
    let known = session.view.clone();
    let title = Signal::derive(move || {
        let name = session.view.with(|view| {
            let session = view.as_deref().and_then(protocol::view::Session::of);
            session
                .map(|session| session.first_name.clone())
                .unwrap_or_default()
        });
        if name.is_empty() {
            t::overview_title().to_owned()
        } else {
            t::overview_hello(&words::short(&name))
        }
    });
    let headline = move || {
        let view = known.get();
        let session = protocol::view::Session::of(view.as_deref()?)?;
        let text = session.merchant.headline.clone()?;
        Some(view! { <p class="page-lead typed">{text}</p> })
    };
    // A slow phone paints what comes next before it draws what is further down.
    let led = RwSignal::new(LazyBundle::expect().is_here());
    view! {
        <div class="stack stack-large">
            <PageHeader title name=t::overview_title()/>
            {headline}
            {shown(Query::Overview, Shape::Lead, move |page, view| show(page, view, led))}
        </div>
    }
}

/// What leads the overview, alone.
pub(crate) fn next_delivery() -> AnyView {
    shown(Query::Overview, Shape::Lead, next)
}

fn next(page: &Page, view: &Overview) -> AnyView {
    LazyBundle::expect().fetch_after_paint();
    match &view.next {
        Some(delivery) => lead(page, delivery),
        None => nothing_planned(page, view),
    }
}

fn show(page: &Page, view: &Overview, led: RwSignal<bool>) -> AnyView {
    task::after_paint(move || task::set(led, true));
    let next = next(page, view);
    let below = {
        let (page, view) = (page.clone(), view.clone());
        move || {
            if led.get() {
                below(&page, &view)
            } else {
                view! { <div class="fold"></div> }.into_any()
            }
        }
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
                <div class="row row-between">
                    <h2>{t::overview_later()}</h2>
                    <a class="small" href=page.href(Route::Deliveries)>{t::overview_all_deliveries()}</a>
                </div>
                <div class="card card-flush" part="card">{rows.collect_view()}</div>
            </section>
        }
    });
    let subscriptions = (!view.subscriptions.is_empty()).then(|| subscriptions(page, view));
    view! {
        {later}
        {subscriptions}
        <slot name="after-overview"></slot>
    }
    .into_any()
}

/// The card that leads the page.
fn lead(page: &Page, delivery: &Delivery) -> AnyView {
    let today = page.today();
    let place = delivery_place(delivery.key);
    let marked = page.marked(place.clone());
    let passed = passed(delivery);
    let (own, of_it) = (page.clone(), delivery.clone());
    let notes = move || lead_notes(&own, &of_it, passed.get());
    let (own, of_it) = (page.clone(), delivery.clone());
    let actions = move || lead_actions(&own, &of_it, passed.get());
    let coming = || delivery.items.iter().filter(|item| !item.skipped);
    let pictures = coming().take(4).map(|item| {
        view! { <Picture src=item.image.clone() alt=item.title.clone() size=PictureSize::Card count=item.quantity/> }
    });
    let state = (delivery.state != DeliveryState::Planned)
        .then(|| pill(words::delivery_state(&delivery.state)));
    // What the budget of the first load is measured by; `view!` does not know the attribute.
    let date = html::h2()
        .class("big")
        .attr("elementtiming", "next-delivery")
        .child(format::date(delivery.key.date, today));
    view! {
        <section class="card lead" part="card lead" id=place data-marked=marked>
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
                    <span class="typed">{names(coming().map(|item| item.title.as_str()))}</span>
                    <strong class="strong">{delivery_total(delivery)}</strong>
                </p>
                <p class="muted typed">{to_and_by(delivery.address.as_ref(), delivery.payment.as_ref())}</p>
                {notes}
            </div>
            <div class="actions actions-wide">{actions}</div>
        </section>
    }
    .into_any()
}

/// What is skipped of it, and until when it can be changed or why it cannot.
fn lead_notes(page: &Page, delivery: &Delivery, passed: bool) -> AnyView {
    let skipped = delivery.items.iter().filter(|item| item.skipped);
    let skipped = names(skipped.map(|item| item.title.as_str()));
    let skipped = (!skipped.is_empty()).then(|| (Glyph::Skip, t::delivery_left_out(&skipped)));
    let change = match (&delivery.lock, delivery.change_until) {
        (Some(lock), _) => Some((Glyph::Info, words::lock(lock))),
        _ if passed => Some((Glyph::Info, words::lock(&Lock::CutOff))),
        (None, Some(until)) => Some((
            Glyph::Clock,
            t::delivery_change_until(&page.cut_off(&until)),
        )),
        (None, None) => None,
    };
    let lines = skipped.into_iter().chain(change).map(|(glyph, text)| {
        view! { <p class="small muted icon-line"><Icon glyph/><span class="typed">{text}</span></p> }
    });
    lines.collect_view().into_any()
}

/// At most three: the merchant's choice and then the likeliest. What can no longer be done is not
/// offered.
fn lead_actions(page: &Page, delivery: &Delivery, passed: bool) -> AnyView {
    let mut order = FIRST_ACTIONS;
    let first = page.first_action();
    if let Some(at) = order.iter().position(|operation| Some(*operation) == first) {
        order[..=at].rotate_right(1);
    }
    let mut kind = ButtonKind::Primary;
    let actions = order.map(|operation| {
        let button = lead_action(page, delivery, operation, passed, kind);
        if button.is_some() {
            kind = ButtonKind::Secondary;
        }
        button
    });
    actions.into_iter().collect_view().into_any()
}

fn lead_action(
    page: &Page,
    delivery: &Delivery,
    operation: Operation,
    passed: bool,
    kind: ButtonKind,
) -> Option<AnyView> {
    match operation {
        Operation::RescheduleDelivery if !passed => reschedule_button(page, delivery, kind),
        Operation::SkipDelivery if !passed => {
            let label = t::skip_delivery_open_this().to_owned();
            skip_button(page, delivery, kind, label)
        }
        Operation::UpdateAddress => {
            if !passed && delivery.items.iter().any(|item| item.skipped) {
                return Some(unskip_button(page, delivery, lock_of(page, delivery)));
            }
            if !page.allows(operation) {
                return None;
            }
            let (lazy, own, locked) = (LazyBundle::expect(), page.clone(), page.locked(None));
            let action = ActionRequest::UpdateAddress(delivery.key.address_id);
            let press = move |()| lazy.open(&own, action.clone());
            let label = t::overview_change_address();
            // It says nothing of the delivery, and leads only where the merchant wants it to.
            let kind = if page.first_action() == Some(operation) {
                kind
            } else {
                ButtonKind::Secondary
            };
            Some(view! { <Button label kind locked icon=Glyph::Pin on_press=press/> }.into_any())
        }
        _ => None,
    }
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
        <section class="card" part="card">
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
    let end = if skipped {
        unskip_button(page, delivery, lock_of(page, delivery))
    } else {
        view! { <span class="small">{delivery_total(delivery)}</span> }.into_any()
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
                <p class="small muted typed">{titles}</p>
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
    view! {
        <section class="stack stack-small">
            <div class="row row-between">
                <h2>{t::overview_subscriptions()}</h2>
                <a class="small" href=page.href(Route::Subscriptions)>{t::overview_all()}</a>
            </div>
            <div class="card card-flush" part="card">{rows.collect_view()}</div>
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
                <a class="opens-link strong typed" href=page.href(Route::Subscription(card.id))>
                    {words::short(&card.title)}
                </a>
                <p class="small muted typed">{parts::terms(card)}</p>
            </div>
            <span class="small muted number">{next}</span>
        </div>
    }
    .into_any()
}
