//! All subscriptions by state, and one in detail.

mod actions;
mod cancel;
mod contents;
mod detail;
pub(super) mod forms;
mod pause;
mod reactivate;
mod several;
mod swap;

use leptos::prelude::*;
use protocol::Query;
use protocol::view::{SubscriptionCard, SubscriptionState, Subscriptions};

use super::adding;
use super::page::{Page, shown};
use super::parts::pill;
use super::words;
use crate::i18n::{format, t};
use crate::routing::Route;
use crate::ui::{
    ButtonKind, Drawing, EmptyState, LinkButton, PageHeader, Picture, PictureSize, Shape,
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
        let start = adding::start_button(page);
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
    let cut = view
        .cut
        .then(|| view! { <p class="small muted">{t::subscriptions_cut()}</p> });
    let several = several::menu(page, &view.subscriptions);
    view! {
        <div class="stack stack-section">
            <div class="row">{adding::start_button(page)}{several}</div>
            {groups.collect_view()}
            {page.more_rows(view.subscriptions.len() - shown)}
            {cut}
        </div>
    }
    .into_any()
}

fn card(page: &Page, subscription: &SubscriptionCard) -> AnyView {
    let place = place(subscription);
    let marked = page.marked(place.clone());
    let when = when(page, subscription);
    let variant = subscription.variant.clone();
    view! {
        <article class="card opens media" id=place data-marked=marked>
            <Picture
                src=subscription.image.clone()
                size=PictureSize::Card
                count=subscription.quantity
            />
            <div>
                <a
                    class="opens-link strong typed clamp-2"
                    href=page.href(Route::Subscription(subscription.id))
                >
                    {words::short(&subscription.title)}
                </a>
                {(!variant.is_empty()).then(|| view! {
                    <p class="small muted typed clamp-1">{variant}</p>
                })}
                <p class="small typed">{terms(subscription)}</p>
                <p class="small muted">{when}</p>
            </div>
            {pill(words::card_state(subscription, page.today()))}
        </article>
    }
    .into_any()
}

/// The `id` of the element that shows a subscription.
fn place(subscription: &SubscriptionCard) -> String {
    format!("subscription-{}", subscription.id)
}

/// "2 × every 4 weeks · $36.00".
pub(super) fn terms(card: &SubscriptionCard) -> String {
    let price = format::money(card.price.times(card.quantity));
    let often = card.interval.map(words::interval);
    let often = match (often, card.quantity) {
        (Some(often), 0..=1) => Some(often),
        (Some(often), many) => Some(t::item_times(&format::integer(many as usize), &often)),
        (None, _) => None,
    };
    let prepaid = (card.deliveries_per_charge > 1)
        .then(|| t::subscription_prepaid(card.deliveries_per_charge as usize));
    let all: Vec<String> = often.into_iter().chain([price]).chain(prepaid).collect();
    words::sentence(&all.join(" · "))
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
