//! Deleting an address to which nothing ships.

use std::sync::Arc;

use protocol::view::Address;
use protocol::{DeleteAddress, Intent, Nothing};

use super::form::Form;
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Line, LineKind};

/// Opens the review of deleting `address`.
pub(crate) fn open(page: &Page, address: &Address) {
    page.changes.start(|| action(address));
}

fn action(address: &Address) -> Arc<dyn Action> {
    let id = address.id;
    let street = words::short(&address.lines.street);
    let lines = vec![Line {
        label: t::delete_address_what().into(),
        before: street.clone(),
        kind: LineKind::Lost,
        ..Line::default()
    }];
    let intent = move || {
        Intent::DeleteAddress(DeleteAddress {
            address_id: id,
            body: Nothing {},
        })
    };
    Form::new(t::delete_address_title(), intent)
        .review(move || lines.clone())
        .meaning(|| t::delete_address_meaning().into())
        .confirm(|| t::delete_address_confirm().into())
        .sending(t::delete_address_sending())
        .ending()
        .done(move |_, _| t::delete_address_done(&street))
        .action()
}
