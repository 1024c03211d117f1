//! What the browser is told where upstream cannot be read.

use protocol::{Problem, ProblemKind};
use recharge::{CallError, ErrorKind};

/// A list and a schedule are there even where they are empty: that there is none is a failure of
/// upstream, and says nothing about what the customer asked for.
pub(crate) fn refused_if_gone(problem: Problem) -> Problem {
    if problem.kind == ProblemKind::NotFound {
        refused()
    } else {
        problem
    }
}

fn refused() -> Problem {
    Problem::new(
        ProblemKind::Upstream,
        "The store did not accept the request.",
    )
}

pub(super) fn unreadable() -> Problem {
    Problem::new(
        ProblemKind::Unavailable,
        "The store's answer could not be read.",
    )
}

/// What the browser is told where upstream cannot be read. Upstream's own words stay here.
pub(crate) fn problem(error: CallError) -> Problem {
    let unavailable = || Problem::new(ProblemKind::Unavailable, "The store cannot be reached now.");
    match error {
        CallError::NoAnswer(_) => unavailable(),
        CallError::Refused(error) => match error.kind() {
            ErrorKind::NotFound => Problem::not_found(),
            ErrorKind::RateLimited | ErrorKind::Unavailable => {
                let seconds = error.retry_after_ms.map(|ms| ms.div_ceil(1_000));
                Problem {
                    retry_after: seconds.and_then(|s| s.try_into().ok()),
                    ..unavailable()
                }
            }
            // A redirect is not followed: something in between answered, not the store.
            _ if error.status < 400 => unreadable(),
            _ => refused(),
        },
        CallError::Unreadable(_) => unreadable(),
    }
}
