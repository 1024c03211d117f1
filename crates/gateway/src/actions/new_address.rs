//! Adding an address together with what pays for what will go there: one call upstream, so that
//! nothing half-made is left.

use protocol::{AddressForm, FieldError, FieldProblem, Intent, NewAddress, Nothing, Problem};
use recharge::Address;

use super::address::{trimmed, upstream_update};
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::views::account::form;

/// Adds the address.
pub(crate) async fn add(reader: &Reader<'_>, sent: &NewAddress) -> Result<Option<Write>, Stop> {
    let address = trimmed(&sent.address);
    let mut problems = address.problems(&reader.gateway.policy.countries);
    let has_methods = !reader.payment_methods().await?.items.is_empty();
    if sent.payment_method_id.is_none() && has_methods {
        problems.push(FieldError {
            field: "payment_method_id".into(),
            error: FieldProblem::Required,
        });
    }
    if !problems.is_empty() {
        return Err(problems.into());
    }
    let known = reader.addresses().await?.items;
    let known = known.iter().map(|address| address.id.0);
    let request = Address::create(
        reader.customer,
        &upstream_update(&address),
        sent.payment_method_id,
    );
    Ok(Some(Write::new(request).known(known)))
}

/// There is an address that there was not before, with what was sent.
pub(crate) async fn is_added(reader: &Reader<'_>, sent: &NewAddress) -> Result<bool, Problem> {
    Ok(added(reader, sent).await?.is_some())
}

/// Deleting it again.
pub(crate) async fn deletion(
    reader: &Reader<'_>,
    sent: &NewAddress,
) -> Result<Option<Intent>, Problem> {
    let address = added(reader, sent).await?;
    Ok(address.map(|address| Intent::DeleteAddress {
        address_id: address.id,
        body: Nothing {},
    }))
}

async fn added(reader: &Reader<'_>, sent: &NewAddress) -> Result<Option<Address>, Problem> {
    let wanted = trimmed(&sent.address);
    let is_it = |address: &Address| {
        let has: AddressForm = trimmed(&form(address));
        reader.is_new(address.id.0)
            && address.payment_method_id == sent.payment_method_id
            && wanted.changes_from(&has).is_empty()
    };
    let all = reader.addresses().await?.items;
    Ok(all.into_iter().find(is_it))
}
