//! The customer's API below [`protocol::API_BASE`]: reads, changes, sign-out.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, SET_COOKIE};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use gateway::{Caller, Reading};
use protocol::view::{
    CANCELLATION_EVENTS, Flow, PREVIEW, Proof, Session, SessionFlow, SignedOut, VERIFICATIONS,
};
use protocol::{
    AGE, API_BASE, BadRequest, CARD_SETUPS, DISMISSALS, Dismissal, IDEMPOTENCY_KEY, Intent,
    Nothing, Operation, Outcome, Problem, ProblemKind, Query, Sendable, read_body,
};
use tower_http::compression::CompressionLayer;
use tracing::Instrument;

use crate::audit::{Audit, Reference, result_of};
use crate::budget::Purpose;
use crate::config::operation_name;
use crate::exports;
use crate::headers::CLEAR_SITE_DATA;
use crate::http::body::read_json;
use crate::http::credential::Credential;
use crate::http::events;
use crate::problem::ApiError;
use crate::session::{self, SignedIn};
use crate::state::App;
use crate::store::{StoreError, Terms};
use crate::upstream::calling_for;

const CLEAR: HeaderName = HeaderName::from_static("clear-site-data");
/// Everything below [`API_BASE`].
pub(crate) const ROUTE: &str = "/portal/api/{*path}";
/// Where a DELETE signs out; a GET reads who is here.
const SESSION: &str = "/session";
/// Where a DELETE signs out everywhere.
const SESSIONS: &str = "/sessions";

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route(ROUTE, any(dispatch))
        // Answers are JSON that says much again and again, and phones are slow.
        .layer(CompressionLayer::new())
}

/// Sends a request where it belongs. What may change something must first prove that it comes
/// from our page, or show the token of a page of another origin; everything but sign-out then needs
/// a session.
async fn dispatch(State(app): State<Arc<App>>, request: Request) -> Result<Response, ApiError> {
    let path = request.uri().path();
    let path = path.strip_prefix(API_BASE).unwrap_or(path).to_owned();
    match *request.method() {
        Method::DELETE if path == SESSION => return sign_out(&app, request.headers()).await,
        Method::DELETE if path == SESSIONS => {
            return sign_out_everywhere(&app, request.headers()).await;
        }
        Method::GET | Method::HEAD | Method::POST | Method::PUT | Method::DELETE => {}
        _ => return Err(no_such_method(&path)),
    }
    let session = signed_in(&app, request.method(), request.headers()).await?;
    let (customer, actor) = (session.customer, session.terms.actor());
    let tried = format!("{} {}", request.method(), loggable(&path));
    let answered = serve(&app, session, path, request).await;
    if !actor.is_staff() {
        return answered;
    }
    // Of staff everything is recorded, also what was refused before it had a name.
    let mut response = answered.into_response();
    if response.extensions().get::<Audit>().is_none() {
        Audit::of(customer, "request", "refused")
            .by(actor)
            .on(tried)
            .put(&mut response);
    }
    Ok(response)
}

/// Serves a request of a session.
async fn serve(
    app: &Arc<App>,
    session: SignedIn,
    path: String,
    request: Request,
) -> Result<Response, ApiError> {
    match *request.method() {
        Method::GET | Method::HEAD => {
            let (parts, _) = request.into_parts();
            read(app, &session, &path, &parts).await
        }
        Method::POST if path == PREVIEW => preview(app, &session, request).await,
        Method::POST if path == CARD_SETUPS => set_up_card(app, &session, request).await,
        Method::POST if path == DISMISSALS => dismiss(app, &session, request).await,
        Method::POST if path == VERIFICATIONS => verify(app, &session, request).await,
        Method::POST if path == CANCELLATION_EVENTS => {
            let (parts, body) = request.into_parts();
            let body = read_json(&parts.headers, body).await?;
            events::record(app, &session, &body).await
        }
        _ => change(app, session, path, request).await,
    }
}

