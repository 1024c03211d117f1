//! Leaving an address: its subscriptions go to another one, and then it can be deleted.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::Address;
use protocol::{AddressId, Intent, Nothing, SubscriptionId, SubscriptionsMove};

use super::place;
use crate::data::Action;
use crate::i18n::t;
use crate::sections::action::{Field, Form};
use crate::sections::{parts, words};
use crate::ui::{Line, LineKind, Pick, Tick};

/// Sending some subscriptions of `from` to one of the `others`. `first` says why, where the
/// customer asked for something else that needs it.
pub(super) fn moving(from: &Address, others: &[Address], first: Option<String>) -> Arc<dyn Action> {
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
    let intent = move || Intent::MoveSubscriptions {
        address_id: AddressId(to.with_untracked(|id| id.parse().unwrap_or_default())),
        body: SubscriptionsMove {
            subscription_ids: moved.with_untracked(|ids| {
                let ids = ids.iter().filter_map(|id| id.parse().ok());
                ids.map(SubscriptionId).collect()
            }),
        },
    };
    let why = first
        .map(|why| Field::info(move || view! { <p class="small">{why.clone()}</p> }.into_any()));
    let questions = [
        Field::ticks("subscription_ids", t::move_which(), moved, ticks),
        Field::pick("address_id", t::move_where(), to, picks),
    ];
    let was = words::short(&from.lines.street);
    let (line_name, goes_to) = (name.clone(), street.clone());
    Form::new(t::move_title(), intent)
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
        .meaning(|| t::move_meaning().into())
        .confirm(move || t::move_confirm(moved.with_untracked(Vec::len)))
        .sending(t::move_sending())
        .each(moved, name)
        .done(move |_, _| t::move_done(&street()))
        .place(place(from.id))
        .action()
}

fn tick(subscription: &protocol::view::Dependent) -> Tick {
    Tick {
        value: subscription.id.to_string(),
        label: words::short(&subscription.title),
        ..Tick::default()
    }
}

/// Deleting an address to which nothing goes.
pub(super) fn deleting(address: &Address) -> Arc<dyn Action> {
    let id = address.id;
    let street = words::short(&address.lines.street);
    let lines = vec![Line {
        label: t::delete_address_what().into(),
        before: street.clone(),
        kind: LineKind::Lost,
        ..Line::default()
    }];
    let intent = move || Intent::DeleteAddress {
        address_id: id,
        body: Nothing {},
    };
    Form::new(t::delete_address_title(), intent)
        .review(move || lines.clone())
        .meaning(|| t::delete_address_meaning().into())
        .confirm(|| t::delete_address_confirm().into())
        .sending(t::delete_address_sending())
        .ending()
        .done(move |_, _| t::delete_address_done(&street))
        .action()
}
