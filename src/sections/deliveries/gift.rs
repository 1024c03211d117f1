//! Giving one delivery to somebody else.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryItem};
use protocol::{AddressForm, Country, DeliveryGift, Intent, rules_for};

use super::super::action::{Field, Form};
use super::super::page::Page;
use super::super::parts::{delivery_place, names};
use super::reschedule;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::ui::{Line, LineKind};

/// Opens the form for giving `delivery` away.
pub(super) fn start(page: &Page, delivery: Delivery) {
    page.changes.start(|| give(page, delivery));
}

/// Whether something of `delivery` can be given away.
pub(super) fn can(delivery: &Delivery) -> bool {
    reschedule::can(delivery) && given(delivery).next().is_some()
}

fn given(delivery: &Delivery) -> impl Iterator<Item = &DeliveryItem> {
    let items = delivery.items.iter();
    items.filter(|item| item.skippable && !item.skipped)
}

/// The fields of the recipient: what the server calls them, their autofill tokens, their words.
fn texts() -> [(&'static str, &'static str, &'static str); 7] {
    [
        ("first_name", "given-name", t::address_first_name()),
        ("last_name", "family-name", t::address_last_name()),
        ("address1", "address-line1", t::address_street()),
        ("address2", "address-line2", t::address_more()),
        ("zip", "postal-code", t::address_postcode()),
        ("city", "address-level2", t::address_city()),
        ("phone", "tel", t::address_phone()),
    ]
}

fn give(page: &Page, delivery: Delivery) -> Arc<dyn Action> {
    let (key, today) = (delivery.key, page.today());
    let countries = page
        .session()
        .map(|session| session.countries.clone())
        .unwrap_or_default();
    let first = countries.first().map(|country| country.code.clone());
    let email = RwSignal::new(String::new());
    let country = RwSignal::new(first.unwrap_or_default());
    let province = RwSignal::new(String::new());
    let values = texts().map(|(field, _, _)| (field, RwSignal::new(String::new())));
    let ids: Vec<_> = given(&delivery).map(|item| item.purchase_item_id).collect();
    let recipient = move || {
        let mut form = AddressForm::default();
        for (field, value) in values {
            form.set(field, value.get_untracked());
        }
        form.set("country_code", country.get_untracked());
        form.set("province", province.get_untracked());
        form
    };
    let intent = move || Intent::GiftDelivery {
        address_id: key.address_id,
        date: key.date,
        body: DeliveryGift {
            purchase_item_ids: ids.clone(),
            email: email.get_untracked(),
            recipient: recipient(),
        },
    };
    let titles = names(given(&delivery).map(|item| item.title.as_str()));
    let mut fields = vec![
        Field::text("email", t::gift_email(), email)
            .typed("email", "off")
            .hint(t::gift_email_hint()),
    ];
    let texts = texts().into_iter().zip(values);
    fields.extend(texts.map(|((name, token, label), (_, value))| {
        let field = Field::text(name, label, value).typed("text", token);
        match name {
            "address2" | "phone" | "zip" => field.optional(),
            _ => field,
        }
    }));
    fields.extend(place_fields(countries, country, province));
    Form::new(t::gift_title(&format::date(key.date, today)), intent)
        .fields(fields)
        .review(move || lines(&titles, &recipient(), &email.get_untracked()))
        .meaning(|| t::gift_meaning().into())
        .confirm(|| t::gift_confirm().into())
        .sending(t::gift_sending())
        .done(|_, _| t::gift_done().into())
        .place(delivery_place(key))
        .action()
}

/// The country and, where it has them, its provinces.
fn place_fields(
    countries: Vec<Country>,
    country: RwSignal<String>,
    province: RwSignal<String>,
) -> [Field; 2] {
    let options: Vec<(String, String)> = countries
        .iter()
        .map(|country| (country.code.clone(), format::country(&country.code)))
        .collect();
    let provinces = move || {
        let code = country.get();
        let found = countries.iter().find(|country| country.code == code);
        let named = found.map(|country| country.provinces.as_slice());
        let none = (String::new(), t::address_choose().to_owned());
        let all = named.unwrap_or_default().iter();
        [none]
            .into_iter()
            .chain(all.map(|p| (p.name.clone(), p.name.clone())))
            .collect::<Vec<_>>()
    };
    let has = move || {
        let code = country.get();
        rules_for(&code)
            .fields
            .iter()
            .any(|rule| rule.field == "province")
    };
    [
        Field::select("country_code", t::address_country(), country, options),
        Field::select(
            "province",
            t::address_province(),
            province,
            Signal::derive(provinces),
        )
        .shown_when(has)
        .optional(),
    ]
}

fn lines(titles: &str, to: &AddressForm, email: &str) -> Vec<Line> {
    let name = [to.value("first_name"), to.value("last_name")].join(" ");
    let place = [name.trim(), to.value("address1"), to.value("city"), email];
    let place = place.into_iter().filter(|text| !text.is_empty());
    let line = |label: &str, after: String| Line {
        label: label.into(),
        after,
        kind: LineKind::Changed,
        ..Line::default()
    };
    vec![
        line(t::gift_what(), titles.to_owned()),
        line(t::gift_to(), place.collect::<Vec<_>>().join(", ")),
    ]
}
