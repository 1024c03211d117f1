//! One change for several subscriptions, each of which is done by itself.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Addresses, Session, SubscriptionCard, SubscriptionState};
use protocol::{
    AddressId, Date, Intent, Operation, Query, SubscriptionDelivery, SubscriptionId,
    SubscriptionsDate, SubscriptionsMove, SubscriptionsSkip,
};

use super::forms::open_days;
use super::pause::Length;
use crate::data::{Action, Data, InView};
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::page::Page;
use crate::sections::{parts, words};
use crate::ui::{Glyph, Menu, MenuItem, Tick};

/// What the changes are made from.
struct Desk {
    cards: Vec<SubscriptionCard>,
    session: Session,
}

/// Which are ticked, as the ids of the subscriptions.
#[derive(Clone, Copy)]
struct Ticked(RwSignal<Vec<String>>);

impl Ticked {
    fn ids(self) -> Vec<SubscriptionId> {
        let ids = |all: &Vec<String>| all.iter().filter_map(|id| id.parse().ok()).collect();
        self.0.with_untracked(ids)
    }
}

/// One of the changes.
type Make = fn(Desk, Ticked) -> Form;

/// The menu above the list, where there are several that can be changed together.
pub(super) fn menu(page: &Page, cards: &[SubscriptionCard]) -> AnyView {
    let comes = |card: &&SubscriptionCard| {
        card.state == SubscriptionState::Active && card.next_date.is_some()
    };
    let active: Vec<SubscriptionCard> = cards.iter().filter(comes).cloned().collect();
    let Some(session) = page.session().filter(|_| active.len() > 1).cloned() else {
        return ().into_any();
    };
    let offers: [(Operation, &str, Glyph, Make); 4] = [
        (
            Operation::ChangeDates,
            t::several_date(),
            Glyph::Calendar,
            dates,
        ),
        (
            Operation::SkipSubscriptions,
            t::several_skip(),
            Glyph::Skip,
            skip,
        ),
        (
            Operation::PauseSubscriptions,
            t::several_pause(),
            Glyph::Clock,
            pause,
        ),
        (
            Operation::MoveSubscriptions,
            t::several_address(),
            Glyph::Parcel,
            address,
        ),
    ];
    let allowed = offers
        .into_iter()
        .filter(|(operation, ..)| page.allows(*operation));
    let items: Vec<MenuItem> = allowed
        .map(|(_, label, icon, make)| {
            let (cards, session) = (active.clone(), session.clone());
            page.item(label, icon, None, move || {
                let (cards, session) = (cards.clone(), session.clone());
                begin(Desk { cards, session }, make)
            })
        })
        .collect();
    if items.is_empty() {
        return ().into_any();
    }
    let label = t::several_open();
    view! { <Menu label name=label items/> }.into_any()
}

/// The form of a change, with the subscriptions to tick, done once for each.
fn begin(desk: Desk, make: Make) -> Arc<dyn Action> {
    let ticked = Ticked(RwSignal::new(Vec::new()));
    let titles: Vec<(String, String)> = desk
        .cards
        .iter()
        .map(|card| (card.id.to_string(), words::short(&card.title)))
        .collect();
    let subject = move |id: &str| {
        let mut known = titles.iter();
        let found = known.find(|(known, _)| known == id);
        found.map(|(_, title)| title.clone()).unwrap_or_default()
    };
    make(desk, ticked).each(ticked.0, subject).action()
}

/// The question which ones are meant.
fn which(desk: &Desk, ticked: Ticked) -> Field {
    let today = desk.session.today;
    let tick = |card: &SubscriptionCard| Tick {
        value: card.id.to_string(),
        label: words::short(&card.title),
        hint: card
            .next_date
            .map(|date| t::subscription_next(&format::date(date, today)))
            .unwrap_or_default(),
        locked: String::new(),
    };
    let ticks: Vec<Tick> = desk.cards.iter().map(tick).collect();
    Field::ticks("subscription_ids", t::several_which(), ticked.0, ticks)
}

fn dates(desk: Desk, ticked: Ticked) -> Form {
    let (value, today) = (RwSignal::new(None::<Date>), desk.session.today);
    let intent = move || Intent::ChangeDates {
        body: SubscriptionsDate {
            subscription_ids: ticked.ids(),
            date: value.get_untracked().unwrap_or(today),
        },
    };
    let days = open_days(&desk.session.date_rules);
    Form::new(t::several_date(), intent).fields(vec![
        which(&desk, ticked),
        Field::date("date", t::date_field(), value, days, today, None).hint(t::date_hint()),
    ])
}

fn skip(desk: Desk, ticked: Ticked) -> Form {
    let fields = vec![which(&desk, ticked)];
    let next = move |id: SubscriptionId| {
        let card = desk.cards.iter().find(|card| card.id == id)?;
        Some(SubscriptionDelivery {
            subscription_id: id,
            date: card.next_date?,
        })
    };
    let intent = move || Intent::SkipSubscriptions {
        body: SubscriptionsSkip {
            deliveries: ticked.ids().into_iter().filter_map(&next).collect(),
        },
    };
    Form::new(t::several_skip(), intent)
        .fields(fields)
        .meaning(|| t::several_skip_meaning().into())
}

fn pause(desk: Desk, ticked: Ticked) -> Form {
    let (rules, today) = (desk.session.date_rules.clone(), desk.session.today);
    let months = desk.session.subscription_rules.pause_months.clone();
    // All of them rest until one day, which is after the last of their next dates.
    let last = desk.cards.iter().filter_map(|card| card.next_date).max();
    let length = Length::new(last.unwrap_or(today), rules, months, today);
    let mut fields = vec![which(&desk, ticked)];
    fields.extend(length.fields());
    let intent = move || Intent::PauseSubscriptions {
        body: SubscriptionsDate {
            subscription_ids: ticked.ids(),
            date: length.until(),
        },
    };
    Form::new(t::several_pause(), intent)
        .fields(fields)
        .meaning(|| t::pause_meaning().into())
        .confirm(|| t::pause_confirm().into())
}

fn address(desk: Desk, ticked: Ticked) -> Form {
    let value = RwSignal::new(String::new());
    let cell = Data::expect().open(Query::Addresses);
    let (coming, known) = (Field::coming(&cell), cell.view);
    let picks = Signal::derive(move || {
        known.with(|view| {
            let addresses = view.as_deref().and_then(Addresses::of);
            addresses.map_or_else(Vec::new, |all| {
                all.addresses.iter().map(parts::address_pick).collect()
            })
        })
    });
    let intent = move || Intent::MoveSubscriptions {
        // One is chosen before this is asked; nothing has the id 0.
        address_id: value.with_untracked(|id| id.parse().unwrap_or(AddressId(0))),
        body: SubscriptionsMove {
            subscription_ids: ticked.ids(),
        },
    };
    Form::new(t::several_address(), intent).fields(vec![
        which(&desk, ticked),
        Field::pick("address_id", t::several_to(), value, picks),
        coming,
    ])
}
