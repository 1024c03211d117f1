//! Moving a delivery: to another day or together with another delivery, whole or in part, alone
//! or with all that follow.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{DateRules, Delivery, DeliveryItem, DeliverySchedule, DeliveryState};
use protocol::{Date, DeliveryMove, Intent, PurchaseItemId};

use super::super::action::{Field, Form};
use super::super::page::Page;
use super::super::parts::delivery_place;
use super::super::subscriptions::forms::open_days;
use super::super::words;
use super::next_sentence;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::ui::{Choice, OpenDays, Tick};

/// The answer that asks for a day of the calendar.
const OTHER: &str = "other";
/// The answer by which all that follow move along.
const ALL: &str = "all";
/// The answer by which only this delivery moves.
const ONE: &str = "one";

/// Opens the form for moving `delivery` of `schedule`.
pub(super) fn start(page: &Page, delivery: Delivery, schedule: DeliverySchedule) {
    let Some(rules) = page.session().map(|session| session.date_rules.clone()) else {
        return;
    };
    page.changes
        .start(|| reschedule(page, delivery, schedule, rules));
}

/// Whether `delivery` can be moved at all: it has a charge of its own and is still planned.
pub(super) fn can(delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Planned && delivery.due.is_some()
}

/// What has been chosen so far.
#[derive(Clone, Copy)]
struct Chosen {
    items: RwSignal<Vec<String>>,
    day: RwSignal<String>,
    date: RwSignal<Option<Date>>,
    later: RwSignal<String>,
    /// How many items there are to choose from.
    count: usize,
}

impl Chosen {
    fn to(self) -> Option<Date> {
        self.day.with(|day| match day.as_str() {
            OTHER => self.date.get(),
            day => day.parse().ok(),
        })
    }

    fn is_whole(self) -> bool {
        self.items.with(|items| items.len() == self.count)
    }

    /// Only a delivery that moves as a whole can leave those behind it where they are.
    fn moves_later(self) -> bool {
        !self.is_whole() || self.later.with(|later| later == ALL)
    }

    fn ids(self) -> Vec<PurchaseItemId> {
        let ids = self.items.get();
        ids.iter()
            .filter_map(|id| id.parse().ok().map(PurchaseItemId))
            .collect()
    }
}

fn reschedule(
    page: &Page,
    delivery: Delivery,
    schedule: DeliverySchedule,
    rules: DateRules,
) -> Arc<dyn Action> {
    let (key, today) = (delivery.key, page.today());
    let coming: Vec<DeliveryItem> = delivery
        .items
        .iter()
        .filter(|item| !item.skipped)
        .cloned()
        .collect();
    let all = coming.iter().map(|item| item.purchase_item_id.to_string());
    let joins = joinable(&delivery, &schedule, &rules);
    let chosen = Chosen {
        items: RwSignal::new(all.collect()),
        day: RwSignal::new(OTHER.into()),
        date: RwSignal::new(None),
        later: RwSignal::new(ONE.into()),
        count: coming.len(),
    };
    let intent = move || Intent::MoveDelivery {
        address_id: key.address_id,
        date: key.date,
        body: DeliveryMove {
            purchase_item_ids: untrack(|| chosen.ids()),
            to: untrack(|| chosen.to()).unwrap_or(key.date),
            later: untrack(|| chosen.moves_later()),
        },
    };
    let days = days(chosen, &delivery, &schedule, &rules);
    let mut fields = Vec::new();
    if coming.len() > 1 {
        fields.push(which(chosen, &coming));
        fields.extend(split_cost(chosen, &delivery, &schedule));
    }
    if !joins.is_empty() {
        fields.push(together(chosen, &delivery, &joins, today));
    }
    fields.extend([
        Field::date(
            "to",
            t::reschedule_to(),
            chosen.date,
            days,
            today,
            Some(key.date),
        )
        .shown_when(move || chosen.day.with(|day| day == OTHER)),
        later(chosen),
    ]);
    let from = format::date(key.date, today);
    Form::new(t::reschedule_title(&from), intent)
        .fields(fields)
        .meaning(|| t::reschedule_meaning().into())
        .confirm(move || {
            let to = untrack(|| chosen.to()).unwrap_or(key.date);
            t::reschedule_confirm(&format::day_month(to))
        })
        .sending(t::reschedule_sending())
        .done(move |data, _| [t::reschedule_done(), &next_sentence(data, today)].join(" "))
        .place(delivery_place(key))
        .action()
}

