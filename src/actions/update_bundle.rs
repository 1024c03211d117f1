//! Changing the contents of a bundle: how many of each, and how many are still missing.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{BoxChoice, BoxContents, BoxItem};
use protocol::{BundleContents, Intent, UpdateBundle};

use super::field::Field;
use super::form::Form;
use super::places;
use super::subscription_context::SubscriptionContext;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Line, LineKind};

/// How many of one choice may be picked where the bundle has no limit.
const MOST: u32 = 100;

/// How many of each choice.
type Counts = Vec<(BoxChoice, RwSignal<u32>)>;

/// Opens the form for the contents of a bundle.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let (card, inside) = (context.detail.card, context.detail.contents);
    let mut inside = inside.unwrap_or(BoxContents {
        ranges: Vec::new(),
        items: Vec::new(),
        choices: Vec::new(),
    });
    let items = std::mem::take(&mut inside.items);
    let choices = std::mem::take(&mut inside.choices);
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
    let most = inside.max().unwrap_or(MOST);
    let mut fields: Vec<Field> = counts
        .iter()
        .map(|(choice, count)| Field::count("", name(choice), *count, 0, most))
        .collect();
    let (of_bar, takes) = (counts.clone(), inside.clone());
    let bar = Signal::derive(move || missing(total(&of_bar), &takes));
    fields.insert(
        0,
        Field::info(move || view! { <p role="status" class="strong">{bar}</p> }.into_any()),
    );
    let (of_check, of_review) = (counts.clone(), counts.clone());
    let filled = move || inside.takes(total(&of_check));
    let intent = move || {
        Intent::UpdateBundle(UpdateBundle {
            subscription_id: card.id,
            body: BundleContents {
                items: items_of(&counts),
            },
        })
    };
    let place = places::subscription(card.id);
    Form::new(t::update_bundle_title(), intent)
        .edits()
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
fn missing(many: u32, inside: &BoxContents) -> String {
    match inside.missing(many) {
        0 => match inside.max().map(|max| max - many) {
            None => String::new(),
            Some(0) => t::update_bundle_full().to_owned(),
            Some(more) => t::update_bundle_enough(more as usize),
        },
        more if more > 0 => t::update_bundle_more(more as usize),
        fewer => t::update_bundle_fewer(fewer.unsigned_abs() as usize),
    }
}
