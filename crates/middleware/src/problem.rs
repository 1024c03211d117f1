//! How a request is refused. Handlers answer with a [`ApiError`]; the outermost layer knows the
//! request's reference and writes the body, so that every refusal looks the same.

use axum::body::Body;
use axum::http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use protocol::{BadRequest, Problem, ProblemKind};

use crate::store::StoreError;

/// Seconds after which to try again what cannot be done now, where nothing better is known.
const USUAL_WAIT: u32 = 5;

/// The type of the refusal that asks for the merchant's secret.
const WRONG_SECRET: &str = "wrong_secret";

/// A problem on its way to the browser.
#[derive(Debug, Clone)]
pub(crate) struct ApiError {
    // Boxed, since a refusal travels through every `Result` of the happy path.
    problem: Box<Problem>,
    allow: Option<String>,
}

impl ApiError {
    /// A refusal of `kind`, told in `title`.
    pub(crate) fn new(kind: ProblemKind, title: impl Into<String>) -> ApiError {
        Problem::new(kind, title).into()
    }

    /// A refusal that only the merchant's server meets, so that the portal has no words for it.
    pub(crate) fn of_merchant(
        status: StatusCode,
        kind: &str,
        title: impl Into<String>,
    ) -> ApiError {
        let mut problem = Problem::new(ProblemKind::from(kind), title);
        problem.status = status.as_u16();
        problem.into()
    }

    /// After how many seconds to try again, where that is known.
    pub(crate) fn retry_after(&self) -> Option<u32> {
        self.problem.retry_after
    }

    /// 401: the merchant's secret is missing or wrong.
    pub(crate) fn wrong_secret() -> ApiError {
        ApiError::of_merchant(
            StatusCode::UNAUTHORIZED,
            WRONG_SECRET,
            "Send the merchant's secret as `Authorization: Bearer …`.",
        )
    }

    /// 401: there is no session, or it has ended.
    pub(crate) fn session_ended() -> ApiError {
        ApiError::new(
            ProblemKind::SessionEnded,
            "There is no session, or it has ended.",
        )
    }

    /// 404: there is no such address.
    pub(crate) fn no_route() -> ApiError {
        ApiError::new(ProblemKind::NotFound, "There is nothing at this address.")
    }

    /// 405, with the methods that there are.
    pub(crate) fn method(allow: &[&str]) -> ApiError {
        ApiError {
            allow: Some(allow.join(", ")),
            ..ApiError::new(
                ProblemKind::MethodNotAllowed,
                "This address does not take this method.",
            )
        }
    }

    /// 500: a fault of ours.
    pub(crate) fn internal() -> ApiError {
        ApiError::new(
            ProblemKind::Internal,
            "Something went wrong on our side. Nothing is known to have changed.",
        )
    }

    /// 429, to be tried again after `seconds`.
    pub(crate) fn too_many(seconds: u32) -> ApiError {
        let mut problem = Problem::new(ProblemKind::TooManyRequests, "Too many requests.");
        problem.retry_after = Some(seconds);
        problem.into()
    }
}

impl From<Problem> for ApiError {
    fn from(problem: Problem) -> ApiError {
        ApiError {
            problem: Box::new(problem),
            allow: None,
        }
    }
}

impl From<StoreError> for ApiError {
    /// Without the store nobody is let in: what cannot be checked is refused.
    fn from(error: StoreError) -> ApiError {
        tracing::error!(%error, "the store failed");
        ApiError::new(
            ProblemKind::Unavailable,
            "The portal is not available at the moment. Nothing was changed.",
        )
    }
}

impl From<BadRequest> for ApiError {
    fn from(bad: BadRequest) -> ApiError {
        match bad {
            BadRequest::NoRoute => ApiError::no_route(),
            BadRequest::Method => ApiError::method(&[]),
            BadRequest::Body(why) => ApiError::new(ProblemKind::BadRequest, why),
        }
    }
}

impl IntoResponse for ApiError {
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
        if self.problem.kind.as_str() == WRONG_SECRET {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Some(Ok(allow)) = self.allow.map(HeaderValue::try_from) {
            headers.insert(ALLOW, allow);
        }
        response.extensions_mut().insert(*self.problem);
        response
    }
}

/// Writes the body of a refused request, with its `reference`. Every 503 says when to try again.
pub(crate) fn write_body(response: &mut Response, reference: &str) {
    let wait = (response.status() == StatusCode::SERVICE_UNAVAILABLE).then_some(USUAL_WAIT);
    if let Some(seconds) = wait {
        let headers = response.headers_mut();
        headers.entry(RETRY_AFTER).or_insert(seconds.into());
    }
    let Some(mut problem) = response.extensions_mut().remove::<Problem>() else {
        return;
    };
    problem.reference = reference.to_owned();
    problem.retry_after = problem.retry_after.or(wait);
    *response.body_mut() = Body::from(serde_json::to_vec(&problem).unwrap_or_default());
}
