//! Telling the merchant that something is wrong with an order.
//!
//! Nothing changes upstream: the merchant is told by an effect of the change, which carries the
//! report and its reference.

use protocol::{
    FieldError, FieldProblem, OrderId, Problem, ProblemReport, ReportProblem, ReportTopic, Resource,
};

use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::texts::check_length;
use crate::upstream::reader::Reader;

/// The longest message, in characters.
const LONGEST_MESSAGE: usize = 1_000;
#[cfg(feature = "testing")]
use crate::testing::Account;

impl Action for ReportProblem {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[Resource::Orders],
            writes: &[],
            evidence: &["the report is stored"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Order(self.order_id)
    }

    /// Keeps the report, so that it is told once.
    async fn plan(&self, _: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let ReportProblem {
            order_id,
            body: sent,
        } = self;
        let is_unknown = matches!(sent.about, ReportTopic::Other(_));
        let about = is_unknown.then(|| FieldError::new("about", FieldProblem::Refused));
        let message = check_length("message", &sent.message, true, LONGEST_MESSAGE);
        let problems: Vec<FieldError> = about.into_iter().chain(message).collect();
        if !problems.is_empty() {
            return Err(problems.into());
        }
        Ok(Some(
            Write::default().fact(fact(*order_id), Some(kept(sent))),
        ))
    }

    /// The report is kept.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let ReportProblem {
            order_id,
            body: sent,
        } = self;
        Ok(reader.fact(&fact(*order_id)).await? == Some(kept(sent)))
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let orders: protocol::view::Orders =
            account.read(protocol::Query::Orders { cursor: None }).await;
        let body = ProblemReport {
            about: ReportTopic::Damaged,
            message: "The bag was open.".into(),
        };
        ReportProblem {
            order_id: orders.orders[0].id,
            body,
        }
        .into()
    }
}

/// The fact that the last report on an order is.
fn fact(order_id: OrderId) -> String {
    format!("report-{order_id}")
}

fn kept(report: &ProblemReport) -> String {
    [report.about.as_str(), report.message.trim()].join(": ")
}
