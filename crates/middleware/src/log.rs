//! The log: JSON lines on standard error, one for each request, with the reference that a
//! refused customer is shown.

use std::io::{self, Write};
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
        .with_writer(|| Masked(std::io::stderr()));
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

/// A writer that masks what looks like the number of a card. None should ever come by here; if
/// one is typed where it does not belong, it goes no further than this.
struct Masked<W>(W);

impl<W: Write> Write for Masked<W> {
    // The log hands over whole lines.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(&mask(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// A card's number has so many digits.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// `line` with a star for each digit of what may be a card's number: 13 to 19 digits with the
/// right check digit, alone or with single spaces or dashes between them.
fn mask(line: &[u8]) -> Vec<u8> {
    let mut masked = line.to_vec();
    let mut run: Vec<usize> = Vec::new();
    let mut last = None;
    for at in 0..=line.len() {
        let byte = line.get(at).copied().unwrap_or(b'\n');
        if byte.is_ascii_digit() {
            run.push(at);
        } else if !(b" -".contains(&byte) && last.is_some_and(|b: u8| b.is_ascii_digit())) {
            let digits: Vec<u8> = run.iter().map(|at| line[*at] - b'0').collect();
            if CARD_DIGITS.contains(&digits.len()) && has_check_digit(&digits) {
                run.iter().for_each(|at| masked[*at] = b'*');
            }
            run.clear();
        }
        last = Some(byte);
    }
    masked
}

/// Whether the last digit is the one that cards have (Luhn).
fn has_check_digit(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, u32::from(*digit)) {
            (0, digit) => digit,
            (_, digit) if digit > 4 => digit * 2 - 9,
            (_, digit) => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
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
    fn s46_what_looks_like_a_card_is_not_logged_and_ids_are() {
        let masked = |line: &str| String::from_utf8(mask(line.as_bytes())).unwrap();
        assert_eq!(
            masked("path: /4242424242424242/x"),
            "path: /****************/x"
        );
        assert_eq!(masked("\"4242 4242 4242 4242\""), "\"**** **** **** ****\"");
        assert_eq!(masked("3782-822463-10005."), "****-******-*****.");
        for kept in [
            "customer 43845860",
            "4242424242424241",
            "2026-11-21T10:17:07Z",
            "",
        ] {
            assert_eq!(masked(kept), kept);
        }
    }

    #[test]
    fn a_links_token_is_not_logged() {
        assert_eq!(loggable("/portal/open/secret"), "/portal/open/{token}");
        assert_eq!(loggable("/portal/api/overview"), "/portal/api/overview");
        assert_eq!(loggable(&"x".repeat(5_000)).len(), LONGEST_PATH);
    }
}
