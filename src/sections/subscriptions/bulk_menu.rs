//! The changes of several subscriptions at once.

use leptos::prelude::*;
use protocol::Operation;
use protocol::view::{SubscriptionCard, SubscriptionState};

use crate::actions::bulk::BulkContext;
use crate::actions::{change_dates, move_subscriptions, pause_subscriptions, skip_subscriptions};
use crate::i18n::t;
use crate::overview::page::Page;
use crate::ui::{Glyph, Menu, MenuItem};

/// Opens one of the changes.
type Open = fn(&Page, BulkContext);

/// The menu above the list, where there are several that can be changed together.
pub(super) fn menu(page: &Page, cards: &[SubscriptionCard]) -> AnyView {
    let comes = |card: &&SubscriptionCard| {
        card.state == SubscriptionState::Active && card.next_date.is_some()
    };
    let active: Vec<SubscriptionCard> = cards.iter().filter(comes).cloned().collect();
    if active.len() < 2 {
        return ().into_any();
    }
    let Some(context) = BulkContext::of(page, active) else {
        return ().into_any();
    };
    let offers: [(Operation, &str, Glyph, Open); 4] = [
        (
            Operation::ChangeDates,
            t::change_dates_title(),
            Glyph::Calendar,
            change_dates::open,
        ),
        (
            Operation::SkipSubscriptions,
            t::skip_subscriptions_title(),
            Glyph::Skip,
            skip_subscriptions::open,
        ),
        (
            Operation::PauseSubscriptions,
            t::pause_subscriptions_title(),
            Glyph::Clock,
            pause_subscriptions::open,
        ),
        (
            Operation::MoveSubscriptions,
            t::move_subscriptions_bulk_title(),
            Glyph::Parcel,
            move_subscriptions::open,
        ),
    ];
    let allowed = offers
        .into_iter()
        .filter(|(operation, ..)| page.allows(*operation));
    let items: Vec<MenuItem> = allowed
        .map(|(_, label, icon, open)| {
            let context = context.clone();
            page.item(label, icon, None, move |page| open(page, context.clone()))
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    let label = t::bulk_open();
    view! { <Menu label name=label items/> }.into_any()
}
