//! Before and after: what an intent will do, from what upstream says now.
//!
//! One model of what is to come stands for the store; an intent is applied to a copy of it, and
//! what differs is shown. The same comparison, of the copy with what there is after the change,
//! finds what came out otherwise.

pub(crate) mod cache;
mod compare;

use std::collections::BTreeSet;

use cache::Shown;
use compare::{cautions, differences, lines, next};
use protocol::view::{Preview, PreviewLine};
use protocol::{CustomerId, Intent, Problem, Refusal};

use crate::actions::{Step, action};
use crate::gateway::{Caller, Gateway};
use crate::plan::Halt;
use crate::projection::Projection;
use crate::rules::texts;
use crate::upstream::reader::Reader;

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
            customer,
            actor,
            session,
            ..
        } = caller.into();
        self.check_allowed(&actor, intent.operation())?;
        let reader = Reader::cached(&self.upstream, customer).in_session(&session);
        let reader = &reader.together(action(intent).is_of_several());
        action(intent).ownership().check(reader).await?;
        let mut preview = Preview {
            lines: Vec::new(),
            cautions: Vec::new(),
            pays_now: None,
            next: None,
            refused: None,
            fields: Vec::new(),
        };
        preview.fields = texts::problems(intent);
        if !preview.fields.is_empty() {
            preview.refused = Some(Refusal::InvalidFields);
            return Ok(preview);
        }
        if is_proof(intent) {
            return Ok(preview);
        }
        let refused = match try_out(reader, intent).await {
            Ok(refused) => refused,
            Err(Halt::Problem(problem)) => return Err(problem),
            Err(Halt::RejectedWithFact(field, _)) => {
                (preview.refused, preview.fields) = (Some(Refusal::InvalidFields), vec![field]);
                return Ok(preview);
            }
            Err(Halt::Refused(reason, fields)) => {
                (preview.refused, preview.fields) = (Some(reason), fields);
                return Ok(preview);
            }
        };
        let before = Projection::read(reader).await?;
        let mut after = before.clone();
        after.refused = refused;
        action(intent).preview(&mut after, reader).await?;
        after.price_again();
        let told = lines(&before, &after);
        preview.lines = told.iter().map(|told| told.line.clone()).collect();
        preview.lines.append(&mut after.beside);
        preview.cautions = cautions(&before, &after);
        preview.pays_now = after.pays_now;
        preview.next = next(&before, &after);
        self.previews
            .remember(customer, self.policy_id, intent, Shown { told, after });
        Ok(preview)
    }

    /// What came out otherwise than it was shown to the customer, as far as upstream knows by
    /// now. Empty where no preview was asked for or the result cannot be read.
    pub(crate) async fn differences(
        &self,
        customer: CustomerId,
        intent: &Intent,
    ) -> Vec<PreviewLine> {
        let Some(shown) = self.previews.take(customer, self.policy_id, intent) else {
            return Vec::new();
        };
        match Projection::read(&Reader::cached(&self.upstream, customer)).await {
            Ok(now) => differences(&shown.told, &shown.after, &now),
            Err(_) => Vec::new(),
        }
    }
}

/// Whether an intent proves something by a secret. A preview of it would be a guess that nobody
/// counts.
fn is_proof(intent: &Intent) -> bool {
    matches!(
        intent,
        Intent::ConfirmEmailChange(_) | Intent::ConfirmDeletion(_)
    )
}

/// Plans the first write of an action or, where that is for one item of a list, the write of each
/// item. Returns the items that are refused.
///
/// # Errors
/// Where no write would be made because of a refusal, or nothing could be tried.
async fn try_out(reader: &Reader<'_>, intent: &Intent) -> Result<BTreeSet<usize>, Halt> {
    let (mut refused, mut first) = (BTreeSet::new(), None);
    let mut planned: Option<Step> = None;
    let action = action(intent);
    for step in action.steps() {
        // What comes after the first write depends on it.
        if planned.is_some_and(|planned| !planned.is_same_write(Some(step))) {
            break;
        }
        match (action.plan(reader, step).await, step) {
            (Ok(Some(_)), _) => planned = Some(step),
            (Ok(None), _) => {}
            (Err(stop @ Halt::Refused(..)), Step::Each(_, item)) => {
                refused.insert(item);
                first.get_or_insert(stop);
            }
            (Err(stop), _) => return Err(stop),
        }
    }
    match first {
        Some(stop) if planned.is_none() => Err(stop),
        _ => Ok(refused),
    }
}
