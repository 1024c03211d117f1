//! Changing what the customer may write on a subscription.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::Property;
use protocol::{Intent, Properties, UpdateProperties};

use super::field::Field;
use super::form::Form;
use super::places;
use super::subscription_context::SubscriptionContext;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for the properties of a subscription.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let known = context.detail.properties;
    let value_of = |name: &String| {
        let found = known.iter().find(|property| property.name == *name);
        found
            .map(|property| property.value.clone())
            .unwrap_or_default()
    };
    let written: Vec<(String, String, RwSignal<String>)> = context
        .rules
        .properties
        .iter()
        .map(|name| (name.clone(), value_of(name), RwSignal::new(value_of(name))))
        .collect();
    let limit = context.rules.note_length as usize;
    let fields = written
        .iter()
        .map(|(name, _, value)| Field::area("", name.clone(), *value, limit).optional());
    let fields = fields.collect();
    let id = context.detail.card.id;
    let intent = move || {
        let changed = written
            .iter()
            .filter(|(_, before, value)| value.with_untracked(|value| value.trim() != before));
        let properties = changed.map(|(name, _, value)| Property {
            name: name.clone(),
            value: value.get_untracked().trim().to_owned(),
        });
        Intent::UpdateProperties(UpdateProperties {
            subscription_id: id,
            body: Properties {
                properties: properties.collect(),
            },
        })
    };
    Form::new(t::update_properties_title(), intent)
        .edits()
        .fields(fields)
        .one_step()
        .meaning(|| t::update_properties_meaning().into())
        .place(places::subscription(context.detail.card.id))
        .action()
}
