//! Telling the merchant that something is wrong with an order.
//!
//! Nothing changes upstream: the merchant is told by an effect of the change, which carries the
//! report and its reference.

use protocol::{FieldError, FieldProblem, OrderId, Problem, ProblemReport, ReportTopic};

use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The longest message, in characters.
const LONGEST_MESSAGE: usize = 1_000;

/// Keeps the report, so that it is told once.
pub(crate) async fn report(
    _: &Reader<'_>,
    order_id: &OrderId,
    sent: &ProblemReport,
) -> Result<Option<Write>, Stop> {
    let length = sent.message.trim().chars().count();
    let message = match length {
        0 => Some(FieldProblem::Required),
        n if n > LONGEST_MESSAGE => Some(FieldProblem::TooLong),
        _ => None,
    };
    let about = matches!(sent.about, ReportTopic::Other(_)).then_some(FieldProblem::Refused);
    let problems: Vec<FieldError> = [("about", about), ("message", message)]
        .into_iter()
        .filter_map(|(field, error)| {
            Some(FieldError {
                field: field.to_owned(),
                error: error?,
            })
        })
        .collect();
    if !problems.is_empty() {
        return Err(problems.into());
    }
    Ok(Some(
        Write::default().fact(fact(*order_id), Some(kept(sent))),
    ))
}

/// The report is kept.
pub(crate) async fn is_kept(
    reader: &Reader<'_>,
    order_id: &OrderId,
    sent: &ProblemReport,
) -> Result<bool, Problem> {
    Ok(reader.fact(&fact(*order_id)).await? == Some(kept(sent)))
}

/// The fact that the last report on an order is.
fn fact(order_id: OrderId) -> String {
    format!("report-{order_id}")
}

fn kept(report: &ProblemReport) -> String {
    [report.about.as_str(), report.message.trim()].join(": ")
}
