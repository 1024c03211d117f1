use protocol_derive::Generate;
use serde::{Deserialize, Serialize};

use super::declare::intent;
use crate::json::Read;

intent! {
    /// Let another payment method be charged when the usual one fails, or no longer.
    SetBackupPayment {}
    PUT "/customer/backup_payment" BackupPayment
}

/// Whether another payment method may be charged when the usual one fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct BackupPayment {
    /// Whether it may.
    pub enabled: bool,
}
