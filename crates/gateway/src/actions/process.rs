//! Paying for a delivery now: 'order now', and 'pay now' where a payment failed.

use protocol::view::{DeliveryKey, DeliveryState, Lock};
use protocol::{AddressId, ConfirmedAmount, Date, Problem, Refusal};
use recharge::{Charge, ChargeId, ChargeStatus};

use super::skip::{charges_on, delivery, open_charge};
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Takes the money for the delivery's charge, if that still comes to what the customer agreed to.
pub(crate) async fn process(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &ConfirmedAmount,
) -> Result<Option<Write>, Stop> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    let delivery = delivery(reader, key).await?;
    match (&delivery.state, &delivery.lock) {
        (DeliveryState::Failed, _) | (DeliveryState::Planned, None) => {}
        (DeliveryState::Planned, Some(Lock::CutOff)) => return Err(Refusal::CutOffPassed.into()),
        _ => return Err(Refusal::StateChanged.into()),
    }
    let charges = charges_on(reader, key).await?;
    let charge = open_charge(&charges).ok_or(Refusal::StateChanged)?;
    if delivery.due != Some(body.amount) {
        return Err(Refusal::AmountChanged.into());
    }
    // The charge's id outlives this write, so the very charge can be looked at afterwards.
    Ok(Some(
        Write::new(Charge::process(charge.id)).known([charge.id.0]),
    ))
}

/// The charge that was queued or had failed is paid, or is being paid. One that failed, again or
/// for the first time, took nothing.
pub(crate) async fn is_paid(reader: &Reader<'_>) -> Result<bool, Problem> {
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
