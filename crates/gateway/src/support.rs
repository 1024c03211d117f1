//! What the merchant's staff may see and do in a customer's portal.

use protocol::view::{Section, Session};
use protocol::{Later, Operation, Problem, ProblemKind, Query};

use crate::actor::Actor;
use crate::gateway::Gateway;
use crate::plan::switched_off;

impl Gateway {
    /// Refuses staff what only the customer reads: payment methods and the export.
    ///
    /// # Errors
    /// 403 `switched_off`.
    pub fn check_read(&self, actor: &Actor, query: &Query) -> Result<(), Problem> {
        match query {
            Query::PaymentMethods | Query::Export if actor.is_staff() => Err(not_for_support()),
            _ => Ok(()),
        }
    }

    /// The view of the session as `actor` gets it: with what they may use, and the mark of staff.
    pub fn seen_by(&self, actor: &Actor, mut view: Session) -> Session {
        let Actor::Staff(id) = actor else {
            return view;
        };
        let allows = |operation: &Operation| self.upstream.policy.allows(actor, *operation);
        view.allowed.retain(allows);
        if let Some(mut rules) = view.cancellation.get() {
            rules.offers.retain(allows);
            // What staff look at is nobody's cancellation.
            rules.counted = false;
            view.cancellation = Later::new(&rules);
        }
        view.layout.actions.retain(allows);
        for sections in [&mut view.layout.sections, &mut view.layout.bar] {
            sections.retain(|section| *section != Section::PaymentMethods);
        }
        // Only the customer can dismiss it.
        view.announcement = Later::new(&None);
        view.staff = Some(id.clone());
        view
    }

    /// Refuses what the merchant has switched off, for all or for staff.
    pub(crate) fn check_allowed(&self, actor: &Actor, operation: Operation) -> Result<(), Problem> {
        let policy = &self.upstream.policy;
        if policy.allows(actor, operation) {
            return Ok(());
        }
        if policy.allowed.contains(&operation) {
            return Err(not_for_support());
        }
        Err(switched_off())
    }
}

fn not_for_support() -> Problem {
    Problem::new(ProblemKind::SwitchedOff, "Support cannot use this.")
}
