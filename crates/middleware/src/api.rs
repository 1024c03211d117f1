//! The customer's API below [`protocol::API_BASE`]: reads, changes, sign-out.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{CONTENT_TYPE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use gateway::Caller;
use protocol::view::PREVIEW;
use protocol::{
    AGE, API_BASE, BadRequest, CARD_SETUPS, IDEMPOTENCY_KEY, Intent, Nothing, Outcome, PartState,
    ProblemKind, Query, Sendable,
};
use serde_json::Value;
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use crate::app::App;
use crate::body::read_json;
use crate::config::operation_name;
use crate::headers::CLEAR_SITE_DATA;
use crate::log::{Audit, Reference};
use crate::origin::require_own;
use crate::problem::Refusal;
use crate::session::{self, SignedIn};
use crate::upstream::on_behalf_of;

const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");
/// Where a DELETE signs out; a GET reads who is here.
const SESSION: &str = "/session";

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/portal/api/{*path}", any(dispatch))
        // Answers are JSON that says much again and again, and phones are slow.
        .layer(CompressionLayer::new())
}

/// Sends a request where it belongs. What may change something must first prove that it comes
/// from our page; everything but sign-out then needs a session.
async fn dispatch(State(app): State<Arc<App>>, request: Request) -> Result<Response, Refusal> {
    let path = request.uri().path();
    let path = path.strip_prefix(API_BASE).unwrap_or(path).to_owned();
    match request.method() {
        &Method::GET | &Method::HEAD => {
            let session = signed_in(&app, request.headers()).await?;
            read(&app, &session, &path, request.uri().query()).await
        }
        &Method::DELETE if path == SESSION => {
            require_own(&app.origin, request.headers())?;
            sign_out(&app, request.headers()).await
        }
        &Method::POST if path == PREVIEW => {
            require_own(&app.origin, request.headers())?;
            let session = signed_in(&app, request.headers()).await?;
            preview(&app, &session, request).await
        }
        &Method::POST if path == CARD_SETUPS => {
            require_own(&app.origin, request.headers())?;
            let session = signed_in(&app, request.headers()).await?;
            set_up_card(&app, &session, request).await
        }
        &Method::POST | &Method::PUT | &Method::DELETE => {
            require_own(&app.origin, request.headers())?;
            let session = signed_in(&app, request.headers()).await?;
            change(&app, session, path, request).await
        }
        _ => Err(no_such_method(&path)),
    }
}

/// The session, where it is live and does not ask too often.
async fn signed_in(app: &App, headers: &HeaderMap) -> Result<SignedIn, Refusal> {
    let session = session::require(app, headers).await?;
    app.limit
        .count(session.token, app.env.now_ms())
        .map_err(Refusal::too_many)?;
    Ok(session)
}

