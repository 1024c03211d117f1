//! Editing an address in place.

use protocol::{AddressForm, AddressId, Intent, Problem};
use recharge::{Address, AddressUpdate, CountryAndZip};

use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::views::account::form;

/// The fields of an address form.
const FIELDS: [&str; 10] = [
    "first_name",
    "last_name",
    "company",
    "address1",
    "address2",
    "city",
    "province",
    "zip",
    "country_code",
    "phone",
];

/// Sends the fields that differ from what upstream has. The rules are those of the address as
/// it will be, whatever part of it the form showed.
pub(crate) async fn update(
    reader: &Reader<'_>,
    id: &AddressId,
    sent: &AddressForm,
) -> Result<Option<Write>, Stop> {
    let before = form(&reader.address(*id).await?);
    let after = merged(&before, sent);
    let problems = after.problems(&reader.gateway.policy.countries);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let changes = after.changes_from(&before);
    if changes.is_empty() {
        return Ok(None);
    }
    let undo = Intent::UpdateAddress {
        address_id: *id,
        body: before.changes_from(&after),
    };
    let request = Address::update(*id, &upstream_update(&changes)).commit();
    Ok(Some(Write::new(request).undo(undo)))
}

/// Every field that was sent has the value that was sent.
pub(crate) async fn is_as_sent(
    reader: &Reader<'_>,
    id: &AddressId,
    sent: &AddressForm,
) -> Result<bool, Problem> {
    let now = form(&reader.address(*id).await?);
    Ok(written(sent).all(|(field, value)| now.value(field).trim() == value))
}

/// A whole address without outer spaces; what was not said is empty.
pub(super) fn trimmed(form: &AddressForm) -> AddressForm {
    let mut whole = AddressForm::default();
    for field in FIELDS {
        whole.set(field, form.value(field).trim().to_owned());
    }
    whole
}

/// An address as it will be.
pub(crate) fn merged(before: &AddressForm, sent: &AddressForm) -> AddressForm {
    let mut after = before.clone();
    for (field, value) in written(sent) {
        after.set(field, value.to_owned());
    }
    after
}

/// The fields that the customer set, without outer spaces.
fn written(form: &AddressForm) -> impl Iterator<Item = (&'static str, &str)> {
    FIELDS
        .into_iter()
        .filter_map(|field| Some((field, form.get(field)?.trim())))
}

/// The fields that are set, as upstream takes them.
pub(crate) fn upstream_update(changes: &AddressForm) -> AddressUpdate {
    let place = changes.country_code.clone().zip(changes.zip.clone());
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
