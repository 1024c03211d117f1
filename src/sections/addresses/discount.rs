//! The discount code on an address.

use leptos::prelude::*;
use protocol::Operation;
use protocol::view::Address;

use crate::actions::{apply_discount, remove_discount};
use crate::i18n::t;
use crate::overview::page::Page;
use crate::ui::{Button, ButtonKind};

/// The code on an address with the way to take it off, or the way to put one on.
pub(super) fn discount(page: &Page, address: &Address) -> AnyView {
    let id = address.id;
    let (own, locked) = (page.clone(), page.locked(None));
    match address.discounts.first() {
        Some(discount) => {
            let code = discount.code.clone();
            let button = page.allows(Operation::RemoveDiscount).then(|| {
                let name = t::discount_remove_name(&code);
                let press = {
                    let code = code.clone();
                    move |()| remove_discount::open(&own, id, code.clone())
                };
                view! { <Button label=t::remove_discount_open() name kind=ButtonKind::Link locked on_press=press/> }
            });
            view! { <p class="row small"><span class="typed">{t::discount_on_address(&code)}</span>{button}</p> }
                .into_any()
        }
        None if page.allows(Operation::ApplyDiscount) => {
            let name = t::apply_discount_open_name(&address.lines.street);
            let press = move |()| apply_discount::open(&own, id);
            view! {
                <p><Button label=t::apply_discount_open() name kind=ButtonKind::Link locked on_press=press/></p>
            }
            .into_any()
        }
        None => ().into_any(),
    }
}
