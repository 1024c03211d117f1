//! The changes of a subscription that a customer fills in, as declarations.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{DateRules, Property, SubscriptionDetail};
use protocol::{
    Frequency, Intent, Interval, NextDate, OrderNote, Properties, Quantity, Query, SubscriptionId,
    Unit,
};

use super::actions::Desk;
use super::place;
use crate::data::{Action, Data};
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::{parts, words};
use crate::ui::{Choice, Line, LineKind, OpenDays};

/// The days of the merchant's rules, as the calendar shows them.
pub(in crate::sections) fn open_days(rules: &DateRules) -> OpenDays {
    OpenDays {
        min: Some(rules.earliest),
        max: Some(rules.latest),
        closed_weekdays: rules.closed_weekdays.iter().copied().collect(),
        closed: rules.closed_dates.iter().copied().collect(),
    }
}

/// The next date of a subscription as it is held now, in words.
fn next_date(data: Data, id: SubscriptionId, today: protocol::Date) -> String {
    let next = |detail: &SubscriptionDetail| detail.card.next_date;
    let date = parts::held(data, &Query::Subscription(id), next).flatten();
    date.map(|date| format::date(date, today))
        .unwrap_or_default()
}

/// Moving the next delivery.
pub(super) fn date(desk: Desk) -> Arc<dyn Action> {
    let (card, today) = (desk.detail.card, desk.today);
    let id = card.id;
    let value = RwSignal::new(card.next_date);
    let intent = move || Intent::ChangeDate {
        subscription_id: id,
        body: NextDate {
            date: value.get_untracked().unwrap_or(today),
        },
    };
    let days = open_days(&desk.dates);
    Form::new(t::date_title(), intent)
        .fields(vec![
            Field::date("date", t::date_field(), value, days, today, card.next_date)
                .hint(t::date_hint()),
        ])
        .done(move |data, _| t::date_done(&next_date(data, id, today)))
        .place(place(&card))
        .action()
}

/// Changing how many come.
pub(super) fn quantity(desk: Desk) -> Arc<dyn Action> {
    let card = desk.detail.card;
    let value = RwSignal::new(card.quantity);
    let intent = move || Intent::ChangeQuantity {
        subscription_id: card.id,
        body: Quantity {
            quantity: value.get_untracked(),
        },
    };
    let (fewest, most) = (desk.rules.fewest, desk.rules.most);
    let limit = t::quantity_limit(&format::integer(most as usize));
    let many = move || format::integer(value.get_untracked() as usize);
    let place = place(&card);
    Form::new(t::quantity_title(), intent)
        .fields(vec![
            Field::count("quantity", t::quantity_field(), value, fewest, most).hint(limit),
        ])
        .done(move |_, _| t::quantity_done(&many()))
        .place(place)
        .action()
}

/// Stands for no frequency at all.
const MONTHLY: Interval = Interval {
    unit: Unit::Month,
    every: 1,
};

/// Changing how often it comes.
pub(super) fn frequency(desk: Desk) -> Arc<dyn Action> {
    let (card, today) = (desk.detail.card, desk.today);
    let id = card.id;
    let all = desk.detail.frequencies;
    let now = all.iter().position(|one| Some(*one) == card.interval);
    let value = RwSignal::new(now.map(|at| at.to_string()).unwrap_or_default());
    let choices: Vec<Choice> = all
        .iter()
        .enumerate()
        .map(|(at, interval)| Choice {
            value: at.to_string(),
            label: words::sentence(&words::interval(*interval)),
            hint: match Some(at) == now {
                true => t::frequency_now().to_owned(),
                false => String::new(),
            },
        })
        .collect();
    let chosen = move || -> Option<Interval> {
        let at: usize = value.with_untracked(|at| at.parse().ok())?;
        all.get(at).copied()
    };
    let often = chosen.clone();
    let intent = move || {
        // The form is complete before this is sent, so something is chosen.
        let interval = chosen().unwrap_or(MONTHLY);
        Intent::ChangeFrequency {
            subscription_id: id,
            body: Frequency { interval },
        }
    };
    let prepaid = card.deliveries_per_charge;
    Form::new(t::frequency_title(), intent)
        .fields(vec![Field::choice(
            "interval",
            t::frequency_field(),
            value,
            choices,
        )])
        .meaning(move || match prepaid {
            0..=1 => String::new(),
            many => t::frequency_prepaid(&format::integer(many as usize)),
        })
        .done(move |data, _| {
            let often = often().map(words::interval).unwrap_or_default();
            t::frequency_done(&next_date(data, id, today), &often)
        })
        .place(place(&card))
        .action()
}

/// The note on everything that goes to the subscription's address.
pub(super) fn note(desk: Desk) -> Arc<dyn Action> {
    let before = desk.detail.order_note;
    let value = RwSignal::new(before.clone());
    let address_id = desk.detail.card.address_id;
    let intent = move || Intent::UpdateOrderNote {
        address_id,
        body: OrderNote {
            note: value.get_untracked(),
        },
    };
    let limit = desk.rules.note_length as usize;
    Form::new(t::note_title(), intent)
        .fields(vec![
            Field::area("note", t::note_field(), value, limit)
                .hint(t::note_hint())
                .optional(),
        ])
        .review(move || {
            vec![changed(
                t::note_field(),
                before.clone(),
                value.get_untracked(),
            )]
        })
        .done(|_, _| t::note_done().into())
        .place(place(&desk.detail.card))
        .action()
}

/// What the customer may write on the subscription.
pub(super) fn properties(desk: Desk) -> Arc<dyn Action> {
    let known = desk.detail.properties;
    let value_of = |name: &String| {
        let found = known.iter().find(|property| property.name == *name);
        found
            .map(|property| property.value.clone())
            .unwrap_or_default()
    };
    let written: Vec<(String, String, RwSignal<String>)> = desk
        .rules
        .properties
        .iter()
        .map(|name| (name.clone(), value_of(name), RwSignal::new(value_of(name))))
        .collect();
    let limit = desk.rules.note_length as usize;
    let fields = written
        .iter()
        .map(|(name, _, value)| Field::area("", name.clone(), *value, limit).optional());
    let fields = fields.collect();
    let id = desk.detail.card.id;
    let review = written.clone();
    let intent = move || {
        let changed = written
            .iter()
            .filter(|(_, before, value)| value.with_untracked(|value| value.trim() != before));
        let properties = changed.map(|(name, _, value)| Property {
            name: name.clone(),
            value: value.get_untracked().trim().to_owned(),
        });
        Intent::UpdateProperties {
            subscription_id: id,
            body: Properties {
                properties: properties.collect(),
            },
        }
    };
    Form::new(t::properties_title(), intent)
        .fields(fields)
        .review(move || {
            let lines = review
                .iter()
                .map(|(name, before, value)| changed(name, before.clone(), value.get_untracked()));
            lines.collect()
        })
        .meaning(|| t::properties_meaning().into())
        .place(place(&desk.detail.card))
        .action()
}

/// A text before and after.
fn changed(label: &str, before: String, after: String) -> Line {
    let kind = match before == after.trim() {
        true => LineKind::Unchanged,
        false => LineKind::Changed,
    };
    let after = match kind {
        LineKind::Unchanged => String::new(),
        _ if after.trim().is_empty() => t::customer_none().to_owned(),
        _ => after.trim().to_owned(),
    };
    Line {
        label: label.to_owned(),
        before,
        after,
        kind,
    }
}
