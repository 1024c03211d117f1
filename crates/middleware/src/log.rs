//! The log: JSON lines on standard error, one for each request, with the reference that a
//! refused customer is shown.

use std::sync::Arc;
use std::time::Instant;

use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue};
use axum::middleware::Next;
use axum::response::Response;
use protocol::{CustomerId, Problem};
use tracing::Instrument;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::app::App;
use crate::config::LogLevel;
use crate::problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
/// A path in the log has so many characters at most.
const LONGEST_PATH: usize = 200;

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

/// Starts the log. To be called once, by the program.
pub fn init(level: LogLevel) {
    let level = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    // Libraries say too much below a warning, and might say headers.
    let targets = Targets::new()
        .with_default(LevelFilter::WARN.min(level))
        .with_targets([("middleware", level), ("gateway", level)]);
    // The JSON writer escapes line breaks, so nothing a request says can begin a line.
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_span_list(false)
        .with_writer(std::io::stderr);
    tracing_subscriber::registry()
        .with(targets)
        .with(lines)
        .init();
    // The message of a panic may hold somebody's data; where it happened says enough.
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        tracing::error!(place, "a handler panicked");
    }));
}

/// The outermost layer: gives each request its reference, writes the body of a refusal, sets the
/// headers that every answer has, and logs.
pub(crate) async fn answer(
    State(app): State<Arc<App>>,
    mut request: Request,
    next: Next,
) -> Response {
    let reference = new_reference(&app);
    let span = tracing::info_span!("request", reference);
    let method = request.method().clone();
    let path = loggable(request.uri().path());
    request
        .extensions_mut()
        .insert(Reference(reference.clone()));

    let started = Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let problem = response.extensions().get::<Problem>().cloned();
    let audit = response.extensions_mut().remove::<Audit>();
    problem::write_body(&mut response, &reference);
    app.headers.apply(response.headers_mut());
    if let Ok(value) = HeaderValue::try_from(&reference) {
        response.headers_mut().insert(REQUEST_ID, value);
    }

    let _entered = span.enter();
    let status = response.status().as_u16();
    // The span adds the reference.
    tracing::info!(
        method = method.as_str(),
        path,
        status,
        ms = started.elapsed().as_millis() as u64,
        customer = audit.as_ref().map(|audit| audit.customer.0),
        action = audit.as_ref().map(|audit| audit.action.as_str()),
        result = audit.as_ref().map(|audit| audit.result.as_str()),
        problem = problem.as_ref().map(|problem| problem.kind.as_str()),
        "answered"
    );
    response
}

fn new_reference(app: &App) -> String {
    let random = app.env.random();
    random[..6]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The path without a link's token. Query strings are not logged at all.
fn loggable(path: &str) -> String {
    match path.strip_prefix("/portal/open/") {
        Some(_) => "/portal/open/{token}".to_owned(),
        None => path.chars().take(LONGEST_PATH).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_links_token_is_not_logged() {
        assert_eq!(loggable("/portal/open/secret"), "/portal/open/{token}");
        assert_eq!(loggable("/portal/api/overview"), "/portal/api/overview");
        assert_eq!(loggable(&"x".repeat(5_000)).len(), LONGEST_PATH);
    }
}
