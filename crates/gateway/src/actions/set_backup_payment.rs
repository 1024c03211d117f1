//! Whether another payment method may be charged when the usual one fails.

use protocol::{BackupPayment, Intent, Operation, Problem, Resource, SetBackupPayment};
use recharge::Customer;

use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::Account;
use crate::upstream::reader::Reader;

impl Action for SetBackupPayment {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::SetBackupPayment),
            stale: &[Resource::PaymentMethods, Resource::Customer],
            writes: &["PUT /customers/{id}"],
            evidence: &["upstream has the setting"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    /// Switches it on or off.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let before = reader.customer().await?.backup_payment_methods_enabled;
        if before == self.body.enabled {
            return Ok(None);
        }
        let undo = Intent::SetBackupPayment(SetBackupPayment {
            body: BackupPayment { enabled: before },
        });
        let request = Customer::set_backup_payment(reader.customer, self.body.enabled);
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// It is as it was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        Ok(reader.customer().await?.backup_payment_methods_enabled == self.body.enabled)
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(_: &dyn Account) -> protocol::Intent {
        let body = BackupPayment { enabled: true };
        SetBackupPayment { body }.into()
    }
}
