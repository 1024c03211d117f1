//! The first step: which address.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use gateway::new_code;
use lettre::Address;
use tokio::sync::OwnedSemaphorePermit;

use super::step::{ASK, CODE, GOOD_MINUTES, GOOD_MS, Step, ask_path, code_hash};
use crate::budget::Purpose;
use crate::http::entry::destination::checked_page;
use crate::http::form_page::{Field, FieldKind, Form, FormButton, FormPage};
use crate::messages::{self, Language, Text};
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::{Login, LoginState, Terms, TokenHash};
use crate::upstream::calling_for;

/// The longest address, in characters.
const LONGEST: usize = 254;
/// How often a customer is looked up where upstream fails.
const LOOKUPS: u32 = 3;
/// How long to wait before another lookup, milliseconds.
const WAIT_MS: u64 = 5_000;

/// Shows the form.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let step = Step::page(app, headers)?;
    let configuration = configuration(&step, &uri)?;
    let query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let mut values = query.filter(|(name, _)| name == "to");
    let to = values.next().map(|(_, to)| to.into_owned());
    let to = to.as_deref().unwrap_or_default();
    page(&step, configuration, "", to, None).await
}

/// Takes an address, and answers before anybody is looked up.
pub(super) async fn send(State(app): State<Arc<App>>, uri: Uri, request: Request) -> Response {
    let sent = match Step::form(app, request).await {
        Ok(step) => send_code(&step, &uri).await,
        Err(refused) => return refused,
    };
    sent.unwrap_or_else(ApiError::into_response)
}

/// The configuration that the address names; `None` where it names none. Only listed ones have a
/// page, since another configuration may allow more than the rules give a customer.
fn configuration<'a>(step: &Step, uri: &'a Uri) -> Result<Option<&'a str>, ApiError> {
    let (app, login) = (&step.app, &step.app.config.login);
    let is_listed = |name: &str| {
        let login = login.as_ref();
        login.is_some_and(|login| login.configurations.contains(name))
    };
    let name = uri.path().strip_prefix(ASK).unwrap_or_default();
    match name.strip_prefix('/') {
        Some(name) if is_listed(name) && app.configurations.has(name) => Ok(Some(name)),
        Some(_) => Err(ApiError::no_route()),
        None => Ok(None),
    }
}

async fn send_code(step: &Step, uri: &Uri) -> Result<Response, ApiError> {
    let configuration = configuration(step, uri)?;
    let (email, to) = (step.field("email").trim(), step.field("to"));
    if !is_address(email) {
        let error = messages::page_login_email_format(&step.language);
        return page(step, configuration, email, to, Some(error)).await;
    }
    let app = &step.app;
    let known = step.browser.as_deref().map(TokenHash::of);
    if let Err(refusal) = app.limits.login_code(known, email) {
        return Ok(step.too_many(&refusal));
    }
    let (browser, link) = (step.browser_token(), session::new_token(app));
    let code = new_code(&*app.env);
    let now_ms = app.now_ms().await?;
    let login = Login {
        id: session::new_id(app),
        browser: TokenHash::of(&browser),
        code: code_hash(&browser, code.expose()),
        link: TokenHash::of(&link),
        email: email.to_owned(),
        terms: Terms {
            configuration: configuration.map(str::to_owned),
            // One that is no page of the portal leads to the first.
            page: checked_page(to.to_owned()).ok(),
            ..Terms::default()
        },
        state: LoginState::Asked,
        prover: None,
        tries: 0,
        made_ms: now_ms,
        expires_ms: now_ms + GOOD_MS,
    };
    app.logins.add_login(&login).await?;
    // All that depends on whether a customer has the address comes after the answer.
    if let Ok(permit) = Arc::clone(&app.login_emails).try_acquire_owned() {
        let invitation = Invitation {
            app: Arc::clone(app),
            language: Arc::clone(&step.language),
            shop: step.shop(configuration).to_owned(),
            email: login.email,
            code: code.expose().to_owned(),
            link,
        };
        app.changes.spawn(invitation.send(permit));
    } else {
        tracing::warn!("a login code was not sent: too many are on their way");
    }
    step.with_cookie(step.leading_to(CODE)?, &browser)
}

/// Whether `text` is an address to which mail can be sent.
fn is_address(text: &str) -> bool {
    text.len() <= LONGEST && !text.contains(char::is_control) && text.parse::<Address>().is_ok()
}

async fn page(
    step: &Step,
    configuration: Option<&str>,
    email: &str,
    to: &str,
    error: Option<Text>,
) -> Result<Response, ApiError> {
    let language = &step.language;
    let mut texts = vec![messages::page_login_ask_text(
        language,
        step.shop(configuration),
    )];
    let mut links = vec![step.shop_link()];
    if session::current(&step.app, &step.headers).await?.is_some() {
        texts.push(messages::page_login_replaces(language));
        let stay = messages::page_switch_stay(language);
        links.insert(0, ("/portal/".to_owned(), stay));
    }
    let hidden = if to.is_empty() {
        Vec::new()
    } else {
        vec![("to", to)]
    };
    let page = FormPage {
        language,
        status: match error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        },
        title: messages::page_login_title(language),
        texts,
        form: Form {
            action: &ask_path(configuration),
            hidden,
            field: Some(Field {
                name: "email",
                kind: FieldKind::Email,
                label: messages::page_login_email(language),
                hint: None,
                value: email,
                error,
            }),
            buttons: vec![FormButton {
                choice: None,
                label: messages::page_login_send(language),
                detail: None,
            }],
        },
        links,
    };
    Ok(page.response(&step.app))
}

/// An email with a code and a link, for an address that may be a customer's.
struct Invitation {
    app: Arc<App>,
    language: Arc<Language>,
    shop: String,
    email: String,
    code: String,
    link: String,
}

impl Invitation {
    /// Sends it where a customer has the address, as the store has it: what was typed may only
    /// look like theirs.
    async fn send(self, _permit: OwnedSemaphorePermit) {
        let Some(address) = self.recipient().await else {
            return;
        };
        let (language, shop) = (&self.language, &self.shop);
        let link = format!("{}{ASK}/link/{}", self.app.origin, self.link);
        let minutes = GOOD_MINUTES.to_string();
        let subject = messages::mail_login_subject(language, shop);
        let text = messages::mail_login_text(language, &self.code, &link, &minutes, shop);
        let mail = &self.app.mail;
        if let Err(error) = mail.send(&address, subject.as_str(), text.as_str()).await {
            tracing::warn!(error, "a login code could not be sent");
        }
    }

    async fn recipient(&self) -> Option<String> {
        for _ in 0..LOOKUPS {
            let lookup = self.app.gateway.customers_with_email(&self.email);
            // Whoever is signed in comes first: anybody can ask for a code.
            match calling_for(Purpose::Background, lookup).await {
                Ok(customers) => return customers.into_iter().next().map(|(_, email)| email),
                Err(problem) => {
                    tracing::warn!(problem = problem.title, "no lookup for a login code");
                    self.app.env.sleep(WAIT_MS).await;
                }
            }
        }
        None
    }
}
