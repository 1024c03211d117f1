//! What the changes of a one-time product have in common.

use protocol::view::DeliveryKey;
use protocol::{OnetimeId, ProblemKind, Refusal};
use recharge::Onetime;

use crate::model::delivery::{check_open, delivery};
use crate::plan::Halt;
use crate::upstream::reader::Reader;

/// A one-time product whose delivery can still be changed. What lies beyond the schedule can.
pub(super) async fn changeable(reader: &Reader<'_>, id: OnetimeId) -> Result<Onetime, Halt> {
    let onetime = reader.onetime(id).await?;
    if onetime.is_cancelled {
        return Err(Refusal::StateChanged.into());
    }
    let Some(date) = onetime.next_charge_scheduled_at else {
        return Ok(onetime);
    };
    let key = DeliveryKey {
        address_id: onetime.address_id,
        date,
    };
    match delivery(reader, key).await {
        Ok(delivery) => check_open(&delivery)?,
        Err(problem) if problem.kind != ProblemKind::NotFound => return Err(problem.into()),
        Err(_) if date < reader.today() => return Err(Refusal::StateChanged.into()),
        Err(_) => {}
    }
    Ok(onetime)
}
