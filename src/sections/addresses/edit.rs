//! Editing an address in place.

use std::sync::Arc;

use protocol::view::Address;
use protocol::{Country, Date, Intent};

use super::form::{AddressFields, changes};
use super::place;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::words;
use crate::ui::{Line, LineKind};

/// Editing `before`, in a store that ships to `countries`.
pub(super) fn edit(before: Address, countries: Vec<Country>, today: Date) -> Arc<dyn Action> {
    let fields = AddressFields::new(&before.form, countries);
    let (id, old) = (before.id, before.form.clone());
    let intent = move || Intent::UpdateAddress {
        address_id: id,
        body: fields.filled().changes_from(&old),
    };
    let subscriptions = before.subscriptions.iter();
    let titles: Vec<String> = subscriptions.map(|s| words::short(&s.title)).collect();
    let meaning = match titles.is_empty() {
        true => String::new(),
        false => t::address_meaning(&format::list(&titles)),
    };
    Form::new(t::address_edit_title(), intent)
        .fields(vec![Field::info(move || fields.view())])
        .check(move || fields.check())
        .refused(move |errors| fields.refused(errors))
        .review(move || {
            let mut lines = changes(&before.form, &fields.filled());
            lines.extend(applies_to(&before, today));
            lines
        })
        .meaning(move || meaning.clone())
        .confirm(|| t::address_save().into())
        .sending(t::address_saving())
        .done(|_, _| t::address_done().into())
        .place(place(id))
        .action()
}

/// The deliveries that will go to the changed address.
fn applies_to(address: &Address, today: Date) -> Option<Line> {
    let dates = address.deliveries.iter();
    let dates: Vec<String> = dates
        .map(|key| format::date_short(key.date, today))
        .collect();
    (!dates.is_empty()).then(|| Line {
        label: t::address_applies_to().into(),
        after: format::list(&dates),
        kind: LineKind::Changed,
        ..Line::default()
    })
}
