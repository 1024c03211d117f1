//! What the dialog says of a change before it is sent, and where it did not happen.

use protocol::view::Preview;
use protocol::{Part, Refusal};

use crate::backend::Failure;

/// Why a change did not happen.
#[derive(Debug, Clone, PartialEq)]
pub enum Notice {
    /// Upstream or the Gateway refused it: why, and the reference.
    Refused(Refusal, String),
    /// Some of several parts did not happen: what became of each, and the reference.
    Parts(Vec<Part>, String),
    /// The request itself failed.
    Failed(Failure),
}

/// What the server says of a change before it is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum PreviewState {
    /// It has not answered yet.
    Loading,
    /// This.
    Ready(Preview),
    /// It could not be asked.
    Unavailable(Failure),
    /// Nothing: the change needs no preview.
    None,
}