/// A path below [`API_BASE`] as far as it is known to hold nothing but ids and dates.
fn loggable(path: &str) -> &str {
    if is_known(path) { path } else { "{no route}" }
}

/// The session, where it is live and does not ask too often.
async fn signed_in(app: &App, method: &Method, headers: &HeaderMap) -> Result<SignedIn, ApiError> {
    let credential = Credential::of(app, method, headers)?;
    let session = credential.session(app, headers).await?;
    app.limits.request(session.token, session.customer)?;
    Ok(session)
}

async fn read(
    app: &Arc<App>,
    session: &SignedIn,
    path: &str,
    parts: &Parts,
) -> Result<Response, ApiError> {
    let parameters = parts.uri.query().unwrap_or_default();
    let parameters: Vec<(String, String)> = form_urlencoded::parse(parameters.as_bytes())
        .into_owned()
        .collect();
    let query = Query::read(path, &parameters).map_err(|bad| match bad {
        BadRequest::NoRoute => no_such_method(path),
        other => other.into(),
    })?;
    app.gateway.check_read(&session.terms.actor(), &query)?;
    let view = if query == Query::Export {
        let gateway = session.gateway(app).await?;
        gateway
            .check_verified(&caller(session, parts), &query)
            .await?;
        let (session, worker) = (session.clone(), Arc::clone(app));
        let customer = session.customer;
        let work = async move {
            let reading = view(&worker, &session, &Query::Export);
            calling_for(Purpose::Export(customer.0), reading).await
        };
        exports::export(&app.exports, customer, work).await?
    } else {
        let reading = view(app, session, &query);
        calling_for(Purpose::View(session.customer.0), reading).await
    };
    let (mut response, result) = match view {
        Ok(view) if query == Query::Session => {
            (json(with_terms(app, view.json, session).await?), "done")
        }
        Ok(view) => {
            let response = json(view.json);
            (aged(response, view.kept_since_ms, app.env.now_ms()), "done")
        }
        Err(problem) => (ApiError::from(problem).into_response(), "refused"),
    };
    let action = if query == Query::Export {
        "export"
    } else {
        "read"
    };
    session.audit(action, result).on(path).put(&mut response);
    Ok(response)
}

/// A view as it is under the session's policy.
async fn view(app: &App, session: &SignedIn, query: &Query) -> Result<Reading, Problem> {
    let gateway = session.gateway(app).await?;
    gateway.read_or_stale(session.customer, query).await
}

/// Begins to add a card: the processor makes a setup for this customer, which changes nothing
/// of theirs. The same key answers with the same setup.
async fn set_up_card(
    app: &App,
    session: &SignedIn,
    request: Request,
) -> Result<Response, ApiError> {
    let actor = session.terms.actor();
    app.gateway.check_read(&actor, &Query::PaymentMethods)?;
    let (parts, body) = request.into_parts();
    let key = idempotency_key(&parts.headers)?;
    let body = read_json(&parts.headers, body).await?;
    read_body::<Nothing>(&body)?;
    let customer = session.customer;
    let finding = async {
        let gateway = session.gateway(app).await?;
        gateway.processor_account(customer).await
    };
    let account = calling_for(Purpose::View(customer.0), finding).await?;
    let Some(processor) = &app.processor else {
        return Err(ApiError::internal());
    };
    let setup = processor.setup(customer, &account, &key).await?;
    let mut response = json(setup.answer());
    session.audit("card_setup", "done").put(&mut response);
    Ok(response)
}

