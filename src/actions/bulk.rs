//! What the changes of several subscriptions share, each of which is done by itself.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{DateRules, SubscriptionCard, SubscriptionRules};
use protocol::{Date, SubscriptionId};

use super::field::Field;
use super::form::Form;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::Tick;

/// What the changes are made from.
#[derive(Clone)]
pub(crate) struct BulkContext {
    /// The subscriptions to choose from.
    pub(crate) cards: Vec<SubscriptionCard>,
    /// The days that the shop allows.
    pub(crate) dates: DateRules,
    /// What the shop allows of a subscription.
    pub(crate) rules: SubscriptionRules,
    /// Today, in the store's zone.
    pub(crate) today: Date,
}

impl BulkContext {
    /// The subscriptions `cards` by the rules that `page` knows.
    pub(crate) fn of(page: &Page, cards: Vec<SubscriptionCard>) -> Option<BulkContext> {
        let session = page.session()?;
        Some(BulkContext {
            cards,
            dates: session.date_rules.get()?,
            rules: session.subscription_rules.get()?,
            today: page.today(),
        })
    }
}

/// Which are ticked, as the ids of the subscriptions.
#[derive(Clone, Copy)]
pub(super) struct Ticked(pub(super) RwSignal<Vec<String>>);

impl Ticked {
    /// The ids of those that are ticked.
    pub(super) fn ids(self) -> Vec<SubscriptionId> {
        let ids = |all: &Vec<String>| all.iter().filter_map(|id| id.parse().ok()).collect();
        self.0.with_untracked(ids)
    }
}

/// Opens the form that `make` makes, done once for each subscription that is ticked in it.
pub(super) fn open(page: &Page, context: BulkContext, make: fn(BulkContext, Ticked) -> Form) {
    page.changes.start(|| action(context, make));
}

fn action(context: BulkContext, make: fn(BulkContext, Ticked) -> Form) -> Arc<dyn Action> {
    let ticked = Ticked(RwSignal::new(Vec::new()));
    let titles: Vec<(String, String)> = context
        .cards
        .iter()
        .map(|card| (card.id.to_string(), words::short(&card.title)))
        .collect();
    let subject = move |id: &str| {
        let mut known = titles.iter();
        let found = known.find(|(known, _)| known == id);
        found.map(|(_, title)| title.clone()).unwrap_or_default()
    };
    make(context, ticked).each(ticked.0, subject).action()
}

/// The question which ones are meant.
pub(super) fn which(context: &BulkContext, ticked: Ticked) -> Field {
    let today = context.today;
    let tick = |card: &SubscriptionCard| Tick {
        value: card.id.to_string(),
        label: words::short(&card.title),
        hint: card
            .next_date
            .map(|date| t::subscription_next(&format::date(date, today)))
            .unwrap_or_default(),
        locked: String::new(),
    };
    let ticks: Vec<Tick> = context.cards.iter().map(tick).collect();
    Field::ticks("subscription_ids", t::bulk_which(), ticked.0, ticks)
}
