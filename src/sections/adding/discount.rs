//! Discount codes on an address and on one delivery.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Address, Delivery, DeliveryKey, DiscountLine};
use protocol::{AddressId, DiscountCode, Intent, Nothing, Operation};

use super::menu_item;
use crate::data::Action;
use crate::i18n::t;
use crate::sections::action::{Field, Form};
use crate::sections::page::Page;
use crate::sections::parts::delivery_place;
use crate::ui::{Button, ButtonKind, Glyph, Icon, MenuItem};

/// What a code is on.
#[derive(Clone, Copy)]
enum On {
    Address(AddressId),
    Delivery(DeliveryKey),
}

impl On {
    fn apply(self, body: DiscountCode) -> Intent {
        match self {
            On::Address(address_id) => Intent::ApplyDiscount { address_id, body },
            On::Delivery(DeliveryKey { address_id, date }) => Intent::ApplyDeliveryDiscount {
                address_id,
                date,
                body,
            },
        }
    }

    fn remove(self) -> Intent {
        let body = Nothing {};
        match self {
            On::Address(address_id) => Intent::RemoveDiscount { address_id, body },
            On::Delivery(DeliveryKey { address_id, date }) => Intent::RemoveDeliveryDiscount {
                address_id,
                date,
                body,
            },
        }
    }

    fn meaning(self) -> &'static str {
        match self {
            On::Address(_) => t::discount_meaning_address(),
            On::Delivery(_) => t::discount_meaning_delivery(),
        }
    }

    fn place(self) -> String {
        match self {
            On::Address(id) => crate::sections::addresses::place(id),
            On::Delivery(key) => delivery_place(key),
        }
    }
}

fn apply(page: &Page, on: On) {
    page.changes.start(move || {
        let code = RwSignal::new(String::new());
        let intent = move || {
            on.apply(DiscountCode {
                code: code.get_untracked(),
            })
        };
        Form::new(t::discount_title(), intent)
            .fields(vec![
                Field::text("code", t::discount_label(), code).hint(on.meaning()),
            ])
            .meaning(move || on.meaning().into())
            .confirm(|| t::discount_confirm().into())
            .sending(t::discount_sending())
            .done(move |_, _| t::discount_done(&code.get_untracked().trim().to_uppercase()))
            .place(on.place())
            .action()
    });
}

fn remove(page: &Page, on: On, code: String) {
    page.changes.start(move || -> Arc<dyn Action> {
        Form::new(t::discount_remove_title(&code), move || on.remove())
            .meaning(|| t::discount_remove_meaning().into())
            .confirm(|| t::discount_remove_confirm().into())
            .sending(t::discount_removing())
            .done(move |_, _| t::discount_removed(&code))
            .place(on.place())
            .action()
    });
}

/// The codes on a delivery, each with how far it reaches; nothing where there is none.
pub(in crate::sections) fn codes(discounts: &[DiscountLine]) -> AnyView {
    let lines = discounts.iter().map(|discount| {
        let text = match discount.on_address {
            true => t::discount_on_address(&discount.code),
            false => t::discount_on_delivery(&discount.code),
        };
        view! { <p class="caption muted icon-line"><Icon glyph=Glyph::Info/><span class="typed">{text}</span></p> }
    });
    lines.collect_view().into_any()
}

/// Putting a code on a delivery that is prepared already, or taking its own one off.
pub(super) fn delivery_item(page: &Page, delivery: &Delivery) -> Option<MenuItem> {
    let on = On::Delivery(delivery.key);
    match delivery.discounts.first() {
        None if page.allows(Operation::ApplyDeliveryDiscount) && delivery.due.is_some() => {
            let label = t::discount_open_delivery().to_owned();
            Some(menu_item(page, delivery, label, Glyph::Plus, move |page| {
                apply(page, on)
            }))
        }
        Some(own) if !own.on_address && page.allows(Operation::RemoveDeliveryDiscount) => {
            let (label, code) = (t::discount_remove_name(&own.code), own.code.clone());
            let press = move |page: &Page| remove(page, on, code.clone());
            Some(menu_item(page, delivery, label, Glyph::Minus, press))
        }
        _ => None,
    }
}

/// The code on an address with the way to take it off, or the way to put one on.
pub(in crate::sections) fn on_address(page: &Page, address: &Address) -> AnyView {
    let on = On::Address(address.id);
    let (own, locked) = (page.clone(), page.locked(None));
    match address.discounts.first() {
        Some(discount) => {
            let code = discount.code.clone();
            let button = page.allows(Operation::RemoveDiscount).then(|| {
                let name = t::discount_remove_name(&code);
                let press = {
                    let code = code.clone();
                    move |()| remove(&own, on, code.clone())
                };
                view! { <Button label=t::discount_remove() name kind=ButtonKind::Link locked on_press=press/> }
            });
            view! { <p class="row small"><span class="typed">{t::discount_on_address(&code)}</span>{button}</p> }
                .into_any()
        }
        None if page.allows(Operation::ApplyDiscount) => {
            let name = t::discount_open_name(&address.lines.street);
            let press = move |()| apply(&own, on);
            view! {
                <p><Button label=t::discount_open() name kind=ButtonKind::Link locked on_press=press/></p>
            }
            .into_any()
        }
        None => ().into_any(),
    }
}
