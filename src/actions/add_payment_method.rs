//! Adding a card: what a confirmed card is to pay for, the last step of adding it and the one that
//! is sent.

use leptos::prelude::*;
use protocol::view::{PaymentKind, PaymentLine, PaymentMethods};
use protocol::{AddPaymentMethod, Intent, NewPaymentMethod, PaymentMethodId};

use super::field::Field;
use super::form::Form;
use super::payable_addresses::PayableAddresses;
use crate::backend::tokeniser::Card;
use crate::data::Changes;
use crate::i18n::t;
use crate::overview::words;
use crate::ui::Line;

/// Opens the form for adding the confirmed `card` to the customer's `methods`; `done` is called
/// once it is there. In place of the method `replaces` it pays for all that that one paid for, and
/// is sent at once: what it does was said where it was typed in. Not where a payment is tried again.
pub(crate) fn open(
    changes: Changes,
    card: Card,
    methods: &PaymentMethods,
    replaces: Option<PaymentMethodId>,
    done: impl Fn() + Send + Sync + 'static,
) {
    let at_once = replaces.is_some_and(|id| {
        let mut paid = methods.payable.iter().filter(|a| a.method == Some(id));
        paid.all(|address| address.failed.is_none())
    });
    changes.start(|| {
        let form = form(card, methods, replaces, done);
        let form = if at_once {
            form.one_step()
        } else {
            form.live()
        };
        form.action()
    });
    if at_once {
        changes.submit();
    }
}

fn form(
    card: Card,
    methods: &PaymentMethods,
    replaces: Option<PaymentMethodId>,
    done: impl Fn() + Send + Sync + 'static,
) -> Form {
    let addresses = match replaces {
        Some(id) => PayableAddresses::paid_by(methods, id),
        None => PayableAddresses::all(methods),
    };
    let retry = RwSignal::new(true);
    let failed: Vec<String> = methods
        .payable
        .iter()
        .filter(|address| address.failed.is_some())
        .map(|address| address.id.to_string())
        .collect();
    let name = name(&card);
    let (token, chosen) = (card.token, addresses.chosen);
    // Only what is to be paid with the new card can be retried with it.
    let has_failed =
        Signal::derive(move || chosen.with(|chosen| failed.iter().any(|id| chosen.contains(id))));
    let retries = Signal::derive(move || retry.get() && has_failed.get());
    let intent = move || {
        Intent::AddPaymentMethod(AddPaymentMethod {
            body: NewPaymentMethod {
                token: token.clone(),
                address_ids: PayableAddresses::ids(chosen),
                retry_charges: retries.get_untracked(),
            },
        })
    };
    let mut fields = Vec::new();
    if !methods.payable.is_empty() {
        fields.push(addresses.field().optional());
    }
    fields.push(
        Field::switch("retry_charges", t::add_payment_method_retry(), retry)
            .hint(t::add_payment_method_retry_hint())
            .shown_when(move || has_failed.get()),
    );
    let (reviewed, added) = (name.clone(), name);
    Form::new(t::add_payment_method_title(), intent)
        .fields(fields)
        .review(move || {
            let new = Line {
                label: t::add_payment_method_new().into(),
                after: reviewed.clone(),
                ..Line::default()
            };
            std::iter::once(new)
                .chain(addresses.review(&reviewed))
                .collect()
        })
        .meaning(move || {
            if retries.get_untracked() {
                t::add_payment_method_meaning_retry().into()
            } else {
                t::add_payment_method_meaning().into()
            }
        })
        .confirm(|| t::add_payment_method_confirm().into())
        .sending(t::add_payment_method_sending())
        .done(move |_, _| {
            done();
            if replaces.is_some() {
                t::assign_payment_method_done(&added)
            } else {
                t::add_payment_method_done(&added)
            }
        })
}

/// "Visa 4242", as far as the processor tells it.
fn name(card: &Card) -> String {
    let told = |text: &String| Some(text.clone()).filter(|text| !text.is_empty());
    words::payment_line(&PaymentLine {
        id: PaymentMethodId(0),
        kind: PaymentKind::Card,
        brand: told(&card.brand),
        last4: told(&card.last4),
        expiry: None,
        account: None,
        alike: false,
        added: None,
    })
}
