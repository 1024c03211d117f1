//! What a merchant's page shows of the portal alone, without the frame and the navigation.

use leptos::prelude::*;
use protocol::view::{SubscriptionCard, SubscriptionState, Subscriptions};
use protocol::{Operation, Query, SubscriptionId};

use super::{flow, payment_methods};
use crate::actions::places;
use crate::i18n::{format, t};
use crate::navigation::{Part, Route};
use crate::overview;
use crate::overview::page::{Page, shown};
use crate::overview::parts::terms;
use crate::overview::words;
use crate::ui::{Button, Drawing, EmptyState, LinkButton, Picture, PictureSize, Shape};

/// One part.
pub(crate) fn part(part: Part) -> AnyView {
    match part {
        Part::NextDelivery => overview::next_delivery(),
        Part::PaymentMethods => {
            let methods = payment_methods::methods(false);
            view! { <div class="stack stack-large">{methods}</div> }.into_any()
        }
        Part::Cancel(only) => shown(
            Query::Subscriptions,
            Shape::Cards(2),
            move |page, view: &Subscriptions| cancel(page, view, only),
        ),
    }
}

/// The active subscriptions, or only one of them, each with the way to cancel it.
fn cancel(page: &Page, view: &Subscriptions, only: Option<SubscriptionId>) -> AnyView {
    let is_meant = |card: &&SubscriptionCard| {
        card.state == SubscriptionState::Active && only.is_none_or(|id| card.id == id)
    };
    let cards: Vec<AnyView> = view
        .subscriptions
        .iter()
        .filter(is_meant)
        .map(|subscription| card(page, subscription))
        .collect();
    if cards.is_empty() {
        let href = page.href(Route::Subscriptions);
        return view! {
            <EmptyState drawing=Drawing::Subscription text=t::cancel_subscription_none()>
                <LinkButton href label=t::overview_see_subscriptions()/>
            </EmptyState>
        }
        .into_any();
    }
    view! { <div class="stack cards">{cards}</div> }.into_any()
}

fn card(page: &Page, subscription: &SubscriptionCard) -> AnyView {
    let place = places::subscription(subscription.id);
    let marked = page.marked(place.clone());
    let title = words::short(&subscription.title);
    let next = subscription.next_date.map(|date| {
        let next = t::subscription_next(&format::date(date, page.today()));
        view! { <p class="small muted">{next}</p> }
    });
    let button = page.allows(Operation::CancelSubscription).then(|| {
        let (own, locked, id) = (page.clone(), page.locked(None), subscription.id);
        let name = t::cancel_subscription_open_name(&title);
        let press = move |()| flow::open_for(&own, id, Operation::CancelSubscription);
        view! { <Button label=t::cancel_subscription_open() name locked on_press=press/> }
    });
    view! {
        <article class="card media" part="card" id=place data-marked=marked>
            <Picture
                src=subscription.image.clone()
                size=PictureSize::Card
                count=subscription.quantity
            />
            <div>
                <a class="strong typed" href=page.href(Route::Subscription(subscription.id))>
                    {title}
                </a>
                <p class="small typed">{terms(subscription)}</p>
                {next}
            </div>
            {button}
        </article>
    }
    .into_any()
}
