//! Making a payment method the default.

use std::sync::Arc;

use protocol::view::{PaymentMethod, PaymentMethods};
use protocol::{Intent, Nothing, SetDefaultPaymentMethod};

use super::form::Form;
use super::places;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::Line;

/// Opens the review of making `method` the default of the customer's `methods`.
pub(crate) fn open(page: &Page, method: &PaymentMethod, methods: &PaymentMethods) {
    page.changes.start(|| action(method, methods));
}

fn action(method: &PaymentMethod, methods: &PaymentMethods) -> Arc<dyn Action> {
    let payment_method_id = method.line.id;
    let name = words::payment_line(&method.line);
    let before = methods.methods.iter().find(|method| method.default);
    let before = before.map(|method| words::payment_line(&method.line));
    let line = Line {
        label: t::set_default_payment_method_what().into(),
        before: before.unwrap_or_else(|| t::set_default_payment_method_none().into()),
        after: name.clone(),
        ..Line::default()
    };
    let intent = move || {
        Intent::SetDefaultPaymentMethod(SetDefaultPaymentMethod {
            payment_method_id,
            body: Nothing {},
        })
    };
    Form::new(t::set_default_payment_method_title(), intent)
        .review(move || vec![line.clone()])
        .meaning(|| t::set_default_payment_method_meaning().into())
        .confirm(|| t::set_default_payment_method_confirm().into())
        .done(move |_, _| t::set_default_payment_method_done(&name))
        .place(places::payment_method(payment_method_id))
        .action()
}
