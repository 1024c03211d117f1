//! What an action says to the engine that carries it out.

use protocol::{FieldError, FieldProblem, Intent, Problem, ProblemKind, Refusal};
use recharge::Request;

use crate::mailer::Email;

/// One write, ready to be done.
#[derive(Default)]
pub(crate) struct Write {
    /// Mail that must be on its way before anything else happens.
    pub(crate) emails: Vec<Email>,
    /// The upstream call; `None` where only facts are kept.
    pub(crate) request: Option<Request>,
    /// The intent that takes the whole action back, from what upstream said before. The
    /// first write that has one counts.
    pub(crate) undo: Option<Intent>,
    /// The ids of what there was before a write that makes something: what has another one
    /// afterwards was made by it. Later steps have them too.
    pub(crate) known: Vec<u64>,
    /// What to remember of the customer beside upstream, by name; `None` forgets it. Kept once
    /// the call is known to have happened.
    pub(crate) facts: Vec<(String, Option<String>)>,
}

impl Write {
    /// A write that makes `request`.
    pub(crate) fn new(request: Request) -> Write {
        Write {
            request: Some(request),
            ..Write::default()
        }
    }

    /// The same, once `email` is on its way.
    pub(crate) fn email(mut self, email: Email) -> Write {
        self.emails.push(email);
        self
    }

    /// The same, taken back by `undo`.
    pub(crate) fn undo(self, undo: impl Into<Option<Intent>>) -> Write {
        Write {
            undo: undo.into(),
            ..self
        }
    }

    /// The same, with the ids of what there was before.
    pub(crate) fn known(self, ids: impl IntoIterator<Item = u64>) -> Write {
        Write {
            known: ids.into_iter().collect(),
            ..self
        }
    }

    /// The same, remembering `value` under `name` or, without one, forgetting it.
    pub(crate) fn fact(mut self, name: impl Into<String>, value: Option<String>) -> Write {
        self.facts.push((name.into(), value));
        self
    }
}

/// Why nothing is written.
pub(crate) enum Halt {
    /// The request cannot be dealt with.
    Problem(Problem),
    /// It was understood and is refused.
    Refused(Refusal, Vec<FieldError>),
    /// It is refused because of a field, and a fact is remembered of that.
    RejectedWithFact(FieldError, (&'static str, String)),
}

impl From<Problem> for Halt {
    fn from(problem: Problem) -> Halt {
        Halt::Problem(problem)
    }
}

impl From<Refusal> for Halt {
    fn from(reason: Refusal) -> Halt {
        Halt::Refused(reason, Vec::new())
    }
}

impl From<Vec<FieldError>> for Halt {
    fn from(fields: Vec<FieldError>) -> Halt {
        Halt::Refused(Refusal::InvalidFields, fields)
    }
}

/// The merchant does not have this.
pub(crate) fn switched_off() -> Problem {
    let title = "The merchant has switched this off.";
    Problem::new(ProblemKind::SwitchedOff, title)
}

/// Refused because of one field.
pub(crate) fn field_error(field: &str, error: FieldProblem) -> Halt {
    vec![FieldError::new(field, error)].into()
}

/// What a plan found, where it has been asked before whether it refuses.
pub(crate) fn possible<T>(found: Result<T, Halt>) -> Result<Option<T>, Problem> {
    match found {
        Ok(found) => Ok(Some(found)),
        Err(Halt::Refused(..) | Halt::RejectedWithFact(..)) => Ok(None),
        Err(Halt::Problem(problem)) => Err(problem),
    }
}
