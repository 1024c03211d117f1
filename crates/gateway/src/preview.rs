//! Before and after: what an intent will do, from what upstream says now.
//!
//! One model of what is to come stands for the store; an intent is applied to a copy of it, and
//! what differs is shown. The same comparison, of the copy with what there is after the change,
//! finds what came out otherwise.

mod adding;
mod apply;
mod compare;
mod deliveries;
mod estimate;
mod model;

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use protocol::view::{Preview, PreviewLine};
use protocol::{CustomerId, Intent, Problem, ProblemKind, Refusal};

use crate::operations::{StepKind, guard, plan, step_kind};
use crate::plan::Stop;
use crate::reader::Reader;
use crate::{Caller, Gateway};
use apply::apply;
use compare::{cautions, differences, lines};
use model::Model;

/// Previews that are remembered, of all customers; the oldest go first.
const REMEMBERED: usize = 500;

/// What was last foreseen for customers, so that it can be compared with what came.
#[derive(Default)]
pub(crate) struct Foreseen(Mutex<VecDeque<(CustomerId, Intent, Model)>>);

impl Foreseen {
    fn remember(&self, customer: CustomerId, intent: &Intent, model: Model) {
        let mut foreseen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        foreseen.retain(|(owner, known, _)| (*owner, known) != (customer, intent));
        foreseen.push_back((customer, intent.clone(), model));
        if foreseen.len() > REMEMBERED {
            foreseen.pop_front();
        }
    }

    fn take(&self, customer: CustomerId, intent: &Intent) -> Option<Model> {
        let mut foreseen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let is_it =
            |(owner, known, _): &(CustomerId, Intent, Model)| (*owner, known) == (customer, intent);
        let at = foreseen.iter().position(is_it)?;
        foreseen.remove(at).map(|(_, _, model)| model)
    }
}

impl Gateway {
    /// What `intent` would do for `customer`. Changes nothing.
    ///
    /// # Errors
    /// As for [`Gateway::change`], where nothing could be tried.
    pub async fn preview(
        &self,
        caller: impl Into<Caller>,
        intent: &Intent,
    ) -> Result<Preview, Problem> {
        let Caller {
            customer, session, ..
        } = caller.into();
        if !self.policy.allowed.contains(&intent.operation()) {
            let title = "The merchant has switched this off.";
            return Err(Problem::new(ProblemKind::SwitchedOff, title));
        }
        let reader = &Reader::cached(self, customer).in_session(&session);
        guard(intent).check(reader).await?;
        let mut preview = Preview {
            lines: Vec::new(),
            cautions: Vec::new(),
            pays_now: None,
            refused: None,
            fields: Vec::new(),
        };
        if is_proof(intent) {
            return Ok(preview);
        }
        match try_out(reader, intent).await {
            Ok(()) => {}
            Err(Stop::Problem(problem)) => return Err(problem),
            Err(Stop::Noted(field, _)) => {
                (preview.refused, preview.fields) = (Some(Refusal::InvalidFields), vec![field]);
                return Ok(preview);
            }
            Err(Stop::Refused(reason, fields)) => {
                (preview.refused, preview.fields) = (Some(reason), fields);
                return Ok(preview);
            }
        }
        let before = Model::read(reader).await?;
        let mut after = before.clone();
        apply(&mut after, reader, intent).await?;
        preview.lines = lines(&before, &after);
        preview.lines.append(&mut after.beside);
        preview.cautions = cautions(&before, &after);
        preview.pays_now = after.pays_now;
        self.foreseen.remember(customer, intent, after);
        Ok(preview)
    }

    /// What came out otherwise than it was shown to the customer, as far as upstream knows by
    /// now. Empty where no preview was asked for or the result cannot be read.
    pub(crate) async fn differences(
        &self,
        customer: CustomerId,
        intent: &Intent,
    ) -> Vec<PreviewLine> {
        let Some(foreseen) = self.foreseen.take(customer, intent) else {
            return Vec::new();
        };
        match Model::read(&Reader::cached(self, customer)).await {
            Ok(now) => differences(&foreseen, &now),
            Err(_) => Vec::new(),
        }
    }
}

/// Whether an intent proves something by a secret. A preview of it would be a guess that nobody
/// counts.
fn is_proof(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::ConfirmEmailChange { .. } | Intent::ConfirmDeletion { .. }
    )
}

/// Plans the first write of an action, or of each of its items; refused where none of them would
/// be made.
async fn try_out(reader: &Reader<'_>, intent: &Intent) -> Result<(), Stop> {
    let mut refused = Ok(());
    for step in 0.. {
        let Some(kind) = step_kind(intent, step) else {
            break;
        };
        match plan(reader, intent, step).await {
            Ok(Some(_)) => return Ok(()),
            Ok(None) => {}
            Err(stop @ Stop::Refused(..)) if kind == StepKind::OneOfMany => {
                refused = refused.and(Err(stop));
            }
            Err(stop) => return Err(stop),
        }
    }
    refused
}
