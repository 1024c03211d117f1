//! The delivery schedule as a customer sees it.

use protocol::Problem;
use protocol::view::DeliverySchedule;

use crate::model::deliveries;
use crate::model::deliveries::use_credit;
use crate::upstream::reader::Reader;

/// The delivery schedule of a customer, who is told at once what their credit does. Upstream takes it off
/// when it charges; what there is upstream is what everything else goes by.
pub(crate) async fn shown(reader: &Reader<'_>) -> Result<DeliverySchedule, Problem> {
    let (mut schedule, customer) = (
        deliveries::schedule(reader).await?,
        reader.customer().await?,
    );
    use_credit(reader, &customer, &mut schedule.deliveries).await;
    Ok(schedule)
}
