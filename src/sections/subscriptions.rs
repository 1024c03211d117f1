//! All subscriptions by state, and one in detail.

mod bulk_menu;
pub(crate) mod controls;
mod detail;

use leptos::prelude::*;
use protocol::view::{SubscriptionCard, SubscriptionState, Subscriptions};
use protocol::{Operation, Query};

use crate::actions::{add_subscription, places};
use crate::i18n::{format, t};
use crate::navigation::Route;
use crate::overview::page::{Page, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::parts::{self, pill, terms};
use crate::overview::words;
use crate::ui::{
    Button, ButtonKind, Drawing, EmptyState, Glyph, LinkButton, Picture, PictureSize, Shape,
};

pub(crate) use detail::subscription;

/// All subscriptions.
pub(crate) fn subscriptions() -> impl IntoView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::nav_subscriptions()/>
            {shown(Query::Subscriptions, Shape::Cards(3), show)}
        </div>
    }
}

fn show(page: &Page, view: &Subscriptions) -> AnyView {
    if view.subscriptions.is_empty() {
        let shop = page
            .session()
            .map(|session| session.merchant.return_url.clone());
        let start = start_button(page);
        return view! {
            <EmptyState drawing=Drawing::Subscription text=t::subscriptions_empty()>
                <LinkButton
                    href=shop.unwrap_or_default()
                    label=t::overview_visit_shop()
                    kind=ButtonKind::Primary
                />
                {start}
            </EmptyState>
        }
        .into_any();
    }
    let shown = page.rows(view.subscriptions.iter().map(|_| 1));
    let in_state = |state: &SubscriptionState| {
        let all = view.subscriptions.iter();
        all.filter(|card| card.state == *state).count()
    };
    // They come sorted by state, so each run of one state is a group.
    let groups = view.subscriptions[..shown]
        .chunk_by(|a, b| a.state == b.state)
        .map(|group| {
            let (title, ..) = words::subscription_state(&group[0].state);
            let count = format::integer(in_state(&group[0].state));
            let cards = group.iter().map(|subscription| card(page, subscription));
            view! {
                <section class="stack stack-small">
                    <h2>{title}" "<span class="muted number">{count}</span></h2>
                    <div class="stack cards">{cards.collect_view()}</div>
                </section>
            }
        });
    let bulk = bulk_menu::menu(page, &view.subscriptions);
    view! {
        <div class="stack stack-section">
            <div class="row">{start_button(page)}{bulk}</div>
            {groups.collect_view()}
            {page.more_rows(view.subscriptions.len() - shown)}
            {parts::cut(view.cut)}
        </div>
    }
    .into_any()
}

fn card(page: &Page, subscription: &SubscriptionCard) -> AnyView {
    let place = places::subscription(subscription.id);
    let marked = page.marked(place.clone());
    let when = when(page, subscription);
    let variant = &subscription.variant;
    // The heading says the state of all below it.
    let state = words::card_state(subscription, page.today());
    let mark = (state.0 != words::subscription_state(&subscription.state).0).then(|| pill(state));
    view! {
        <article class="card opens media" part="card" id=place data-marked=marked>
            <Picture
                src=subscription.image.clone()
                size=PictureSize::Card
                count=subscription.quantity
            />
            <div>
                <a
                    class="opens-link strong typed"
                    href=page.href(Route::Subscription(subscription.id))
                >
                    {words::short(&subscription.title)}
                </a>
                {(!variant.is_empty()).then(|| view! {
                    <p class="small muted typed">{words::short(variant)}</p>
                })}
                <p class="small typed">{terms(subscription)}</p>
                <p class="small muted">{when}</p>
            </div>
            {mark}
        </article>
    }
    .into_any()
}

/// When it comes next, or since when it does not.
fn when(page: &Page, card: &SubscriptionCard) -> String {
    let today = page.today();
    match (&card.state, card.next_date, card.cancelled_on) {
        (SubscriptionState::Active, Some(date), _) if card.paused_until.is_some() => {
            t::subscription_first_after(&format::date(date, today))
        }
        (SubscriptionState::Active, Some(date), _) => {
            t::subscription_next(&format::date(date, today))
        }
        (SubscriptionState::Cancelled, _, Some(date)) => {
            t::subscription_cancelled_on(&format::date_with_year(date))
        }
        _ => String::new(),
    }
}

/// The way to start another subscription, beside a page's title.
fn start_button(page: &Page) -> AnyView {
    if !page.allows(Operation::AddSubscription) {
        return ().into_any();
    }
    let (own, locked) = (page.clone(), page.locked(None));
    let press = move |()| add_subscription::open(&own, None);
    view! { <Button label=t::add_subscription_open() icon=Glyph::Plus locked on_press=press/> }
        .into_any()
}
