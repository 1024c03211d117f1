//! What can be done with a delivery, until its cut-off.

use leptos::prelude::*;
use protocol::Operation;
use protocol::view::{Delivery, DeliverySchedule, DeliveryState, Lock};

use super::menu;
use crate::actions::process_delivery;
use crate::i18n::{format, t};
use crate::overview::delivery_buttons::{passed, skip_button, unskip_button};
use crate::overview::page::Page;
use crate::overview::parts::lock_of;
use crate::overview::words;
use crate::ui::{Button, ButtonKind, Glyph};

/// The controls of a delivery and until when they are there; at that moment they become text.
pub(super) fn controls(page: &Page, view: &DeliverySchedule, delivery: &Delivery) -> AnyView {
    let passed = passed(delivery);
    let (page, view, delivery) = (page.clone(), view.clone(), delivery.clone());
    let shown = move || {
        if passed.get() && delivery.state != DeliveryState::Failed {
            ().into_any()
        } else {
            buttons(&page, &view, &delivery)
        }
    };
    view! { <div class="actions">{shown}</div> }.into_any()
}

/// Until when the delivery can be changed, or why it cannot.
pub(super) fn deadline(page: &Page, delivery: &Delivery) -> AnyView {
    let passed = passed(delivery);
    let lock = delivery.lock.clone();
    let until = delivery.change_until.map(|until| page.cut_off(&until));
    let changeable = matches!(
        delivery.state,
        DeliveryState::Planned | DeliveryState::Skipped
    );
    let text = move || match (&lock, &until) {
        (Some(lock), _) => Some(words::lock(lock)),
        _ if !changeable => None,
        (None, _) if passed.get() => Some(words::lock(&Lock::CutOff)),
        (None, Some(moment)) => Some(t::delivery_change_until(moment)),
        (None, None) => None,
    };
    view! { {move || text().map(|text| view! { <p class="caption muted">{text}</p> })} }.into_any()
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
        t::skip_delivery_open().to_owned(),
    );
    view! {
        {back}
        {skip}
        {menu::menu(page, view, delivery)}
    }
    .into_any()
}

/// Paying for what failed; nothing where that cannot be.
fn pay_button(page: &Page, delivery: &Delivery) -> AnyView {
    if delivery.due.is_none() || !page.allows(Operation::ProcessDelivery) {
        return ().into_any();
    }
    let name = t::process_delivery_name(&format::date(delivery.key.date, page.today()));
    let locked = page.locked(None);
    let (page, delivery) = (page.clone(), delivery.clone());
    let press = move |()| process_delivery::open(&page, delivery.clone());
    view! { <Button label=t::process_delivery_confirm() name locked icon=Glyph::Card on_press=press/> }
        .into_any()
}
