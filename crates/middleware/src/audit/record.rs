//! A line of the audit log, and the hash that binds it to the one before it.

use std::fmt;
use std::str::FromStr;

use base::hex;
use jiff::Timestamp;
use protocol::CustomerId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// One entry of the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRecord {
    /// When, milliseconds since 1970.
    pub at_ms: i64,
    /// Who: `customer`, `staff:` with an id, `shop`, `rule` or `link`.
    pub actor: String,
    /// Whose account.
    pub customer: CustomerId,
    /// What was done.
    pub action: String,
    /// To what of the customer's; empty for the account as a whole.
    pub object: String,
    /// How it was, as JSON without personal data, where that is known.
    pub before: Option<String>,
    /// How it was to be, likewise.
    pub after: Option<String>,
    /// The reference of the request.
    pub request_id: String,
    /// What became of it.
    pub outcome: String,
}

/// One end of the chain of lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct End {
    /// The number of the line; 0 before the first one.
    pub number: u64,
    /// The hash of the line, 64 hexadecimal digits; zeros before the first one.
    pub hash: String,
}

impl fmt::Display for End {
    /// As the log and the commands have it: `1234:9f86d0…`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.number, self.hash)
    }
}

impl FromStr for End {
    type Err = String;

    fn from_str(text: &str) -> Result<End, String> {
        let parts = text.split_once(':');
        let end = parts.and_then(|(number, hash)| {
            let is_hash = hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_hexdigit());
            Some(End {
                number: number.parse().ok()?,
                hash: is_hash.then(|| hash.to_ascii_lowercase())?,
            })
        });
        end.ok_or_else(|| "write it as the log has it: the number, a colon, 64 digits".to_owned())
    }
}

/// A line as it is stored and exported, with its fields in this order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AuditLine {
    pub(crate) number: u64,
    /// RFC 3339, in UTC, with milliseconds.
    pub(crate) at: String,
    pub(crate) actor: String,
    /// As text, since spreadsheets round large numbers.
    pub(crate) customer: String,
    pub(crate) action: String,
    pub(crate) object: String,
    pub(crate) before: Option<String>,
    pub(crate) after: Option<String>,
    pub(crate) request_id: String,
    pub(crate) outcome: String,
    /// The hash of the line before it.
    pub(crate) previous: String,
}

/// What is wrong with a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LineError {
    /// One or more before it are gone.
    Missing,
    /// The line before it is not the one that it was written after.
    BeforeChanged,
    /// It is no line of an audit log.
    Unreadable,
}

/// An instant as lines have it: RFC 3339 in UTC with milliseconds.
pub(crate) fn instant(at_ms: i64) -> String {
    let at = Timestamp::from_millisecond(at_ms).unwrap_or_default();
    format!("{at:.3}")
}

/// The text of the line that follows `head`.
pub(crate) fn line(record: &AuditRecord, head: &End) -> Result<String, serde_json::Error> {
    serde_json::to_string(&AuditLine {
        number: head.number + 1,
        at: instant(record.at_ms),
        actor: record.actor.clone(),
        customer: record.customer.to_string(),
        action: record.action.clone(),
        object: record.object.clone(),
        before: record.before.clone(),
        after: record.after.clone(),
        request_id: record.request_id.clone(),
        outcome: record.outcome.clone(),
        previous: head.hash.clone(),
    })
}

/// The hash of a line: SHA-256 of its text.
pub(crate) fn hash(line: &str) -> String {
    hex(&Sha256::digest(line))
}

/// Checks that `text` is the line after `before`.
pub(crate) fn check_line(before: &End, number: u64, text: &str) -> Result<AuditLine, LineError> {
    if number != before.number + 1 {
        return Err(LineError::Missing);
    }
    let line: AuditLine = serde_json::from_str(text).map_err(|_| LineError::Unreadable)?;
    if line.number != number {
        return Err(LineError::Unreadable);
    }
    if line.previous != before.hash {
        return Err(LineError::BeforeChanged);
    }
    Ok(line)
}
