//! What an action says to the engine that carries it out.

use protocol::{FieldError, Intent, Problem, Refusal};
use recharge::Request;

/// One write, ready to be sent.
pub(crate) struct Write {
    /// The call.
    pub(crate) request: Request,
    /// The intent that takes the whole action back, from what upstream said before. Counts on
    /// the first step.
    pub(crate) undo: Option<Intent>,
}

/// Why nothing is written.
pub(crate) enum Stop {
    /// The request cannot be dealt with.
    Problem(Problem),
    /// It was understood and is refused.
    Refused(Refusal, Vec<FieldError>),
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
