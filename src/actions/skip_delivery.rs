//! Skipping a delivery, or some of its items.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{
    Delivery, DeliveryItem, DeliverySchedule, DeliveryState, Overview, SubscriptionCard,
};
use protocol::{
    Date, DeliveryItems, Intent, OnetimeId, Operation, PurchaseItemId, Query, SkipDelivery,
};

use super::field::Field;
use super::form::Form;
use super::remove_onetime;
use crate::data::{Action, Data, InView};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::parts::{delivery_place, held, names};
use crate::overview::words;
use crate::ui::{Button, Line, LineKind, Tick};

/// Opens the form for skipping `delivery`.
pub(crate) fn open(page: &Page, delivery: Delivery) {
    page.changes.start(|| action(page, delivery, None));
}

/// The same for what `card` brings next, with nothing else of that delivery ticked.
pub(crate) fn open_next(page: &Page, card: &SubscriptionCard) {
    let (data, id) = (page.data, PurchaseItemId::from(card.id));
    let read = async move {
        let view = data.once(Query::Deliveries).await?;
        let mut all = DeliverySchedule::of(&view)?.deliveries.iter();
        let skippable = |item: &DeliveryItem| item.purchase_item_id == id && item.can_skip();
        let comes = |delivery: &&Delivery| {
            delivery.state == DeliveryState::Planned && delivery.items.iter().any(skippable)
        };
        Some(all.find(comes).cloned())
    };
    page.open_with(read, move |page, found| match found {
        Some(delivery) => page.changes.start(|| action(page, delivery, Some(id))),
        None => page.announcer.announce(t::refusal_not_skippable()),
    });
}

/// With everything ticked, because most customers skip the whole delivery, or with `only`.
fn action(page: &Page, delivery: Delivery, only: Option<PurchaseItemId>) -> Arc<dyn Action> {
    let (key, today) = (delivery.key, page.today());
    let date = format::date(key.date, today);
    let open = delivery.items.iter().filter(|item| item.can_skip());
    let ticks: Vec<Tick> = open.map(tick).collect();
    let all = ticks.iter().map(|tick| tick.value.clone());
    let ids = RwSignal::new(match only {
        Some(only) => vec![only.to_string()],
        None => all.collect(),
    });
    let once = once(page, &delivery, &date);
    let mut fields = Vec::new();
    if ticks.len() > 1 || once.is_some() {
        let nothing = move || {
            let nothing = ids.with_untracked(Vec::is_empty);
            nothing.then(|| t::skip_delivery_nothing().to_owned())
        };
        let which = Field::ticks("purchase_item_ids", t::skip_delivery_which(), ids, ticks);
        fields.push(which.check(nothing));
    }
    let (stays, remove) = once.unzip();
    fields.extend(remove);
    let ticked = Ticked {
        ids,
        delivery: StoredValue::new(delivery),
    };
    let intent = move || {
        Intent::SkipDelivery(SkipDelivery {
            address_id: key.address_id,
            date: key.date,
            body: DeliveryItems {
                purchase_item_ids: ticked.ids(),
            },
        })
    };
    let (undone_date, done_date) = (date.clone(), date.clone());
    Form::new(t::skip_delivery_title(&date), intent)
        .fields(fields)
        .folded(t::skip_delivery_choose())
        // What comes when, and what it costs, is the server's to say.
        .review(move || {
            vec![Line {
                label: t::skip_delivery_left_out().into(),
                before: ticked.titles(),
                kind: LineKind::Changed,
                ..Line::default()
            }]
        })
        .meaning(move || {
            let restore = if ticked.is_whole() {
                t::skip_delivery_meaning_whole()
            } else {
                t::skip_delivery_meaning_some()
            };
            let stays = stays.as_deref();
            stays
                .into_iter()
                .chain([restore])
                .collect::<Vec<_>>()
                .join(" ")
        })
        .confirm(move || match ticked.ids().len() {
            some if some > 0 && !ticked.is_whole() => t::skip_delivery_confirm_items(some),
            _ => t::skip_delivery_confirm(&format::day_month(key.date)),
        })
        .sending(t::skip_delivery_sending())
        .done(move |data, _| {
            if ticked.is_whole() {
                [t::skip_delivery_done(), &next_sentence(data, today)].join(" ")
            } else {
                t::skip_delivery_done_items(ticked.ids().len(), &done_date)
            }
        })
        .undone(move || {
            if ticked.is_whole() {
                t::undone_skip_date(&undone_date)
            } else {
                t::undone_skip_delivery().to_owned()
            }
        })
        .place(delivery_place(key))
        .action()
}

