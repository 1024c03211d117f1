//! Addresses as forms hold them and as upstream does.

use protocol::{AddressForm, Country};
use recharge::{Address, AddressUpdate, CountryAndZip, PostalAddress};

/// An address as a form shows it: every field set.
pub(crate) fn form(address: &recharge::Address) -> AddressForm {
    form_of(&address.postal())
}

/// The same of an address inside something else.
pub(crate) fn form_of(address: &PostalAddress) -> AddressForm {
    AddressForm {
        first_name: Some(address.first_name.clone()),
        last_name: Some(address.last_name.clone()),
        company: Some(address.company.clone()),
        address1: Some(address.address1.clone()),
        address2: Some(address.address2.clone()),
        city: Some(address.city.clone()),
        province: Some(address.province.clone()),
        zip: Some(address.zip.clone()),
        country_code: Some(address.country_code.clone()),
        phone: Some(address.phone.clone()),
    }
}

/// A whole address as it is kept; what was not said is empty.
pub(crate) fn whole(form: &AddressForm, countries: &[Country]) -> AddressForm {
    let mut whole = AddressForm::default();
    for field in AddressForm::FIELDS {
        whole.set(field, form.value(field).to_owned());
    }
    whole.normalized(countries)
}

/// An address as it will be. What differs is as upstream keeps it; the rest stays as it is there.
pub(crate) fn merged(
    before: &AddressForm,
    sent: &AddressForm,
    countries: &[Country],
) -> AddressForm {
    let mut after = before.clone();
    let is_changed = |field: &&str| matches!(sent.get(field), Some(value) if value.trim() != before.value(field).trim());
    let changed: Vec<&str> = AddressForm::FIELDS.into_iter().filter(is_changed).collect();
    for field in &changed {
        after.set(field, sent.value(field).to_owned());
    }
    let kept = after.normalized(countries);
    for field in changed {
        after.set(field, kept.value(field).to_owned());
    }
    after
}

/// The fields that are set, as upstream takes them.
pub(crate) fn upstream_update(changes: &AddressForm) -> AddressUpdate {
    let place = changes.country_code.clone().zip(changes.zip.clone());
    let place = place.filter(|(country_code, _)| !country_code.is_empty());
    AddressUpdate {
        first_name: changes.first_name.clone(),
        last_name: changes.last_name.clone(),
        company: changes.company.clone(),
        address1: changes.address1.clone(),
        address2: changes.address2.clone(),
        city: changes.city.clone(),
        province: changes.province.clone(),
        place: place.map(|(country_code, zip)| CountryAndZip { country_code, zip }),
        phone: changes.phone.clone(),
        order_note: None,
    }
}

/// The code of what was chosen; empty where nothing was.
pub(crate) fn shipping_method(address: &Address) -> String {
    let line = address.shipping_lines_override.first();
    line.map(|line| line.code.clone()).unwrap_or_default()
}
