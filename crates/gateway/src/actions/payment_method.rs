//! What the changes of payment methods have in common.

use protocol::{AddressId, PaymentMethodId, Problem, Refusal};
use recharge::{Address, ChargeId, ChargeStatus, PaymentMethod};

use crate::model::payment::BY_LINK;
use crate::plan::{Halt, Write};
use crate::rules::guard::Guard;
use crate::upstream::reader::Reader;

/// The guard of what names a method and addresses, or addresses alone.
pub(super) fn paid_for<'a>(
    method: Option<PaymentMethodId>,
    address_ids: &'a [AddressId],
) -> Guard<'a> {
    let addresses = address_ids.iter().copied().map(Guard::Address);
    Guard::All(
        [Guard::paid_by(method)]
            .into_iter()
            .chain(addresses)
            .collect(),
    )
}

/// Lets a method pay for everything that goes to an address.
pub(super) async fn pay_for(
    reader: &Reader<'_>,
    id: PaymentMethodId,
    address_id: AddressId,
) -> Result<Option<Write>, Halt> {
    if reader.address(address_id).await?.payment_method_id == Some(id) {
        return Ok(None);
    }
    Ok(Some(Write::new(Address::pay_with(address_id, id).commit())))
}

/// A method that can be changed here.
pub(super) async fn changeable(
    reader: &Reader<'_>,
    id: PaymentMethodId,
) -> Result<PaymentMethod, Halt> {
    let method = reader.payment_method(id).await?;
    match method.processor_name.as_str() {
        BY_LINK => Err(Refusal::ByLinkOnly.into()),
        _ => Ok(method),
    }
}

/// The charge that was queued or had failed is paid, or is being paid. One that failed, again or
/// for the first time, took nothing.
pub(super) async fn is_paid(reader: &Reader<'_>) -> Result<bool, Problem> {
    for id in reader.known() {
        let charge = reader.charge(ChargeId(*id)).await?;
        if !matches!(
            charge.status,
            ChargeStatus::Queued | ChargeStatus::Error | ChargeStatus::Skipped
        ) {
            return Ok(true);
        }
    }
    Ok(false)
}
