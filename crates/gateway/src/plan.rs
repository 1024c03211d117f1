//! What an action says to the engine that carries it out.

use protocol::{FieldError, Intent, Problem, Refusal};
use recharge::Request;

use crate::mailer::Letter;

/// One write, ready to be done.
#[derive(Default)]
pub(crate) struct Write {
    /// Mail that must be on its way before anything else happens.
    pub(crate) letters: Vec<Letter>,
    /// The upstream call; `None` where only facts are kept.
    pub(crate) request: Option<Request>,
    /// The intent that takes the whole action back, from what upstream said before. The
    /// first write that has one counts.
    pub(crate) undo: Option<Intent>,
    /// The ids of what there was before a write that makes something: what has another one
    /// afterwards was made by it. Later steps have them too.
    pub(crate) known: Vec<u64>,
    /// What to remember of the customer beside upstream, by name; `None` forgets it. Kept before
    /// the call is sent.
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

    /// The same, once `letter` is on its way.
    pub(crate) fn letter(mut self, letter: Letter) -> Write {
        self.letters.push(letter);
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
pub(crate) enum Stop {
    /// The request cannot be dealt with.
    Problem(Problem),
    /// It was understood and is refused.
    Refused(Refusal, Vec<FieldError>),
    /// It is refused because of a field, and a fact is remembered of that.
    Noted(FieldError, (&'static str, String)),
}

impl From<Problem> for Stop {
    fn from(problem: Problem) -> Stop {
        Stop::Problem(problem)
    }
}

impl From<Refusal> for Stop {
    fn from(reason: Refusal) -> Stop {
        Stop::Refused(reason, Vec::new())
    }
}

impl From<Vec<FieldError>> for Stop {
    fn from(fields: Vec<FieldError>) -> Stop {
        Stop::Refused(Refusal::InvalidFields, fields)
    }
}
