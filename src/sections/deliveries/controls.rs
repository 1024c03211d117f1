//! What can be done with a delivery, until its cut-off.

use leptos::prelude::*;
use protocol::view::{Delivery, DeliverySchedule, DeliveryState, Lock};
use protocol::{Date, Operation};

use super::super::adding;
use super::super::page::Page;
use super::super::parts::lock_of;
use super::super::words;
use super::{gift, ics, pay, reschedule, skip_button, unskip_button};
use crate::backend::clock;
use crate::i18n::{format, t};
use crate::ui::{Button, ButtonKind, Glyph, Menu, MenuItem};

/// The longest wait that a browser's timer can hold, milliseconds.
const LONGEST_MS: i64 = 0x7fff_ffff;

/// The controls of a delivery and until when they are there; at that moment they become text.
pub(super) fn controls(page: &Page, view: &DeliverySchedule, delivery: &Delivery) -> AnyView {
    let passed = passed(delivery);
    let (page, view, delivery) = (page.clone(), view.clone(), delivery.clone());
    let shown = move || match passed.get() && delivery.state != DeliveryState::Failed {
        true => ().into_any(),
        false => buttons(&page, &view, &delivery),
    };
    view! { <div class="actions">{shown}</div> }.into_any()
}

/// Until when the delivery can be changed, or why it cannot.
pub(super) fn deadline(delivery: &Delivery, today: Date) -> AnyView {
    let passed = passed(delivery);
    let (lock, until) = (delivery.lock.clone(), delivery.change_until);
    let changeable = matches!(
        delivery.state,
        DeliveryState::Planned | DeliveryState::Skipped
    );
    let text = move || match (&lock, until) {
        (Some(lock), _) => Some(words::lock(lock)),
        _ if !changeable => None,
        (None, _) if passed.get() => Some(words::lock(&Lock::CutOff)),
        (None, Some(until)) => {
            let moment = format::day_time(until.date, until.minute, today);
            Some(t::delivery_change_until(&moment))
        }
        (None, None) => None,
    };
    view! { {move || text().map(|text| view! { <p class="caption muted">{text}</p> })} }.into_any()
}

/// Whether the cut-off is over; turns by itself while the page stays open.
fn passed(delivery: &Delivery) -> RwSignal<bool> {
    let left_ms = delivery
        .change_until
        .map(|until| until.at_ms - clock::now_ms());
    let is_over = delivery.lock == Some(Lock::CutOff) || left_ms.is_some_and(|left| left <= 0);
    let passed = RwSignal::new(is_over);
    if let Some(left) = left_ms.filter(|left| !is_over && *left < LONGEST_MS) {
        let wait = std::time::Duration::from_millis(left.unsigned_abs());
        let turn = move || {
            let _ = passed.try_set(true);
        };
        // A browser without timers shows it with the next load.
        if let Ok(timer) = set_timeout_with_handle(turn, wait) {
            on_cleanup(move || timer.clear());
        }
    }
    passed
}

fn buttons(page: &Page, view: &DeliverySchedule, delivery: &Delivery) -> AnyView {
    let locked = lock_of(page, delivery);
    if delivery.state == DeliveryState::Failed {
        return pay_button(page, delivery);
    }
    let skipped = delivery.items.iter().any(|item| item.skipped);
    let back = skipped.then(|| unskip_button(page, delivery, locked));
    let skip = skip_button(
        page,
        delivery,
        ButtonKind::Secondary,
        t::delivery_skip().to_owned(),
    );
    view! {
        {back}
        {skip}
        {more(page, view, delivery, locked)}
    }
    .into_any()
}

/// Paying for what failed; nothing where that cannot be.
fn pay_button(page: &Page, delivery: &Delivery) -> AnyView {
    if delivery.due.is_none() || !page.allows(Operation::ProcessDelivery) {
        return ().into_any();
    }
    let name = t::pay_name(&format::date(delivery.key.date, page.today()));
    let locked = page.locked(None);
    let (page, delivery) = (page.clone(), delivery.clone());
    let press = move |()| pay::start(&page, delivery.clone());
    view! { <Button label=t::pay_confirm() name locked icon=Glyph::Card on_press=press/> }
        .into_any()
}

/// What else can be done.
fn more(
    page: &Page,
    view: &DeliverySchedule,
    delivery: &Delivery,
    locked: Signal<Option<String>>,
) -> AnyView {
    let mut items = adding::on_delivery(page, delivery);
    let planned = delivery.state == DeliveryState::Planned;
    if planned && delivery.due.is_some() && page.allows(Operation::ProcessDelivery) {
        let (page, delivery) = (page.clone(), delivery.clone());
        items.push(item(t::pay_open(), Glyph::Card, locked, move || {
            pay::start(&page, delivery.clone());
        }));
    }
    if reschedule::can(delivery) && page.allows(Operation::MoveDelivery) {
        let (page, delivery, view) = (page.clone(), delivery.clone(), view.clone());
        items.push(item(
            t::reschedule_open(),
            Glyph::Calendar,
            locked,
            move || {
                reschedule::start(&page, delivery.clone(), view.clone());
            },
        ));
    }
    if gift::can(delivery) && page.allows(Operation::GiftDelivery) {
        let (page, delivery) = (page.clone(), delivery.clone());
        items.push(item(t::gift_open(), Glyph::Parcel, locked, move || {
            gift::start(&page, delivery.clone());
        }));
    }
    if delivery.state != DeliveryState::Skipped {
        let shop = page.session().map(|session| session.merchant.name.clone());
        let (shop, delivery) = (shop.unwrap_or_default(), delivery.clone());
        let free = Signal::stored(None);
        items.push(item(t::calendar_add(), Glyph::Plus, free, move || {
            ics::download(&delivery, &shop);
        }));
    }
    if items.is_empty() {
        return ().into_any();
    }
    let name = t::delivery_more_name(&format::date(delivery.key.date, page.today()));
    view! { <Menu label=t::delivery_more() name items/> }.into_any()
}

fn item(
    label: &str,
    icon: Glyph,
    locked: Signal<Option<String>>,
    press: impl Fn() + Send + Sync + 'static,
) -> MenuItem {
    MenuItem {
        label: label.to_owned(),
        icon,
        locked,
        on_press: Callback::new(move |()| press()),
    }
}
