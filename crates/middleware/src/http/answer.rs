//! The outermost layer: what every answer has, and its line in the log.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base::hex;
use protocol::{API_BASE, Problem, ProblemKind};
use tracing::Instrument;

use crate::audit::{Audit, Reference};
use crate::http::api::{self, is_known};
use crate::http::cross_origin::Sharing;
use crate::problem::{self, ApiError};
use crate::state::App;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// The path in the log of a request that no route matches.
const NO_ROUTE: &str = "{no route}";

/// Gives each request its reference, writes the body of a refusal, sets the
/// headers that every answer has, and logs.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let reference = new_reference(&app);
    let span = tracing::info_span!("request", reference);
    let method = request.method().clone();
    let matched = request.extensions().get::<MatchedPath>();
    let route = matched.map(MatchedPath::as_str);
    let path = loggable(route, request.uri().path());
    let template = template(route, request.uri().path());
    let sharing = Sharing::of(&app, route, request.headers());
    let preflight = sharing.as_ref().and_then(|one| one.preflight(&request));
    request
        .extensions_mut()
        .insert(Reference(reference.clone()));

    let started = Instant::now();
    let mut response = match preflight {
        Some(response) => response,
        None => next.run(request).instrument(span.clone()).await,
    };
    let audit = response.extensions_mut().remove::<Audit>();
    // What was refused because the database fails would only wait for it once more.
    let is_kept = |audit: &&Audit| audit.must_be_stored() || !response.status().is_server_error();
    if let Some(audit) = audit.as_ref().filter(is_kept)
        && let Err(refused) = store(&app, audit, &reference).await
    {
        response = refused.into_response();
    }
    let problem = response.extensions().get::<Problem>().cloned();
    problem::write_body(&mut response, &reference);
    app.headers.apply(response.headers_mut());
    if let Some(sharing) = sharing {
        sharing.apply(&mut response);
    }
    if let Ok(value) = HeaderValue::try_from(&reference) {
        response.headers_mut().insert(REQUEST_ID, value);
    }

    let _entered = span.enter();
    let status = response.status().as_u16();
    app.metrics.request(&method, &template, status);
    // The span adds the reference.
    tracing::info!(
        method = method.as_str(),
        path,
        status,
        ms = started.elapsed().as_millis() as u64,
        customer = audit.as_ref().map(|audit| audit.customer.0),
        actor = audit.as_ref().map(|audit| audit.actor.to_string()),
        action = audit.as_ref().map(|audit| audit.action.as_str()),
        result = audit.as_ref().map(|audit| audit.result.as_str()),
        problem = problem.as_ref().map(|problem| problem.kind.as_str()),
        "answered"
    );
    if let Some(problem) = problem.filter(|problem| problem.kind == ProblemKind::Internal) {
        tracing::error!(reason = problem.title, "a request failed");
    }
    response
}

/// Puts what was done into the audit log.
///
/// # Errors
/// 503 where that fails and the answer must not be given without it.
async fn store(app: &App, audit: &Audit, reference: &str) -> Result<(), ApiError> {
    let Some(record) = audit.record(app.env.now_ms(), reference) else {
        return Ok(());
    };
    match app.audit_log.append(&record).await {
        Err(error) if audit.must_be_stored() => Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "a line of the audit log is missing");
            Ok(())
        }
        Ok(()) => Ok(()),
    }
}

fn new_reference(app: &App) -> String {
    hex(&app.env.random()[..6])
}

/// What the log says of a path: the route that it matched, with its placeholders. What stands in
/// their place may be a link's token, however the path is spelled; only the API's own paths, whose
/// placeholders are ids and dates, are logged as they are. Query strings are not logged at all.
fn loggable(matched: Option<&str>, path: &str) -> String {
    let known = path.strip_prefix(API_BASE).is_some_and(is_known);
    if known && matched == Some(api::ROUTE) {
        return path.to_owned();
    }
    matched.unwrap_or(NO_ROUTE).to_owned()
}

/// The route that a request matched, with its placeholders also where it is one of the API.
fn template(matched: Option<&str>, path: &str) -> String {
    let own = path.strip_prefix(API_BASE).and_then(api::template);
    match own.filter(|_| matched == Some(api::ROUTE)) {
        Some(route) => format!("{API_BASE}{route}"),
        None => matched.unwrap_or(NO_ROUTE).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_log_says_the_route_and_only_ids_and_dates_of_the_path() {
        let open = "/portal/open/{token}";
        assert_eq!(loggable(Some(open), "/portal/open/secret"), open);
        let place = "/portal/{*path}";
        assert_eq!(loggable(Some(place), "/portal/%6fpen/secret"), place);
        assert_eq!(loggable(None, "//portal/open/secret"), NO_ROUTE);
        let api = |path: &str| loggable(Some(api::ROUTE), path);
        for known in [
            "/portal/api/overview",
            "/portal/api/subscriptions/27",
            "/portal/api/deliveries/1/2026-12-01/skip",
            "/portal/api/preview",
        ] {
            assert_eq!(api(known), known);
        }
        for unknown in [
            "/portal/api/..%2fopen/secret",
            "/portal/api/subscriptions/secret",
            "/portal/api/deliveries/1/secret/skip",
            "/portal/api//portal/open/secret",
        ] {
            assert_eq!(api(unknown), api::ROUTE);
        }
    }
}