async fn read(
    app: &App,
    session: &SignedIn,
    path: &str,
    parameters: Option<&str>,
) -> Result<Response, Refusal> {
    let parameters: Vec<(String, String)> =
        form_urlencoded::parse(parameters.unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
    let query = Query::read(path, &parameters).map_err(|bad| match bad {
        BadRequest::NoRoute => no_such_method(path),
        other => other.into(),
    })?;
    let reading = app.gateway.read_or_kept(session.customer, &query);
    let view = on_behalf_of(session.customer.0, reading).await;
    let (mut response, result) = match view {
        Ok(view) if query == Query::Session => (json(with_return_url(view.json, session)), "done"),
        Ok(view) => {
            let response = json(view.json);
            (aged(response, view.kept_since_ms, app.env.now_ms()), "done")
        }
        Err(problem) => (Refusal::from(problem).into_response(), "refused"),
    };
    audit(&mut response, session, "read", result);
    Ok(response)
}

/// Begins to add a card: the processor makes a setup for this customer, which changes nothing
/// of hers. The same key answers with the same setup.
async fn set_up_card(app: &App, session: &SignedIn, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let key = idempotency_key(&parts.headers)?;
    let body = read_json(&parts.headers, body).await?;
    if serde_json::from_slice::<Nothing>(&body).is_err() {
        return Err(bad("The body of this request is `{}`."));
    }
    let customer = session.customer;
    let account = on_behalf_of(customer.0, app.gateway.processor_account(customer)).await?;
    let Some(processor) = &app.processor else {
        return Err(Refusal::internal());
    };
    let setup = processor.setup(customer, &account, &key).await?;
    let body = serde_json::to_string(&setup).map_err(|_| Refusal::internal())?;
    let mut response = json(body);
    audit(&mut response, session, "card_setup", "done");
    Ok(response)
}

/// Says how old a view is that was kept from before, upstream being away.
fn aged(mut response: Response, kept_since_ms: Option<i64>, now_ms: i64) -> Response {
    if let Some(since_ms) = kept_since_ms {
        let seconds = (now_ms - since_ms).max(0) / 1_000;
        response.headers_mut().insert(AGE, seconds.into());
    }
    response
}

/// The session's own way back to the shop, where it has one.
fn with_return_url(view: String, session: &SignedIn) -> String {
    let Some(url) = &session.return_url else {
        return view;
    };
    match serde_json::from_str::<Value>(&view) {
        Ok(mut value) if value["merchant"].is_object() => {
            value["merchant"]["return_url"] = url.as_str().into();
            value.to_string()
        }
        _ => view,
    }
}

/// What an intent would do; changes nothing.
async fn preview(app: &App, session: &SignedIn, request: Request) -> Result<Response, Refusal> {
    let (parts, body) = request.into_parts();
    let body = read_json(&parts.headers, body).await?;
    let sendable: Sendable =
        serde_json::from_slice(&body).map_err(|error| bad(&error.to_string()))?;
    let intent = sendable.intent()?;
    let looking = app.gateway.preview(caller(session, ""), &intent);
    let preview = on_behalf_of(session.customer.0, looking).await;
    let (mut response, result) = match preview {
        Ok(preview) => {
            let body = serde_json::to_string(&preview).map_err(|_| Refusal::internal())?;
            (json(body), "done")
        }
        Err(problem) => (Refusal::from(problem).into_response(), "refused"),
    };
    audit(&mut response, session, "preview", result);
    Ok(response)
}

async fn change(
    app: &Arc<App>,
    session: SignedIn,
    path: String,
    request: Request,
) -> Result<Response, Refusal> {
    let method = request.method().to_string();
    if request.uri().query().is_some() {
        return Err(bad("A change takes no parameters."));
    }
    if !allowed_methods(&path).contains(&method.as_str()) {
        return Err(no_such_method(&path));
    }
    let (parts, body) = request.into_parts();
    let key = idempotency_key(&parts.headers)?;
    let body = read_json(&parts.headers, body).await?;
    let intent = Intent::read(&method, &path, &body)?;
    let action = operation_name(intent.operation());
    let reference = parts.extensions.get::<Reference>();
    let reference = reference.map_or("", |Reference(reference)| reference);
    let outcome = carry_out(app, &session, reference, key, intent).await;
    let mut response = match outcome {
        Ok(outcome) => {
            let result = result_of(&outcome);
            let body = serde_json::to_string(&outcome).map_err(|_| Refusal::internal())?;
            let mut response = json(body);
            audit(&mut response, &session, &action, result);
            return Ok(response);
        }
        Err(refusal) => refusal.into_response(),
    };
    audit(&mut response, &session, &action, "refused");
    Ok(response)
}

/// Carries a change out in a task of its own, which neither a browser that leaves nor the end of
/// the server's patience interrupts.
async fn carry_out(
    app: &Arc<App>,
    session: &SignedIn,
    reference: &str,
    key: String,
    intent: Intent,
) -> Result<Outcome, Refusal> {
    let customer = session.customer;
    let caller = caller(session, reference);
    let worker = Arc::clone(app);
    let work = async move {
        let change = worker.gateway.change(caller, &key, intent);
        on_behalf_of(customer.0, change).await
    };
    let task = app.changes.spawn(work.in_current_span());
    let outcome = task.await.map_err(|_| Refusal::internal())?;
    Ok(outcome?)
}

/// Who asks, by which session, in the request called `reference`.
fn caller(session: &SignedIn, reference: &str) -> Caller {
    Caller {
        customer: session.customer,
        session: session.token.name(),
        reference: reference.to_owned(),
    }
}

/// What the log says of an outcome.
fn result_of(outcome: &Outcome) -> &'static str {
    let is = |wanted: fn(&PartState) -> bool| outcome.parts.iter().any(|part| wanted(&part.state));
    if is(|state| matches!(state, PartState::Unknown)) {
        "unknown"
    } else if outcome.is_done() {
        "done"
    } else if is(|state| matches!(state, PartState::Done)) {
        "partly_done"
    } else {
        "refused"
    }
}

/// Ends the session here and tells the browser to forget what it kept.
async fn sign_out(app: &App, headers: &HeaderMap) -> Result<Response, Refusal> {
    let session = session::current(app, headers).await?;
    let cookie = session::end(app, headers).await?;
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(SET_COOKIE, cookie);
    headers.insert(CLEAR, CLEAR_SITE_DATA);
    if let Some(session) = session {
        audit(&mut response, &session, "sign_out", "done");
    }
    Ok(response)
}

/// The key of a change: a UUID in its usual form.
fn idempotency_key(headers: &HeaderMap) -> Result<String, Refusal> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (Some(key), None) => key.to_str().unwrap_or_default(),
        _ => return Err(bad("A change needs one `idempotency-key`.")),
    };
    let is_uuid = key.len() == 36
        && key.bytes().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        });
    if !is_uuid {
        return Err(bad("`idempotency-key` is not a UUID."));
    }
    Ok(key.to_ascii_lowercase())
}

/// The methods that `path` takes; none where there is no such path.
fn allowed_methods(path: &str) -> Vec<&'static str> {
    let mut methods = Vec::new();
    if Query::read(path, &[]).is_ok() {
        methods.extend(["GET", "HEAD"]);
    }
    if path == SESSION {
        methods.push("DELETE");
    }
    if path == PREVIEW {
        methods.push("POST");
    }
    if path == CARD_SETUPS {
        methods.push("POST");
    }
    let takes = |method: &&str| {
        !matches!(
            Intent::read(method, path, b""),
            Err(BadRequest::NoRoute | BadRequest::Method)
        )
    };
    methods.extend(["POST", "PUT", "DELETE"].into_iter().filter(takes));
    methods
}

/// 404 where there is nothing at all, else 405.
fn no_such_method(path: &str) -> Refusal {
    match allowed_methods(path).as_slice() {
        [] => Refusal::no_route(),
        methods => Refusal::method(methods),
    }
}

fn bad(why: &str) -> Refusal {
    Refusal::new(ProblemKind::BadRequest, why)
}

fn json(body: String) -> Response {
    let content_type = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, content_type)], body).into_response()
}

fn audit(response: &mut Response, session: &SignedIn, action: &str, result: &str) {
    response.extensions_mut().insert(Audit {
        customer: session.customer,
        action: action.to_owned(),
        result: result.to_owned(),
    });
}
