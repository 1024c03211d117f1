//! Whether another payment method may be charged when the usual one fails.

use protocol::{BackupPayment, Intent, Problem};
use recharge::Customer;

use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Switches it on or off.
pub(crate) async fn set(reader: &Reader<'_>, body: &BackupPayment) -> Result<Option<Write>, Stop> {
    let before = reader.customer().await?.backup_payment_methods_enabled;
    if before == body.enabled {
        return Ok(None);
    }
    let undo = Intent::SetBackupPayment {
        body: BackupPayment { enabled: before },
    };
    let request = Customer::set_backup_payment(reader.customer, body.enabled);
    Ok(Some(Write::new(request).undo(undo)))
}

/// It is as it was sent.
pub(crate) async fn is_set(reader: &Reader<'_>, body: &BackupPayment) -> Result<bool, Problem> {
    Ok(reader.customer().await?.backup_payment_methods_enabled == body.enabled)
}
