//! Why a sign-on is refused.

use axum::http::StatusCode;

/// A refused sign-on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// The status of the answer.
    pub(crate) status: StatusCode,
    /// The type in the answer and in the log, such as `jwt_expired`.
    pub(crate) kind: &'static str,
    /// What is wrong, for the merchant's developers.
    pub(crate) title: &'static str,
}

impl Refusal {
    /// 400: the request cannot be read.
    pub(super) const fn malformed(kind: &'static str, title: &'static str) -> Refusal {
        Refusal {
            status: StatusCode::BAD_REQUEST,
            kind,
            title,
        }
    }

    /// 401: what was sent proves nothing.
    pub(super) const fn unproven(kind: &'static str, title: &'static str) -> Refusal {
        Refusal {
            status: StatusCode::UNAUTHORIZED,
            kind,
            title,
        }
    }
}
