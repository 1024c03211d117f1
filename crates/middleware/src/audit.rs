//! Who did what to what, and what became of it: for the log of requests, and for the audit log.

mod change;
mod record;

use axum::response::Response;
use gateway::Actor;
use protocol::{CustomerId, Outcome};

use change::is_recorded;
pub(crate) use change::{of_change, result_of};
pub(crate) use record::{AuditLine, LineError, check_line, hash, instant, line};
pub use record::{AuditRecord, End};

/// What customers do all the time and what changes nothing. It is in the log of requests only,
/// unless staff do it.
const ROUTINE: [&str; 3] = ["read", "preview", "renew_session"];

/// A request's reference, for whoever writes an answer or a log line.
#[derive(Debug, Clone)]
pub(crate) struct Reference(pub(crate) String);

/// Who did what to what, and what became of it: a handler leaves it in its answer's extensions.
#[derive(Debug, Clone)]
pub(crate) struct Audit {
    /// Who.
    pub(crate) actor: Actor,
    /// To whose account.
    pub(crate) customer: CustomerId,
    /// What: an operation's name, or `read`, `sign_in`, `sign_out`, `link`.
    pub(crate) action: String,
    /// To what of the customer's; empty for the account as a whole.
    pub(crate) object: String,
    /// What became of it: `done`, `refused`, `unknown`, or a problem's kind.
    pub(crate) result: String,
    /// Whether the journal has put it into the audit log.
    is_stored: bool,
}

impl Audit {
    /// What became of an `action` of the customer themselves.
    pub(crate) fn of(customer: CustomerId, action: &str, result: &str) -> Audit {
        Audit {
            actor: Actor::Customer,
            customer,
            action: action.to_owned(),
            object: String::new(),
            result: result.to_owned(),
            is_stored: false,
        }
    }

    /// The same by another actor.
    pub(crate) fn by(self, actor: Actor) -> Audit {
        Audit { actor, ..self }
    }

    /// The same on an object of the customer's.
    pub(crate) fn on(self, object: impl Into<String>) -> Audit {
        Audit {
            object: object.into(),
            ..self
        }
    }

    /// The same of a change that came out like this.
    pub(crate) fn after(self, outcome: &Outcome) -> Audit {
        Audit {
            is_stored: is_recorded(outcome),
            ..self
        }
    }

    /// Leaves it in `response`.
    pub(crate) fn put(self, response: &mut Response) {
        response.extensions_mut().insert(self);
    }

    /// Leaves in `response` what became of a customer's `action`.
    pub(crate) fn leave(response: &mut Response, customer: CustomerId, action: &str, result: &str) {
        Audit::of(customer, action, result).put(response);
    }

    /// What the audit log gets of it; `None` where it gets nothing, or has it.
    pub(crate) fn record(&self, at_ms: i64, request_id: &str) -> Option<AuditRecord> {
        let is_routine = !self.actor.is_staff() && ROUTINE.contains(&self.action.as_str());
        if self.is_stored || is_routine {
            return None;
        }
        Some(AuditRecord {
            at_ms,
            actor: self.actor.to_string(),
            customer: self.customer,
            action: self.action.clone(),
            object: self.object.clone(),
            before: None,
            after: None,
            request_id: request_id.to_owned(),
            outcome: self.result.clone(),
        })
    }

    /// Whether the answer waits for the audit log. What a customer did is answered all the same:
    /// it has happened.
    pub(crate) fn must_be_stored(&self) -> bool {
        matches!(self.actor, Actor::Staff(_) | Actor::Shop)
    }
}