/// The other planned deliveries to the same address that it could join.
fn joinable(delivery: &Delivery, schedule: &DeliverySchedule, rules: &DateRules) -> Vec<Delivery> {
    let joins = |other: &&Delivery| {
        other.key.address_id == delivery.key.address_id
            && other.key != delivery.key
            && rules.allow(other.key.date)
            && other.lock.is_none()
            && can(other)
    };
    schedule.deliveries.iter().filter(joins).cloned().collect()
}

/// The days to choose from: those that the shop allows, no further than the next time the same
/// comes, where that stays.
fn days(
    chosen: Chosen,
    delivery: &Delivery,
    schedule: &DeliverySchedule,
    rules: &DateRules,
) -> Signal<OpenDays> {
    let (key, until) = (delivery.key, schedule.until.min(rules.latest));
    let mut open = open_days(rules);
    open.closed.push(key.date);
    let same = |item: &DeliveryItem| {
        let mut own = delivery.items.iter();
        own.any(|own| !own.skipped && own.purchase_item_id == item.purchase_item_id)
    };
    let following = schedule.deliveries.iter().find(|other| {
        other.key.address_id == key.address_id
            && other.key.date > key.date
            && other.items.iter().any(same)
    });
    let following = following.map(|other| other.key.date.add_days(-1));
    Signal::derive(move || OpenDays {
        max: match chosen.moves_later() {
            true => Some(until),
            false => Some(following.unwrap_or(until).min(until)),
        },
        ..open.clone()
    })
}

fn which(chosen: Chosen, coming: &[DeliveryItem]) -> Field {
    let tick = |item: &DeliveryItem| Tick {
        value: item.purchase_item_id.to_string(),
        label: words::short(&item.title),
        hint: [item.variant.clone(), format::money(item.total)]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join(" · "),
        locked: String::new(),
    };
    let ticks: Vec<Tick> = coming.iter().map(tick).collect();
    Field::ticks(
        "purchase_item_ids",
        t::reschedule_which(),
        chosen.items,
        ticks,
    )
}

/// What a part that goes on its own costs, where shipping costs anything: as much as the dearest
/// of the deliveries to that address, for the whole may be large enough to be shipped for free.
fn split_cost(chosen: Chosen, delivery: &Delivery, schedule: &DeliverySchedule) -> Option<Field> {
    let shipping = schedule
        .deliveries
        .iter()
        .filter(|other| other.key.address_id == delivery.key.address_id)
        .filter_map(|other| other.totals.map(|totals| totals.shipping))
        .max()?;
    let cost = (shipping.minor() > 0).then(|| t::reschedule_split(&format::money(shipping)))?;
    let text = move || (!chosen.is_whole()).then(|| cost.clone());
    Some(Field::info(move || {
        let text = text.clone();
        view! { {move || text().map(|text| view! { <p class="small muted">{text}</p> })} }
            .into_any()
    }))
}

fn together(chosen: Chosen, delivery: &Delivery, joins: &[Delivery], today: Date) -> Field {
    let saved = |other: &Delivery| {
        let (own, its) = (delivery.totals?.shipping, other.totals?.shipping);
        // What is shipped for free stays free with more in it; otherwise the dearer one is paid.
        let is_free = own.minor() == 0 || its.minor() == 0;
        let saved = if is_free { own.max(its) } else { own.min(its) };
        (saved.minor() > 0).then(|| t::reschedule_saves(&format::money(saved)))
    };
    let join = |other: &Delivery| Choice {
        value: other.key.date.to_string(),
        label: t::reschedule_join(&format::date(other.key.date, today)),
        hint: saved(other).unwrap_or_default(),
    };
    let other = Choice {
        value: OTHER.into(),
        label: t::reschedule_other().into(),
        hint: String::new(),
    };
    let choices: Vec<Choice> = [other].into_iter().chain(joins.iter().map(join)).collect();
    Field::choice("day", t::reschedule_where(), chosen.day, choices)
}

fn later(chosen: Chosen) -> Field {
    let choice = |value: &str, label: &str, hint: &str| Choice {
        value: value.into(),
        label: label.into(),
        hint: hint.into(),
    };
    let choices = vec![
        choice(ONE, t::reschedule_only(), t::reschedule_only_hint()),
        choice(ALL, t::reschedule_all(), t::reschedule_all_hint()),
    ];
    Field::choice("later", t::reschedule_later(), chosen.later, choices)
        .shown_when(move || chosen.is_whole())
}
