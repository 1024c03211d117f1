//! The second step: the code that was sent.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gateway::read_code;
use subtle::ConstantTimeEq;

use super::step::{ACCOUNT, ASK, CODE, GOOD_MINUTES, Step, TRIES, ask_path, code_hash};
use crate::http::form_page::{Field, FieldKind, Form, FormButton, FormPage};
use crate::messages::{self, Text};
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::{Login, LoginKey, LoginState, TokenHash};

/// Characters of a code.
const LENGTH: usize = 6;

/// Shows the form, in the browser that asked for the code.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let step = Step::page(app, headers)?;
    let Some(login) = step.login(LoginKey::Browser).await? else {
        return step.leading_to(ASK);
    };
    let now_ms = step.app.now_ms().await?;
    if login.is(LoginState::Asked, now_ms) && login.tries < TRIES {
        return Ok(page(&step, &login, "", None));
    }
    if login.is(LoginState::Proven, now_ms) {
        return step.leading_to(ACCOUNT);
    }
    if session::current(&step.app, &step.headers).await?.is_some() {
        return step.leading_to("/portal/");
    }
    Ok(ended(&step, &login))
}

/// Takes a code.
pub(super) async fn enter(State(app): State<Arc<App>>, request: Request) -> Response {
    let entered = match Step::form(app, request).await {
        Ok(step) => try_code(&step).await,
        Err(refused) => return refused,
    };
    entered.unwrap_or_else(ApiError::into_response)
}

async fn try_code(step: &Step) -> Result<Response, ApiError> {
    let Some(asked) = step.login(LoginKey::Browser).await? else {
        return step.leading_to(ASK);
    };
    let Some(browser) = &step.browser else {
        return step.leading_to(ASK);
    };
    let now_ms = step.app.now_ms().await?;
    let typed = step.field("code");
    let code = read_code(typed);
    let is_open = asked.is(LoginState::Asked, now_ms) && asked.tries < TRIES;
    // What cannot be a code tells nothing of the right one, so it is no try.
    if is_open && code.len() != LENGTH {
        let error = messages::page_login_code_format(&step.language);
        return Ok(page(step, &asked, typed, Some(error)));
    }
    let token = TokenHash::of(browser);
    let counted = step.app.logins.count_try(token, TRIES, now_ms).await?;
    let Some(login) = counted else {
        if asked.state == LoginState::Asked {
            return Ok(ended(step, &asked));
        }
        return step.used(&asked).await;
    };
    if code_hash(browser, &code).ct_eq(&login.code).into() {
        return step.proven(&login).await;
    }
    tracing::info!(login = login.id, tries = login.tries, "a wrong login code");
    if login.tries >= TRIES {
        return Ok(ended(step, &login));
    }
    let left = (TRIES - login.tries).to_string();
    let error = messages::page_login_code_wrong(&step.language, &left);
    Ok(page(step, &login, typed, Some(error)))
}

fn page(step: &Step, login: &Login, typed: &str, error: Option<Text>) -> Response {
    let language = &step.language;
    let page = FormPage {
        language,
        status: match error {
            Some(_) => StatusCode::UNPROCESSABLE_ENTITY,
            None => StatusCode::OK,
        },
        title: messages::page_login_code_title(language),
        texts: vec![messages::page_login_code_text(
            language,
            &login.email,
            step.shop(login.terms.configuration.as_deref()),
        )],
        form: Form {
            action: CODE,
            hidden: Vec::new(),
            field: Some(Field {
                name: "code",
                kind: FieldKind::Code,
                label: messages::page_login_code(language),
                hint: Some(messages::page_login_code_hint(language)),
                value: typed,
                error,
            }),
            buttons: vec![FormButton {
                choice: None,
                label: messages::page_login_submit(language),
                detail: None,
            }],
        },
        links: vec![step.again_link(login)],
    };
    page.response(&step.app)
}

/// Says that the code is used up or too old, and offers another.
fn ended(step: &Step, login: &Login) -> Response {
    let language = &step.language;
    let (tries, minutes) = (TRIES.to_string(), GOOD_MINUTES.to_string());
    let mut hidden = vec![("email", login.email.as_str())];
    if let Some(page) = &login.terms.page {
        hidden.push(("to", page));
    }
    let page = FormPage {
        language,
        status: StatusCode::GONE,
        title: messages::page_login_ended_title(language),
        texts: vec![messages::page_login_ended_text(
            language,
            &login.email,
            &minutes,
            &tries,
        )],
        form: Form {
            action: &ask_path(login.terms.configuration.as_deref()),
            hidden,
            field: None,
            buttons: vec![FormButton {
                choice: None,
                label: messages::page_login_new_code(language),
                detail: None,
            }],
        },
        links: vec![step.again_link(login)],
    };
    page.response(&step.app)
}
