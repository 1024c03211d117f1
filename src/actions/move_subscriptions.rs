//! Moving subscriptions to another address: those of one address, or several of any.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Address, Addresses, Dependent};
use protocol::{AddressId, Intent, MoveSubscriptions, Query, SubscriptionId, SubscriptionsMove};

use super::bulk::{self, BulkContext, Ticked};
use super::field::Field;
use super::form::Form;
use super::places;
use crate::data::{Action, Data, InView};
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::{parts, words};
use crate::ui::{Line, LineKind, Pick, Tick};

/// Opens the form for several of the customer's subscriptions.
pub(crate) fn open(page: &Page, context: BulkContext) {
    bulk::open(page, context, form);
}

/// Opens the form for the subscriptions of the address `from`, which can move to one of the
/// `others`. `first` says why, where the customer asked for something else that needs it.
pub(crate) fn open_from(page: &Page, from: &Address, others: &[Address], first: Option<String>) {
    page.changes.start(|| action(from, others, first));
}

fn form(context: BulkContext, ticked: Ticked) -> Form {
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
    let intent = move || {
        Intent::MoveSubscriptions(MoveSubscriptions {
            // One is chosen before this is asked; nothing has the id 0.
            address_id: value.with_untracked(|id| id.parse().unwrap_or(AddressId(0))),
            body: SubscriptionsMove {
                subscription_ids: ticked.ids(),
            },
        })
    };
    Form::new(t::move_subscriptions_bulk_title(), intent).fields(vec![
        bulk::which(&context, ticked),
        Field::pick(
            "address_id",
            t::move_subscriptions_bulk_where(),
            value,
            picks,
        ),
        coming,
    ])
}

fn action(from: &Address, others: &[Address], first: Option<String>) -> Arc<dyn Action> {
    let all: Vec<String> = from
        .subscriptions
        .iter()
        .map(|s| s.id.to_string())
        .collect();
    let ticks: Vec<Tick> = from.subscriptions.iter().map(tick).collect();
    let names = ticks.clone();
    let (moved, to) = (RwSignal::new(all), RwSignal::new(String::new()));
    let picks: Vec<Pick> = others.iter().map(parts::address_pick).collect();
    if let [only] = &picks[..] {
        to.set(only.value.clone());
    }
    let street = {
        let picks = picks.clone();
        move || {
            let found = picks
                .iter()
                .find(|pick| to.with_untracked(|id| *id == pick.value));
            found.map(|pick| pick.title.clone()).unwrap_or_default()
        }
    };
    let name = move |id: &str| {
        let tick = names.iter().find(|tick| tick.value == id);
        tick.map(|tick| tick.label.clone()).unwrap_or_default()
    };
    let intent = move || {
        Intent::MoveSubscriptions(MoveSubscriptions {
            address_id: AddressId(to.with_untracked(|id| id.parse().unwrap_or_default())),
            body: SubscriptionsMove {
                subscription_ids: moved.with_untracked(|ids| {
                    let ids = ids.iter().filter_map(|id| id.parse().ok());
                    ids.map(SubscriptionId).collect()
                }),
            },
        })
    };
    let why = first
        .map(|why| Field::info(move || view! { <p class="small">{why.clone()}</p> }.into_any()));
    let questions = [
        Field::ticks(
            "subscription_ids",
            t::move_subscriptions_which(),
            moved,
            ticks,
        ),
        Field::pick("address_id", t::move_subscriptions_where(), to, picks),
    ];
    let was = words::short(&from.lines.street);
    let (line_name, goes_to) = (name.clone(), street.clone());
    Form::new(t::move_subscriptions_title(), intent)
        .fields(why.into_iter().chain(questions).collect())
        .review(move || {
            let line = |id: &String| Line {
                label: line_name(id),
                before: was.clone(),
                after: goes_to(),
                kind: LineKind::Changed,
            };
            moved.with_untracked(|ids| ids.iter().map(line).collect())
        })
        .meaning(|| t::move_subscriptions_meaning().into())
        .confirm(move || t::move_subscriptions_confirm(moved.with_untracked(Vec::len)))
        .sending(t::move_subscriptions_sending())
        .each(moved, name)
        .done(move |_, _| t::move_subscriptions_done(&street()))
        .place(places::address(from.id))
        .action()
}

fn tick(subscription: &Dependent) -> Tick {
    Tick {
        value: subscription.id.to_string(),
        label: words::short(&subscription.title),
        ..Tick::default()
    }
}
