//! Which actions are off or limited, and why.

use std::collections::BTreeMap;

use protocol::Operation;

use super::pages;
use crate::config::error::ConfigError;
use crate::config::settings::{Effect, Switches};
use crate::config::source::{Source, operation_name};
use crate::config::tables::File;

/// Everything is allowed that is not switched off, and for which there is what it needs.
pub(super) fn switches(
    source: &Source<'_>,
    file: &File,
    mails: bool,
    effects: &[Effect],
) -> Result<Switches, ConfigError> {
    let mut off = BTreeMap::new();
    for (name, switch) in &file.actions {
        let operation = source.operation(name, switch)?;
        if !switch.as_ref() {
            off.insert(
                operation,
                format!("{}: {name} = false", source.place(switch)),
            );
        }
    }
    for operation in pages::editable(source, &file.customer)?.1 {
        let why = format!("{}: [customer] leaves it out", source.name);
        off.entry(operation).or_insert(why);
    }
    if file.history.invoices == Some(false) {
        // A problem is reported with an order.
        let why = format!("{}: [history] invoices = false", source.name);
        off.entry(Operation::ReportProblem).or_insert(why);
    }
    for operation in Operation::ALL.iter().copied() {
        if let Some(missing) = missing(operation, mails, effects) {
            off.entry(operation).or_insert(missing);
        }
    }
    let mut locked = BTreeMap::new();
    for (name, lock) in &file.locks {
        let operation = source.operation(name, lock)?;
        let (table, place) = (lock.as_ref(), source.place(lock));
        let (orders, days) = (table.minimum_orders, table.days_before);
        let limits = [("minimum_orders", orders), ("days_before", days)];
        let limits = limits.iter().filter(|(_, number)| *number > 0);
        let limits: Vec<String> = limits.map(|(key, n)| format!("{key} = {n}")).collect();
        if !limits.is_empty() {
            locked.insert(operation, format!("{place}: {}", limits.join(", ")));
        }
    }
    Ok(Switches { off, locked })
}

/// What an operation lacks besides Recharge: mail for codes, and somebody who is told for what
/// changes nothing upstream.
fn missing(operation: Operation, mails: bool, effects: &[Effect]) -> Option<String> {
    let is_told = |after| effects.iter().any(|effect| effect.after == after);
    let needs_mail = (!mails).then(|| "it needs [mail]".to_owned());
    let needs_effect = |after| {
        (!is_told(after)).then(|| format!("it needs an effect after {}", operation_name(after)))
    };
    match operation {
        Operation::RequestEmailChange | Operation::ConfirmEmailChange => needs_mail,
        Operation::RequestDeletion | Operation::ConfirmDeletion => {
            needs_mail.or_else(|| needs_effect(Operation::ConfirmDeletion))
        }
        Operation::ReportProblem => needs_effect(Operation::ReportProblem),
        _ => None,
    }
}
