//! Choosing how things go to an address, among the ways that the merchant names with their prices.

use protocol::{AddressId, FieldProblem, Intent, Problem, ShippingChoice};
use recharge::Address;

use super::subscription::wrong;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Sends the merchant's own title and price for the code.
pub(crate) async fn choose(
    reader: &Reader<'_>,
    id: &AddressId,
    body: &ShippingChoice,
) -> Result<Option<Write>, Stop> {
    let before = chosen(&reader.address(*id).await?);
    if before == body.code {
        return Ok(None);
    }
    let method = reader.gateway.policy.shipping_method(&body.code);
    let line = match (method, body.code.as_str()) {
        (None, "") => None,
        (None, _) => return Err(wrong("code", FieldProblem::Refused)),
        (Some(method), code) => Some((code, method.title.as_str(), method.price)),
    };
    let undo = Intent::SetShippingMethod {
        address_id: *id,
        body: ShippingChoice { code: before },
    };
    let request = Address::set_shipping(*id, line).commit();
    Ok(Some(Write::new(request).undo(undo)))
}

/// The code is the one that was sent.
pub(crate) async fn is_chosen(
    reader: &Reader<'_>,
    id: &AddressId,
    body: &ShippingChoice,
) -> Result<bool, Problem> {
    Ok(chosen(&reader.address(*id).await?) == body.code)
}

/// The code of what was chosen; empty where nothing was.
pub(crate) fn chosen(address: &Address) -> String {
    let line = address.shipping_lines_override.first();
    line.map(|line| line.code.clone()).unwrap_or_default()
}