/// Has the customer not see an announcement again.
async fn dismiss(app: &App, session: &SignedIn, request: Request) -> Result<Response, ApiError> {
    session.refuse_staff()?;
    let (parts, body) = request.into_parts();
    let body = read_json(&parts.headers, body).await?;
    let Dismissal { announcement } = read_body(&body)?;
    let dismissing = async {
        let gateway = session.gateway(app).await?;
        gateway.dismiss(session.customer, &announcement).await
    };
    let dismissed = calling_for(Purpose::View(session.customer.0), dismissing).await;
    let (mut response, result) = match dismissed {
        Ok(()) => (json("{}".into()), "done"),
        Err(problem) => (ApiError::from(problem).into_response(), "refused"),
    };
    session.audit("dismiss", result).put(&mut response);
    Ok(response)
}

/// Mails the customer a code, or has them prove by it who they are.
async fn verify(app: &App, session: &SignedIn, request: Request) -> Result<Response, ApiError> {
    session.refuse_staff()?;
    let (parts, body) = request.into_parts();
    let body = read_json(&parts.headers, body).await?;
    let proof: Proof = read_body(&body)?;
    if proof.code.is_none() {
        app.limits.email(session.customer)?;
    }
    let caller = caller(session, &parts);
    let proving = async { session.gateway(app).await?.verify(&caller, &proof).await };
    let verified = calling_for(Purpose::View(session.customer.0), proving).await;
    let (mut response, result) = match verified {
        Ok(state) => {
            let result = match (&proof.code, state.verified) {
                (Some(_), false) => "refused",
                _ => "done",
            };
            let body = serde_json::to_string(&state).map_err(|_| ApiError::internal())?;
            (json(body), result)
        }
        Err(problem) => (ApiError::from(problem).into_response(), "refused"),
    };
    let action = match proof.code {
        None => "request_verification",
        Some(_) => "verify",
    };
    session.audit(action, result).put(&mut response);
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

/// The view of the session, with what it was asked for with: its own way back to the shop, the one
/// thing that it is for, and who looks at it.
async fn with_terms(app: &App, view: String, session: &SignedIn) -> Result<String, ApiError> {
    let Terms {
        return_url,
        flow,
        staff,
        ..
    } = &session.terms;
    if return_url.is_none() && flow.is_none() && staff.is_none() {
        return Ok(view);
    }
    let mut view: Session = serde_json::from_str(&view).map_err(|_| ApiError::internal())?;
    if let Some(url) = return_url {
        view.merchant.return_url.clone_from(url);
    }
    let flow = flow.clone().map(|flow| Flow {
        id: session.id.clone(),
        ..flow
    });
    view.flow = flow.map(SessionFlow::from);
    if staff.is_some() {
        let gateway = session.gateway(app).await?;
        view = gateway.seen_by(&session.terms.actor(), view);
    }
    serde_json::to_string(&view).map_err(|_| ApiError::internal())
}

/// What an intent would do; changes nothing.
async fn preview(app: &App, session: &SignedIn, request: Request) -> Result<Response, ApiError> {
    let (parts, body) = request.into_parts();
    let body = read_json(&parts.headers, body).await?;
    let intent = read_body::<Sendable>(&body)?.intent()?;
    let caller = caller(session, &parts);
    let looking = async { session.gateway(app).await?.preview(caller, &intent).await };
    let preview = calling_for(Purpose::View(session.customer.0), looking).await;
    let (mut response, result) = match preview {
        Ok(preview) => {
            let body = serde_json::to_string(&preview).map_err(|_| ApiError::internal())?;
            (json(body), "done")
        }
        Err(problem) => (ApiError::from(problem).into_response(), "refused"),
    };
    let action = format!("preview {}", operation_name(intent.operation()));
    session
        .audit("preview", result)
        .on(action)
        .put(&mut response);
    Ok(response)
}

async fn change(
    app: &Arc<App>,
    session: SignedIn,
    path: String,
    request: Request,
) -> Result<Response, ApiError> {
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
    app.limits.action(session.customer, intent.operation())?;
    let action = operation_name(intent.operation());
    let object = path;
    let caller = caller(&session, &parts);
    let outcome = carry_out(app, &session, caller, key, intent).await;
    let mut response = match outcome {
        Ok(outcome) => {
            let result = result_of(&outcome);
            let body = serde_json::to_string(&outcome).map_err(|_| ApiError::internal())?;
            let mut response = json(body);
            let audit = session.audit(&action, result).on(object);
            audit.after(&outcome).put(&mut response);
            return Ok(response);
        }
        Err(refusal) => refusal.into_response(),
    };
    session
        .audit(&action, "refused")
        .on(object)
        .put(&mut response);
    Ok(response)
}

/// Carries a change out in a task of its own, which neither a browser that leaves nor the end of
/// the server's patience interrupts.
async fn carry_out(
    app: &Arc<App>,
    session: &SignedIn,
    caller: Caller,
    key: String,
    intent: Intent,
) -> Result<Outcome, ApiError> {
    let customer = session.customer;
    let worker = Arc::clone(app);
    let session = session.clone();
    let work = async move {
        let operation = intent.operation();
        let change = async {
            let gateway = session.gateway(&worker).await?;
            gateway.change(caller, &key, intent).await
        };
        let outcome = calling_for(Purpose::Change(customer.0), change).await?;
        // Whoever is signed in elsewhere may be who the address was changed for.
        if operation == Operation::ConfirmEmailChange && result_of(&outcome) != "refused" {
            worker
                .store
                .end_other_sessions(customer, session.token)
                .await?;
        }
        Ok::<_, ApiError>(outcome)
    };
    let task = app.changes.spawn(work.in_current_span());
    task.await.map_err(|_| ApiError::internal())?
}

/// Who asks, by which session, in which request.
fn caller(session: &SignedIn, request: &Parts) -> Caller {
    let reference = request.extensions.get::<Reference>();
    let language = request.headers.get(ACCEPT_LANGUAGE);
    let language = language.and_then(|value| value.to_str().ok());
    let language = session.terms.locale.as_deref().or(language);
    Caller {
        customer: session.customer,
        actor: session.terms.actor(),
        session: session.token.name(),
        reference: reference.map_or(String::new(), |Reference(name)| name.clone()),
        language: language.unwrap_or_default().to_owned(),
    }
}

/// Ends the session here and has the browser forget it, even where the store fails. A page of
/// another origin forgets its token itself; what the browser has of our origin is not its session's.
async fn sign_out(app: &App, headers: &HeaderMap) -> Result<Response, ApiError> {
    let credential = Credential::of(app, &Method::DELETE, headers)?;
    let (session, ended) = match credential {
        Credential::Cookie => {
            let session = session::current(app, headers).await.unwrap_or_default();
            (session, session::end(app, headers).await)
        }
        Credential::Bearer(_) => {
            let session = credential.session(app, headers).await?;
            let ended = session::end_one(app, session.token).await;
            (Some(session), ended)
        }
    };
    let logout = session
        .as_ref()
        .and_then(|session| session.terms.logout.as_ref());
    let (mut response, result) = match (ended, logout) {
        // Where they signed on they are signed out next.
        (Ok(()), Some(logout)) => {
            let body = serde_json::to_string(logout).map_err(|_| ApiError::internal())?;
            (json(body), "done")
        }
        (Ok(()), None) => (StatusCode::NO_CONTENT.into_response(), "done"),
        (Err(error), _) => (not_stored(&error).into_response(), "not_stored"),
    };
    if let Some(session) = session {
        session.audit("sign_out", result).put(&mut response);
    }
    forgotten(app, credential, response)
}

/// Ends every session of the customer, the one that asks last: where the store fails before that,
/// they can ask again.
async fn sign_out_everywhere(app: &App, headers: &HeaderMap) -> Result<Response, ApiError> {
    let credential = Credential::of(app, &Method::DELETE, headers)?;
    let session = credential.session(app, headers).await?;
    app.limits.request(session.token, session.customer)?;
    if let Err(refused) = session.refuse_staff() {
        let mut response = refused.into_response();
        session
            .audit("sign_out_everywhere", "refused")
            .put(&mut response);
        return Ok(response);
    }
    let (customer, token) = (session.customer, session.token);
    let other_sessions = app.store.end_other_sessions(customer, token).await?;
    let (mut response, result) = match session::end_one(app, token).await {
        Ok(()) => {
            let answer = SignedOut { other_sessions };
            let answer = serde_json::to_string(&answer).map_err(|_| ApiError::internal())?;
            (json(answer), "done")
        }
        Err(error) => (not_stored(&error).into_response(), "not_stored"),
    };
    Audit::leave(&mut response, customer, "sign_out_everywhere", result);
    forgotten(app, credential, response)
}

/// The same answer, by which the browser forgets the session that came as a cookie.
fn forgotten(
    app: &App,
    credential: Credential<'_>,
    mut response: Response,
) -> Result<Response, ApiError> {
    if credential != Credential::Cookie {
        return Ok(response);
    }
    let headers = response.headers_mut();
    let expired = app.config.session.cookie.session().expired()?;
    headers.insert(SET_COOKIE, expired);
    if app.config.own_origin {
        headers.insert(CLEAR, CLEAR_SITE_DATA);
    }
    Ok(response)
}

/// The browser is signed out, whatever the store says.
fn not_stored(error: &StoreError) -> ApiError {
    tracing::error!(%error, "the end of a session could not be stored");
    let title = "You are signed out in this browser. The end of your session could not be stored \
                 yet; until then it is refused here.";
    ApiError::new(ProblemKind::Unavailable, title)
}

/// The key of a change: a UUID in its usual form.
fn idempotency_key(headers: &HeaderMap) -> Result<String, ApiError> {
    let mut keys = headers.get_all(IDEMPOTENCY_KEY).iter();
    let key = match (keys.next(), keys.next()) {
        (Some(key), None) => key.to_str().unwrap_or_default(),
        _ => return Err(bad("A change needs one `idempotency-key`.")),
    };
    base::idempotency_key(key).ok_or_else(|| bad("`idempotency-key` is not a UUID."))
}

/// Whether `path` is one of the API, with ids and dates in its placeholders.
pub(crate) fn is_known(path: &str) -> bool {
    !allowed_methods(path).is_empty()
}

/// The route of `path`, with its placeholders; `None` where it is none of the API.
pub(crate) fn template(path: &str) -> Option<&'static str> {
    let own = [
        SESSION,
        SESSIONS,
        PREVIEW,
        CARD_SETUPS,
        DISMISSALS,
        VERIFICATIONS,
        CANCELLATION_EVENTS,
    ]
    .into_iter();
    let changes = Operation::ALL.iter().map(|operation| operation.route().1);
    let mut routes = own.chain(Query::ROUTES.iter().copied()).chain(changes);
    routes.find(|route| {
        let (wanted, given) = (route.split('/'), path.split('/'));
        let fits = |(want, have): (&str, &str)| want == have || want.starts_with('{');
        wanted.clone().count() == given.clone().count() && wanted.zip(given).all(fits)
    })
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
    if path == SESSIONS {
        methods.push("DELETE");
    }
    if path == PREVIEW {
        methods.push("POST");
    }
    if [CARD_SETUPS, DISMISSALS, VERIFICATIONS, CANCELLATION_EVENTS].contains(&path) {
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
fn no_such_method(path: &str) -> ApiError {
    match allowed_methods(path).as_slice() {
        [] => ApiError::no_route(),
        methods => ApiError::method(methods),
    }
}

fn bad(why: &str) -> ApiError {
    ApiError::new(ProblemKind::BadRequest, why)
}

fn json(body: String) -> Response {
    let content_type = HeaderValue::from_static("application/json");
    ([(CONTENT_TYPE, content_type)], body).into_response()
}
