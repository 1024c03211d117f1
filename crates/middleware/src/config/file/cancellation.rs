//! What customers are asked when they cancel, and offered instead.

use std::collections::BTreeSet;

use gateway::CancellationPolicy;
use protocol::Operation;
use protocol::view::{CANCEL_OFFERS, CancelReason};

use super::texts::{id, texts};
use crate::config::error::ConfigError;
use crate::config::source::{Source, operation_name};
use crate::config::spanned::Spanned;
use crate::config::suggest::suggestion;
use crate::config::tables::{CancellationTable, File, ReasonOrder, TextTable};

/// The longest reason that Recharge takes, in characters.
const LONGEST: usize = 255;
/// What Recharge gets where no reason was chosen and the file names none.
const DEFAULT_REASON: &str = "No reason given";
/// What is offered unless the file says otherwise.
const OFFERS: [Operation; 2] = [Operation::PauseSubscription, Operation::SkipDelivery];

/// The form for cancelling.
pub(super) fn cancellation(
    source: &Source<'_>,
    file: &File,
) -> Result<CancellationPolicy, ConfigError> {
    let table = &file.cancellation;
    Ok(CancellationPolicy {
        reasons: reasons(source, file)?,
        shuffled: table.order == ReasonOrder::Shuffled,
        required: table.required.unwrap_or(true),
        default_reason: default_reason(source, table)?,
        offers: match &table.offers {
            None => OFFERS.to_vec(),
            Some(names) => offers(source, names)?,
        },
        counted: file.analytics.funnel,
    })
}

fn reasons(source: &Source<'_>, file: &File) -> Result<Vec<CancelReason>, ConfigError> {
    let long = &file.cancellation.reasons;
    let Some(short) = &file.cancel_reasons else {
        if long.is_empty() {
            return Err(ConfigError {
                place: source.name.to_owned(),
                message: "cancel_reasons is missing".into(),
                hint: "list at least one; Recharge does not cancel without a reason".into(),
            });
        }
        return long.iter().map(|table| reason(source, table)).collect();
    };
    if let Some(table) = long.first() {
        let hint = "leave cancel_reasons out, or [[cancellation.reasons]]";
        return Err(source.wrong(table, "the reasons are listed twice", hint));
    }
    if short.as_ref().is_empty() || !short.as_ref().iter().all(|text| fits(text)) {
        let hint = "list at least one; Recharge does not cancel without a reason";
        return Err(source.wrong(short, "reasons must have 1 to 255 characters", hint));
    }
    let reason = |text: &String| CancelReason {
        id: text.clone(),
        text: text.as_str().into(),
    };
    Ok(short.as_ref().iter().map(reason).collect())
}

fn reason(source: &Source<'_>, table: &Spanned<TextTable>) -> Result<CancelReason, ConfigError> {
    let id = id(source, table)?;
    let text = texts(source, table, &["id"])?;
    for value in table.as_ref().values() {
        if !fits(value.as_ref()) {
            let hint = "shorten it, or take it out";
            return Err(source.wrong(value, "reasons must have 1 to 255 characters", hint));
        }
    }
    Ok(CancelReason { id, text })
}

fn default_reason(source: &Source<'_>, table: &CancellationTable) -> Result<String, ConfigError> {
    let Some(value) = &table.default_reason else {
        return Ok(DEFAULT_REASON.to_owned());
    };
    if table.required.unwrap_or(true) {
        let hint = "write required = false beside it, or take it out";
        return Err(source.wrong(value, "a reason is always chosen", hint));
    }
    if !fits(value.as_ref()) {
        let hint = "Recharge does not cancel without a reason";
        return Err(source.wrong(value, "a reason must have 1 to 255 characters", hint));
    }
    Ok(value.as_ref().clone())
}

fn fits(text: &str) -> bool {
    !text.trim().is_empty() && text.chars().count() <= LONGEST
}

fn offers(source: &Source<'_>, names: &[Spanned<String>]) -> Result<Vec<Operation>, ConfigError> {
    let mut seen = BTreeSet::new();
    let offer = |name: &Spanned<String>| {
        let operation = source.operation(name.as_ref(), name)?;
        if !CANCEL_OFFERS.contains(&operation) {
            let all: Vec<String> = CANCEL_OFFERS.into_iter().map(operation_name).collect();
            let hint = suggestion(name.as_ref(), all.iter().map(String::as_str));
            return Err(source.wrong(name, "not an action that is offered instead", &hint));
        }
        if !seen.insert(operation) {
            let message = format!("{} is there twice", name.as_ref());
            return Err(source.wrong(name, message, "take one of the two out"));
        }
        Ok(operation)
    };
    names.iter().map(offer).collect()
}
