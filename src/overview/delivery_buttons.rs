//! The ways to skip a delivery and to restore it, until its cut-off.

use leptos::prelude::*;
use protocol::Operation;
use protocol::view::{Delivery, DeliveryItem, DeliveryState, Lock};

use super::action_request::ActionRequest;
use super::lazy_bundle::LazyBundle;
use super::page::Page;
use super::parts::lock_of;
use crate::backend::clock;
use crate::i18n::{format, t};
use crate::ui::{Button, ButtonKind, Glyph};

/// The longest wait that a browser's timer can hold, milliseconds.
const LONGEST_MS: i64 = 0x7fff_ffff;

/// Whether the cut-off is over; turns by itself while the page stays open.
pub(crate) fn passed(delivery: &Delivery) -> RwSignal<bool> {
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

/// The way to move `delivery`, the next one; nothing where that cannot be. Whether it has a charge
/// yet, which the overview does not read, is found out when it is pressed.
pub(crate) fn reschedule_button(
    page: &Page,
    delivery: &Delivery,
    kind: ButtonKind,
) -> Option<AnyView> {
    if delivery.state != DeliveryState::Planned || !page.allows(Operation::RescheduleDelivery) {
        return None;
    }
    let locked = lock_of(page, delivery);
    let (lazy, own) = (LazyBundle::expect(), page.clone());
    let action = ActionRequest::RescheduleDelivery(delivery.clone());
    let press = move |()| lazy.open(&own, action.clone());
    let label = t::reschedule_delivery_open();
    Some(view! { <Button label kind locked icon=Glyph::Calendar on_press=press/> }.into_any())
}

/// The way to skip `delivery` or some of its items; nothing where that cannot be.
pub(crate) fn skip_button(
    page: &Page,
    delivery: &Delivery,
    kind: ButtonKind,
    label: String,
) -> Option<AnyView> {
    let can = delivery.state == DeliveryState::Planned
        && delivery.items.iter().any(DeliveryItem::can_skip)
        && page.allows(Operation::SkipDelivery);
    if !can {
        return None;
    }
    let locked = lock_of(page, delivery);
    // Several "Skip" on one page: each says of what. A longer label says enough itself.
    let name = if label == t::skip_delivery_open() {
        t::skip_delivery_open_name(&format::date(delivery.key.date, page.today()))
    } else {
        label.clone()
    };
    let (lazy, own) = (LazyBundle::expect(), page.clone());
    let action = ActionRequest::SkipDelivery(delivery.clone());
    let press = move |()| lazy.open(&own, action.clone());
    Some(view! { <Button label kind name locked icon=Glyph::Skip on_press=press/> }.into_any())
}

/// The way to bring back what of `delivery` is skipped; nothing where that cannot be.
pub(crate) fn unskip_button(
    page: &Page,
    delivery: &Delivery,
    locked: Signal<Option<String>>,
) -> AnyView {
    if !page.allows(Operation::UnskipDelivery) {
        return ().into_any();
    }
    let name = t::unskip_delivery_open_name(&format::date(delivery.key.date, page.today()));
    let (lazy, own) = (LazyBundle::expect(), page.clone());
    let action = ActionRequest::UnskipDelivery(delivery.clone());
    let press = move |()| lazy.open(&own, action.clone());
    view! { <Button label=t::unskip_delivery_open() name locked icon=Glyph::Undo on_press=press/> }
        .into_any()
}
