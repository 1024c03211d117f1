//! Removing a payment method that pays for nothing.

use std::sync::Arc;

use protocol::view::PaymentMethod;
use protocol::{Intent, Nothing, RemovePaymentMethod};

use super::form::Form;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Line, LineKind};

/// Opens the review of removing `method`.
pub(crate) fn open(page: &Page, method: &PaymentMethod) {
    page.changes.start(|| action(method));
}

fn action(method: &PaymentMethod) -> Arc<dyn Action> {
    let payment_method_id = method.line.id;
    let name = words::payment_line(&method.line);
    let (lost, removed) = (name.clone(), name);
    let intent = move || {
        Intent::RemovePaymentMethod(RemovePaymentMethod {
            payment_method_id,
            body: Nothing {},
        })
    };
    Form::new(t::remove_payment_method_title(), intent)
        .review(move || {
            vec![Line {
                label: t::remove_payment_method_what().into(),
                before: lost.clone(),
                kind: LineKind::Lost,
                ..Line::default()
            }]
        })
        .meaning(|| t::remove_payment_method_meaning().into())
        .confirm(|| t::remove_payment_method_confirm().into())
        .sending(t::remove_payment_method_sending())
        .ending()
        .done(move |_, _| t::remove_payment_method_done(&removed))
        .action()
}
