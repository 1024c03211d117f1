//! `perennial audit`: the audit log for people and their tools.

use std::error::Error;
use std::io::Write;

use base::{Date, csv_row};

use crate::audit::{AuditLine, End, LineError, check_line, hash};
use crate::store::{AuditLog, AuditSnapshot, StoreError};

/// Lines that are read at a time.
const AT_ONCE: u32 = 1_000;

/// A format of the export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditFormat {
    /// The lines as they are stored. The hash of each is in the next one.
    Jsonl,
    /// RFC 4180, with a header.
    Csv,
}

/// The days of an export, in UTC.
#[derive(Debug, Clone, Copy, Default)]
pub struct AuditDays {
    /// From the start of this day on.
    pub from: Option<Date>,
    /// Until the end of this day.
    pub to: Option<Date>,
}

/// Writes the audit log to `out`. Answers its head, for whoever keeps the export.
///
/// # Errors
/// Where the log cannot be read or `out` not be written.
pub async fn export_audit(
    store: &dyn AuditLog,
    format: AuditFormat,
    days: AuditDays,
    out: &mut dyn Write,
) -> Result<End, Box<dyn Error>> {
    let mut snapshot = store.snapshot().await?;
    let from = days.from.map(|day| day.to_string());
    // The days of lines are compared as text, which has one width.
    let to = days.to.map(|day| day.add_days(1).to_string());
    if format == AuditFormat::Csv {
        out.write_all(csv_row(COLUMNS).as_bytes())?;
    }
    let mut after = snapshot.anchor.number;
    loop {
        let lines = snapshot.lines(after, AT_ONCE).await?;
        let Some((last, _)) = lines.last() else {
            return Ok(snapshot.head);
        };
        after = *last;
        for (number, text) in &lines {
            let line: AuditLine = serde_json::from_str(text)?;
            if from.as_ref().is_some_and(|from| line.at < *from)
                || to.as_ref().is_some_and(|to| line.at >= *to)
            {
                continue;
            }
            match format {
                AuditFormat::Jsonl => writeln!(out, "{text}")?,
                AuditFormat::Csv => {
                    out.write_all(csv_row(cells(&number.to_string(), &line)).as_bytes())?
                }
            }
        }
    }
}

/// The columns of the CSV file.
const COLUMNS: [&str; 11] = [
    "number",
    "at",
    "actor",
    "customer",
    "action",
    "object",
    "before",
    "after",
    "request_id",
    "outcome",
    "previous",
];

fn cells<'a>(number: &'a str, line: &'a AuditLine) -> [&'a str; 11] {
    [
        number,
        &line.at,
        &line.actor,
        &line.customer,
        &line.action,
        &line.object,
        line.before.as_deref().unwrap_or_default(),
        line.after.as_deref().unwrap_or_default(),
        &line.request_id,
        &line.outcome,
        &line.previous,
    ]
}

/// Checks that no line was changed, removed or added since it was written, and that the last one
/// is there. Says the first thing that is wrong, or that nothing is; answers whether nothing is.
///
/// `noted` is a head that was written down earlier: it must still be in the log, unless it was
/// pruned since.
///
/// # Errors
/// Where the log cannot be read or `out` not be written.
pub async fn verify_audit(
    store: &dyn AuditLog,
    noted: Option<&End>,
    out: &mut dyn Write,
) -> Result<bool, Box<dyn Error>> {
    let mut snapshot = store.snapshot().await?;
    if let Some(wrong) = first_wrong(&mut snapshot, noted).await? {
        writeln!(out, "{wrong}")?;
        return Ok(false);
    }
    let AuditSnapshot { anchor, head, .. } = &snapshot;
    let lines = head.number - anchor.number;
    writeln!(out, "{lines} lines, all as they were written; head {head}")?;
    Ok(true)
}

/// The first thing that is wrong with the log.
async fn first_wrong(
    snapshot: &mut AuditSnapshot,
    noted: Option<&End>,
) -> Result<Option<String>, StoreError> {
    let is_other =
        |line: &End| noted.is_some_and(|noted| noted.number == line.number && noted != line);
    let mut last = snapshot.anchor.clone();
    loop {
        let lines = snapshot.lines(last.number, AT_ONCE).await?;
        if lines.is_empty() {
            return Ok(wrong_end(&last, &snapshot.head, noted));
        }
        for (number, text) in lines {
            match check_line(&last, number, &text) {
                Ok(_) => {}
                Err(LineError::Missing) => {
                    return Ok(Some(format!("line {} is missing", last.number + 1)));
                }
                Err(LineError::BeforeChanged) if last == snapshot.anchor => {
                    return Ok(Some(format!(
                        "line {number} does not follow the anchor {last}"
                    )));
                }
                Err(LineError::BeforeChanged) => {
                    return Ok(Some(format!("line {} was changed", last.number)));
                }
                Err(LineError::Unreadable) => {
                    return Ok(Some(format!("line {number} was changed")));
                }
            }
            last = End {
                number,
                hash: hash(&text),
            };
            if is_other(&last) {
                return Ok(Some(format!("line {number} is not the one that was noted")));
            }
        }
    }
}

/// What is wrong where the lines end at `last`.
fn wrong_end(last: &End, head: &End, noted: Option<&End>) -> Option<String> {
    let had = noted.map_or(0, |noted| noted.number).max(head.number);
    if last.number < had {
        return Some(format!(
            "line {} is missing, with all after it: the log had {had} lines",
            last.number + 1
        ));
    }
    if last.number > head.number {
        return Some(format!("line {} was added", head.number + 1));
    }
    (last != head).then(|| format!("line {} was changed", last.number))
}
