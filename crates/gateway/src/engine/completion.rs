//! How the steps of an action end, and what is said where they cannot begin.

use protocol::{Problem, ProblemKind};

use crate::journal::JournalError;
use crate::plan::Halt;

/// How long a request waits for the truth about a lost answer before it says *unknown*.
pub(super) const PATIENCE_MS: i64 = 12_000;

/// How the steps of an action ended.
pub(super) enum Completion {
    /// All of them happened.
    Done,
    /// The one at hand did not, and will not.
    Stopped(Halt),
    /// The one at hand was not let in: upstream did nothing and may do it another time.
    Unavailable,
    /// Its answer was lost, and it is known by now that it did not happen.
    Absent,
    /// It is not known whether the one at hand happened.
    Unknown,
}

/// What became of an earlier change is not known yet.
pub(super) fn still_checking() -> Problem {
    let title = "An earlier change is still being checked.";
    Problem {
        retry_after: Some(5),
        ..Problem::new(ProblemKind::StillChecking, title)
    }
}

/// Without its journal the gateway cannot promise anything, and so does nothing.
pub(super) fn fail_closed(_: JournalError) -> Problem {
    Problem::new(
        ProblemKind::Internal,
        "The change could not be recorded, so it was not made.",
    )
}
