//! What a confirmed card is to pay for: the last step of adding it, and the one that is sent.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{PaymentKind, PaymentLine, PaymentMethods};
use protocol::{Intent, NewPaymentMethod, PaymentMethodId};

use crate::backend::tokeniser::Card;
use crate::data::Action;
use crate::i18n::t;
use crate::sections::action::{Field, Form};
use crate::sections::payment_methods::assign::Addresses;
use crate::sections::words;
use crate::ui::Line;

/// Adding `card` to the customer's `methods`; `done` is called once it is there.
pub(super) fn attach(
    card: Card,
    methods: &PaymentMethods,
    done: impl Fn() + Send + Sync + 'static,
) -> Arc<dyn Action> {
    let addresses = Addresses::all(methods);
    let retry = RwSignal::new(methods.failed);
    let name = name(&card);
    let (token, chosen) = (card.token, addresses.chosen);
    let intent = move || Intent::AddPaymentMethod {
        body: NewPaymentMethod {
            token: token.clone(),
            address_ids: Addresses::ids(chosen),
            retry_charges: retry.get_untracked(),
        },
    };
    let mut fields = Vec::new();
    if !methods.payable.is_empty() {
        fields.push(addresses.field().optional());
    }
    if methods.failed {
        fields.push(
            Field::switch("retry_charges", t::card_retry(), retry).hint(t::card_retry_hint()),
        );
    }
    let (reviewed, added) = (name.clone(), name);
    Form::new(t::card_attach_title(), intent)
        .fields(fields)
        .review(move || {
            let new = Line {
                label: t::card_new().into(),
                after: reviewed.clone(),
                ..Line::default()
            };
            std::iter::once(new)
                .chain(addresses.review(&reviewed))
                .collect()
        })
        .meaning(move || match retry.get_untracked() {
            true => t::card_meaning_retry().into(),
            false => t::card_meaning().into(),
        })
        .confirm(|| t::card_add_confirm().into())
        .sending(t::card_adding())
        .done(move |_, _| {
            done();
            t::card_added(&added)
        })
        .action()
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
    })
}
