//! What the shop's staff may do in a customer's portal.

use std::collections::BTreeSet;

use protocol::Operation;

use crate::config::error::ConfigError;
use crate::config::source::{Source, operation_name};
use crate::config::tables::SupportTable;

/// What only customers do: pay now, and decide how they pay, what their email address is, and
/// whether their data is deleted.
const CUSTOMERS_OWN: [Operation; 12] = [
    Operation::AddPaymentMethod,
    Operation::AssignPaymentMethod,
    Operation::ConfirmDeletion,
    Operation::ConfirmEmailChange,
    Operation::ProcessDelivery,
    Operation::RemovePaymentMethod,
    Operation::RequestDeletion,
    Operation::RequestEmailChange,
    Operation::SendPaymentLink,
    Operation::SetBackupPayment,
    Operation::SetDefaultPaymentMethod,
    Operation::UpdateBillingAddress,
];

/// The operations that staff may use; none where they only look.
pub(super) fn allowed(
    source: &Source<'_>,
    table: &Option<SupportTable>,
) -> Result<BTreeSet<Operation>, ConfigError> {
    let act = table.iter().flat_map(|table| &table.act);
    act.map(|value| {
        let operation = source.operation(value.as_ref(), value)?;
        if CUSTOMERS_OWN.contains(&operation) {
            let message = format!("support cannot use {}", operation_name(operation));
            let hint = "leave it out: only customers pay, and decide on their payment methods, \
                        their email address and the deletion of their data";
            return Err(source.wrong(value, message, hint));
        }
        Ok(operation)
    })
    .collect()
}
