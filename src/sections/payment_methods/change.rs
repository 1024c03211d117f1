//! Small changes of a payment method: its billing address, its removal, the e-mailed link; and
//! whether another one may stand in.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{PaymentMethod, PaymentMethods};
use protocol::{BackupPayment, Country, Intent, Nothing};

use super::place;
use crate::data::Action;
use crate::i18n::t;
use crate::sections::action::{Field, Form};
use crate::sections::addresses::form::{AddressFields, changes};
use crate::sections::words;
use crate::ui::{Button, ButtonKind, Line, LineKind, task};

/// How long the link's button rests, milliseconds. The server holds to it too.
const PAUSE_MS: i32 = 60_000;

/// Changing the billing address of `method`; each shipping address can be copied into it.
pub(super) fn billing(
    method: &PaymentMethod,
    methods: &PaymentMethods,
    mut countries: Vec<Country>,
) -> Arc<dyn Action> {
    let (id, old) = (method.line.id, method.billing.clone());
    let code = old.value("country_code").to_owned();
    if !code.is_empty() && !countries.iter().any(|country| country.code == code) {
        countries.push(Country {
            code,
            provinces: Vec::new(),
        });
    }
    let fields = AddressFields::new(&old, countries);
    let sources = StoredValue::new(methods.payable.clone());
    let copies = move || {
        let copy = sources.get_value().into_iter().map(|address| {
            let label = t::billing_copy(&words::short(&address.lines.street));
            let press = move |()| fields.fill(&address.form);
            view! { <Button label kind=ButtonKind::Quiet on_press=press/> }
        });
        view! { <div class="actions">{copy.collect_view()}</div> }.into_any()
    };
    let before = old.clone();
    let intent = move || Intent::UpdateBillingAddress {
        payment_method_id: id,
        body: fields.filled().changes_from(&before),
    };
    Form::new(t::billing_title(&words::payment_line(&method.line)), intent)
        .fields(vec![
            Field::info(copies),
            Field::info(move || fields.view()),
        ])
        .check(move || fields.check())
        .refused(move |errors| fields.refused(errors))
        .review(move || changes(&old, &fields.filled()))
        .meaning(|| t::billing_meaning().into())
        .done(|_, _| t::billing_done().into())
        .place(place(id))
        .action()
}

/// Making `method` the default of the customer's `methods`.
pub(super) fn make_default(method: &PaymentMethod, methods: &PaymentMethods) -> Arc<dyn Action> {
    let payment_method_id = method.line.id;
    let name = words::payment_line(&method.line);
    let before = methods.methods.iter().find(|method| method.default);
    let before = before.map(|method| words::payment_line(&method.line));
    let line = Line {
        label: t::default_what().into(),
        before: before.unwrap_or_else(|| t::default_none().into()),
        after: name.clone(),
        ..Line::default()
    };
    let intent = move || Intent::SetDefaultPaymentMethod {
        payment_method_id,
        body: Nothing {},
    };
    Form::new(t::default_title(), intent)
        .review(move || vec![line.clone()])
        .meaning(|| t::default_meaning().into())
        .confirm(|| t::default_confirm().into())
        .done(move |_, _| t::default_done(&name))
        .place(place(payment_method_id))
        .action()
}

/// Removing `method`, which pays for nothing.
pub(super) fn remove(method: &PaymentMethod) -> Arc<dyn Action> {
    let payment_method_id = method.line.id;
    let name = words::payment_line(&method.line);
    let (lost, removed) = (name.clone(), name);
    let intent = move || Intent::RemovePaymentMethod {
        payment_method_id,
        body: Nothing {},
    };
    Form::new(t::remove_method_title(), intent)
        .review(move || {
            vec![Line {
                label: t::remove_method_what().into(),
                before: lost.clone(),
                kind: LineKind::Lost,
                ..Line::default()
            }]
        })
        .meaning(|| t::remove_method_meaning().into())
        .confirm(|| t::remove_method_confirm().into())
        .sending(t::remove_method_sending())
        .ending()
        .done(move |_, _| t::remove_method_done(&removed))
        .action()
}

/// Having the link e-mailed to `email`; meanwhile `rests` says that it was.
pub(super) fn send_link(
    method: &PaymentMethod,
    email: String,
    rests: RwSignal<bool>,
) -> Arc<dyn Action> {
    let payment_method_id = method.line.id;
    let to = email.clone();
    let intent = move || Intent::SendPaymentLink {
        payment_method_id,
        body: Nothing {},
    };
    Form::new(t::link_title(), intent)
        .review(move || {
            vec![Line {
                label: t::link_to().into(),
                after: to.clone(),
                ..Line::default()
            }]
        })
        .meaning(|| t::link_meaning().into())
        .confirm(|| t::link_send().into())
        .sending(t::link_sending())
        .done(move |_, _| {
            task::set(rests, true);
            task::spawn_to_the_end(async move {
                task::sleep(PAUSE_MS).await;
                task::set(rests, false);
            });
            t::link_sent(&email)
        })
        .place(place(payment_method_id))
        .action()
}

/// Letting another method be charged when the usual one fails, or no longer.
pub(super) fn backup(enabled: bool) -> Arc<dyn Action> {
    let said = |on: bool| if on { t::backup_on() } else { t::backup_off() };
    let intent = move || Intent::SetBackupPayment {
        body: BackupPayment { enabled },
    };
    let form = Form::new(t::backup_title(), intent)
        .review(move || {
            vec![Line {
                label: t::backup_when().into(),
                before: said(!enabled).into(),
                after: said(enabled).into(),
                ..Line::default()
            }]
        })
        .place("payment-backup");
    match enabled {
        true => form
            .meaning(|| t::backup_meaning().into())
            .confirm(|| t::backup_allow().into())
            .done(|_, _| t::backup_allowed().into())
            .action(),
        false => form
            .meaning(|| t::backup_meaning_off().into())
            .confirm(|| t::backup_stop().into())
            .done(|_, _| t::backup_stopped().into())
            .action(),
    }
}
