//! The two forms of a discount code, whether it is for an address or for one delivery.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::{DiscountCode, Intent};

use super::field::Field;
use super::form::Form;
use crate::data::Action;
use crate::i18n::t;

/// Applying a code by `intent`; `meaning` says how far it reaches.
pub(super) fn applying(
    intent: impl Fn(DiscountCode) -> Intent + Send + Sync + 'static,
    meaning: &'static str,
    place: String,
) -> Arc<dyn Action> {
    let code = RwSignal::new(String::new());
    let intent = move || {
        intent(DiscountCode {
            code: code.get_untracked(),
        })
    };
    Form::new(t::discount_title(), intent)
        .fields(vec![
            Field::text("code", t::discount_label(), code).hint(meaning),
        ])
        .one_step()
        .confirm(|| t::discount_confirm().into())
        .sending(t::discount_sending())
        .done(move |_, _| t::discount_done(&code.get_untracked().trim().to_uppercase()))
        .place(place)
        .action()
}

/// Removing `code` by `intent`.
pub(super) fn removing(
    intent: impl Fn() -> Intent + Send + Sync + 'static,
    code: String,
    place: String,
) -> Arc<dyn Action> {
    Form::new(t::discount_remove_title(&code), intent)
        .meaning(|| t::discount_remove_meaning().into())
        .confirm(|| t::discount_remove_confirm().into())
        .sending(t::discount_removing())
        .done(move |_, _| t::discount_removed(&code))
        .place(place)
        .action()
}
