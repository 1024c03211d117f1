//! What the log says of a request besides its path and status.

use axum::response::Response;
use protocol::CustomerId;

/// A request's reference, for whoever writes an answer or a log line.
#[derive(Debug, Clone)]
pub(crate) struct Reference(pub(crate) String);

/// Who did what to what, and what became of it: a handler leaves it in its answer's extensions.
#[derive(Debug, Clone)]
pub(crate) struct Audit {
    /// Who.
    pub(crate) customer: CustomerId,
    /// What: an operation's name, or `read`, `sign_in`, `sign_out`, `link`.
    pub(crate) action: String,
    /// What became of it: `done`, `refused`, `unknown`, or a problem's kind.
    pub(crate) result: String,
}

impl Audit {
    /// Leaves in `response` what became of a customer's `action`.
    pub(crate) fn leave(response: &mut Response, customer: CustomerId, action: &str, result: &str) {
        response.extensions_mut().insert(Audit {
            customer,
            action: action.to_owned(),
            result: result.to_owned(),
        });
    }
}
