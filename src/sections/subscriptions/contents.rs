//! What is in a box that the customer fills: how many of each, and how many are still missing.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{BoxChoice, BoxContents, BoxItem};
use protocol::{BundleContents, Intent};

use super::actions::Desk;
use super::place;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::words;
use crate::ui::{Line, LineKind};

/// How many of each choice.
type Counts = Vec<(BoxChoice, RwSignal<u32>)>;

/// Filling one box.
pub(super) fn contents(desk: Desk) -> Arc<dyn Action> {
    let (card, inside) = (desk.detail.card, desk.detail.contents);
    let BoxContents {
        min,
        max,
        items,
        choices,
    } = inside.unwrap_or(BoxContents {
        min: 0,
        max: 0,
        items: Vec::new(),
        choices: Vec::new(),
    });
    let before = |choice: &BoxChoice| {
        let of_it = items
            .iter()
            .filter(|item| item.external_variant_id == choice.external_variant_id);
        of_it.map(|item| item.quantity).sum()
    };
    let counts: Counts = choices
        .into_iter()
        .map(|choice| {
            let count = RwSignal::new(before(&choice));
            (choice, count)
        })
        .collect();
    let mut fields: Vec<Field> = counts
        .iter()
        .map(|(choice, count)| Field::count("", name(choice), *count, 0, max))
        .collect();
    let of_bar = counts.clone();
    let bar = Signal::derive(move || missing(total(&of_bar), min, max));
    fields.insert(
        0,
        Field::info(move || view! { <p role="status" class="strong">{bar}</p> }.into_any()),
    );
    let (of_check, of_review) = (counts.clone(), counts.clone());
    let filled = move || (min..=max).contains(&total(&of_check));
    let intent = move || Intent::UpdateBundle {
        subscription_id: card.id,
        body: BundleContents {
            items: items_of(&counts),
        },
    };
    let place = place(&card);
    Form::new(t::box_title(), intent)
        .fields(fields)
        .check(filled)
        .review(move || {
            let chosen = of_review
                .iter()
                .filter(|(_, count)| count.get_untracked() > 0);
            let line = |(choice, count): &(BoxChoice, RwSignal<u32>)| Line {
                label: name(choice),
                before: format::integer(count.get_untracked() as usize),
                after: String::new(),
                kind: LineKind::Unchanged,
            };
            chosen.map(line).collect()
        })
        .place(place)
        .action()
}

fn name(choice: &BoxChoice) -> String {
    words::of_variant(&choice.title, &choice.variant)
}

fn total(counts: &Counts) -> u32 {
    counts.iter().map(|(_, count)| count.get()).sum()
}

fn items_of(counts: &Counts) -> Vec<BoxItem> {
    let chosen = counts.iter().filter(|(_, count)| count.get_untracked() > 0);
    let item = |(choice, count): &(BoxChoice, RwSignal<u32>)| BoxItem {
        external_variant_id: choice.external_variant_id.clone(),
        quantity: count.get_untracked(),
    };
    chosen.map(item).collect()
}

/// "Pick 2 more", or that the box is full.
fn missing(many: u32, min: u32, max: u32) -> String {
    match many {
        many if many < min => t::box_more((min - many) as usize),
        many if many > max => t::box_fewer((many - max) as usize),
        many if many == max => t::box_full().to_owned(),
        many => t::box_enough((max - many) as usize),
    }
}
