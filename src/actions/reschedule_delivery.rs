//! Moving a delivery: to another day or together with another delivery, whole or in part, alone
//! or with all that follow.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{DateRules, Delivery, DeliveryItem, DeliverySchedule, DeliveryState};
use protocol::{Date, DeliveryReschedule, Intent, PurchaseItemId, Query, RescheduleDelivery};

use super::field::Field;
use super::form::Form;
use super::open_days::open_days;
use crate::data::{Action, InView};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::parts::delivery_place;
use crate::overview::words;
use crate::ui::{Choice, OpenDays, Tick};

/// The answer that asks for a day of the calendar.
const OTHER: &str = "other";
/// The answer by which all that follow move along.
const ALL: &str = "all";
/// The answer by which only this delivery moves.
const ONE: &str = "one";

/// Opens the form for moving `delivery` of `schedule`.
pub(crate) fn open(page: &Page, delivery: Delivery, schedule: DeliverySchedule) {
    let Some(rules) = page.session().and_then(|session| session.date_rules.get()) else {
        return;
    };
    page.changes
        .start(|| action(page, delivery, schedule, rules));
}

/// The same for `delivery` of the overview, reading the schedule first where it is not held.
pub(crate) fn open_from_overview(page: &Page, delivery: Delivery) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::Deliveries).await?;
        DeliverySchedule::of(&view).cloned()
    };
    page.open_with(read, |page, schedule| {
        let mut all = schedule.deliveries.iter();
        let known = all.find(|known| known.key == delivery.key).cloned();
        open(page, known.unwrap_or(delivery), schedule);
    });
}

/// Whether `delivery` can be moved at all: it has a charge of its own and is still planned.
pub(crate) fn can(delivery: &Delivery) -> bool {
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

fn action(
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
    let intent = move || {
        Intent::RescheduleDelivery(RescheduleDelivery {
            address_id: key.address_id,
            date: key.date,
            body: DeliveryReschedule {
                purchase_item_ids: untrack(|| chosen.ids()),
                to: untrack(|| chosen.to()).unwrap_or(key.date),
                later: untrack(|| chosen.moves_later()),
            },
        })
    };
    let days = days(chosen, &delivery, &schedule, &rules);
    let mut fields = Vec::new();
    let week = week_later(key.date, days);
    if !joins.is_empty() || week.is_some() {
        fields.push(answers(chosen, week, &joins, today));
    }
    fields.extend([
        Field::date(
            "to",
            t::reschedule_delivery_to(),
            chosen.date,
            days,
            today,
            Some(key.date),
        )
        .shown_when(move || chosen.day.with(|day| day == OTHER)),
        later(chosen),
    ]);
    if coming.len() > 1 {
        fields.push(which(chosen, &coming).folded());
        fields.push(split_cost(chosen));
    }
    let from = format::date(key.date, today);
    Form::new(t::reschedule_delivery_title(&from), intent)
        .fields(fields)
        .live()
        .confirm(move || match untrack(|| chosen.to()) {
            Some(to) => t::reschedule_delivery_confirm(&format::day_month(to)),
            None => t::reschedule_delivery_open().to_owned(),
        })
        .sending(t::reschedule_delivery_sending())
        .done(move |_, _| {
            let to = untrack(|| chosen.to()).unwrap_or(key.date);
            t::reschedule_delivery_done(&format::date(key.date, today), &format::date(to, today))
        })
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
        max: if chosen.moves_later() {
            Some(until)
        } else {
            Some(following.unwrap_or(until).min(until))
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
        t::reschedule_delivery_which(),
        chosen.items,
        ticks,
    )
}

/// That a part that goes on its own is shipped on its own. What that costs is the review's to say.
fn split_cost(chosen: Chosen) -> Field {
    Field::info(move || {
        let text = move || {
            let split = !chosen.is_whole();
            split.then(|| view! { <p class="small muted">{t::reschedule_delivery_split()}</p> })
        };
        view! { {text} }.into_any()
    })
}

/// The first open day a week or a little more after `date`; `None` where that is too far ahead.
fn week_later(date: Date, days: Signal<OpenDays>) -> Option<Date> {
    let days = days.get_untracked();
    let near = (7..14).map(|more| date.add_days(more));
    near.into_iter().find(|day| days.allows(*day))
}

/// The likeliest days, each in one press, and the calendar for all others.
fn answers(chosen: Chosen, week: Option<Date>, joins: &[Delivery], today: Date) -> Field {
    let join = |other: &Delivery| Choice {
        value: other.key.date.to_string(),
        label: t::reschedule_delivery_join(&format::date(other.key.date, today)),
        hint: t::reschedule_delivery_join_hint().into(),
    };
    let other = Choice {
        value: OTHER.into(),
        label: t::reschedule_delivery_other().into(),
        hint: String::new(),
    };
    // Another delivery may be due on that very day.
    let week = week.filter(|week| joins.iter().all(|other| other.key.date != *week));
    let week = week.map(|week| Choice {
        value: week.to_string(),
        label: t::reschedule_delivery_week().into(),
        hint: format::date(week, today),
    });
    let joins = joins.iter().map(join);
    let choices: Vec<Choice> = week.into_iter().chain(joins).chain([other]).collect();
    Field::choice("day", t::reschedule_delivery_where(), chosen.day, choices)
}

fn later(chosen: Chosen) -> Field {
    let choice = |value: &str, label: &str, hint: &str| Choice {
        value: value.into(),
        label: label.into(),
        hint: hint.into(),
    };
    let choices = vec![
        choice(
            ONE,
            t::reschedule_delivery_only(),
            t::reschedule_delivery_only_hint(),
        ),
        choice(
            ALL,
            t::reschedule_delivery_all(),
            t::reschedule_delivery_all_hint(),
        ),
    ];
    Field::choice(
        "later",
        t::reschedule_delivery_later(),
        chosen.later,
        choices,
    )
    .shown_when(move || chosen.is_whole())
}