/// What is ticked of a delivery. Copies are handles to the same.
#[derive(Clone, Copy)]
struct Ticked {
    ids: RwSignal<Vec<String>>,
    delivery: StoredValue<Delivery>,
}

impl Ticked {
    fn holds(self, item: &DeliveryItem) -> bool {
        let id = item.purchase_item_id.to_string();
        self.ids.with_untracked(|ids| ids.contains(&id))
    }

    fn ids(self) -> Vec<PurchaseItemId> {
        self.delivery.with_value(|delivery| {
            let ticked = delivery.items.iter().filter(|item| self.holds(item));
            ticked.map(|item| item.purchase_item_id).collect()
        })
    }

    fn titles(self) -> String {
        self.delivery.with_value(|delivery| {
            let ticked = delivery.items.iter().filter(|item| self.holds(item));
            names(ticked.map(|item| item.title.as_str()))
        })
    }

    /// Whether nothing of the delivery remains.
    fn is_whole(self) -> bool {
        self.delivery.with_value(|delivery| {
            let mut items = delivery.items.iter();
            items.all(|item| item.skipped || self.holds(item))
        })
    }
}

fn tick(item: &DeliveryItem) -> Tick {
    let title = words::short(&item.title);
    let hint = [item.variant.clone(), format::money(item.total)];
    let hint: Vec<String> = hint.into_iter().filter(|text| !text.is_empty()).collect();
    Tick {
        value: item.purchase_item_id.to_string(),
        label: match item.quantity {
            1 => title,
            many => t::item_times(&format::integer(many as usize), &title),
        },
        hint: hint.join(" · "),
        ..Tick::default()
    }
}

/// That one-time items, which cannot be skipped, still come unless they are removed, with the way
/// to do that; nothing where there is none.
fn once(page: &Page, delivery: &Delivery, date: &str) -> Option<(String, Field)> {
    let items = delivery.items.iter();
    let once: Vec<DeliveryItem> = items
        .filter(|item| item.one_time && !item.skipped)
        .cloned()
        .collect();
    if once.is_empty() {
        return None;
    }
    let stays = t::skip_delivery_stays(date, &names(once.iter().map(|item| item.title.as_str())));
    let (page, delivery) = (page.clone(), delivery.clone());
    let field = Field::info(move || {
        let removals = once.iter().map(|item| {
            let (page, delivery) = (page.clone(), delivery.clone());
            let (id, title) = (
                OnetimeId(item.purchase_item_id.0),
                words::short(&item.title),
            );
            let label = t::remove_onetime_open(&title);
            let allowed = page.allows(Operation::RemoveOnetime);
            let press = move |()| remove_onetime::open(&page, id, &delivery, &title);
            allowed.then(|| view! { <Button label on_press=press/> })
        });
        view! { <div class="actions">{removals.collect_view()}</div> }.into_any()
    });
    Some((stays, field))
}

/// "Your next delivery is Tuesday 22 December.", from what is held now.
fn next_sentence(data: Data, today: Date) -> String {
    let in_schedule = |view: &DeliverySchedule| {
        let is_coming =
            |delivery: &&Delivery| delivery.key.date >= today && delivery.state.is_coming();
        let next = view.deliveries.iter().find(is_coming);
        next.map(|delivery| delivery.key.date)
    };
    let in_overview = |view: &Overview| view.next.as_ref().map(|delivery| delivery.key.date);
    let next = held(data, &Query::Deliveries, in_schedule).flatten();
    let next = next.or_else(|| held(data, &Query::Overview, in_overview).flatten());
    match next {
        Some(date) => t::skip_delivery_next_is(&format::date(date, today)),
        None => t::skip_delivery_next_none().to_owned(),
    }
}
