//! How a request is refused. Handlers answer with a [`Refusal`]; the outermost layer knows the
//! request's reference and writes the body, so that every refusal looks the same.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::{BadRequest, Problem, ProblemKind};

use crate::store::StoreError;

/// A problem on its way to the browser.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    // Boxed, since a refusal travels through every `Result` of the happy path.
    problem: Box<Problem>,
    allow: Option<String>,
}

impl Refusal {
    /// A refusal of `kind`, told in `title`.
    pub(crate) fn new(kind: ProblemKind, title: impl Into<String>) -> Refusal {
        Problem::new(kind, title).into()
    }

    /// 401: there is no session, or it has ended.
    pub(crate) fn session_ended() -> Refusal {
        Refusal::new(
            ProblemKind::SessionEnded,
            "There is no session, or it has ended.",
        )
    }

    /// 404: there is no such address.
    pub(crate) fn no_route() -> Refusal {
        Refusal::new(ProblemKind::NotFound, "There is nothing at this address.")
    }

    /// 405, with the methods that there are.
    pub(crate) fn method(allow: &[&str]) -> Refusal {
        Refusal {
            allow: Some(allow.join(", ")),
            ..Refusal::new(
                ProblemKind::MethodNotAllowed,
                "This address does not take this method.",
            )
        }
    }

    /// 500: a fault of ours.
    pub(crate) fn internal() -> Refusal {
        Refusal::new(
            ProblemKind::Internal,
            "Something went wrong on our side. Nothing is known to have changed.",
        )
    }

    /// 429, to be tried again after `seconds`.
    pub(crate) fn too_many(seconds: u32) -> Refusal {
        let mut problem = Problem::new(ProblemKind::TooManyRequests, "Too many requests.");
        problem.retry_after = Some(seconds);
        problem.into()
    }
}

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        Refusal {
            problem: Box::new(problem),
            allow: None,
        }
    }
}

impl From<StoreError> for Refusal {
    /// Without the store nobody is let in: what cannot be checked is refused.
    fn from(error: StoreError) -> Refusal {
        tracing::error!(%error, "the store failed");
        Refusal::new(
            ProblemKind::Unavailable,
            "The portal is not available at the moment. Nothing was changed.",
        )
    }
}

impl From<BadRequest> for Refusal {
    fn from(bad: BadRequest) -> Refusal {
        match bad {
            BadRequest::NoRoute => Refusal::no_route(),
            BadRequest::Method => Refusal::method(&[]),
            BadRequest::Body(why) => Refusal::new(ProblemKind::BadRequest, why),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = Response::new(Body::empty());
        *response.status_mut() =
            StatusCode::from_u16(self.problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/problem+json"),
        );
        if let Some(seconds) = self.problem.retry_after {
            headers.insert(RETRY_AFTER, seconds.into());
        }
        if let Some(Ok(allow)) = self.allow.map(HeaderValue::try_from) {
            headers.insert(ALLOW, allow);
        }
        response.extensions_mut().insert(*self.problem);
        response
    }
}

/// Writes the body of a refused request, with its `reference`.
pub(crate) fn write_body(response: &mut Response, reference: &str) {
    let Some(mut problem) = response.extensions_mut().remove::<Problem>() else {
        return;
    };
    problem.reference = reference.to_owned();
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
}
