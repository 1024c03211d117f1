//! The other second step: the link in the email.
//!
//! It works in any browser, since an email is often read on another device. So it signs in the
//! browser in which its button is pressed, never the one that asked, and its page says whose account
//! it opens, when that was asked for, and whether it was asked for elsewhere: whoever sends somebody
//! a link of their own account gets nothing unseen, and whoever asks for a link to somebody else's
//! address gets nothing at all. Opening it changes nothing; the press must come from the page.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode, Uri};
use axum::response::{IntoResponse, Response};

use super::step::Step;
use crate::http::form_page::{Form, FormButton, FormPage};
use crate::limit::UnknownLink;
use crate::messages;
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::{Login, LoginKey, LoginState, TokenHash};

/// A minute, in milliseconds.
const MINUTE_MS: i64 = 60_000;

/// Shows what the link would do.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let step = Step::page(app, headers)?;
    let token = token(&uri);
    let Some(login) = find(&step, token).await? else {
        return Ok(unknown(&step));
    };
    if login.is(LoginState::Asked, step.app.now_ms().await?) {
        page(&step, &login, token).await
    } else {
        Ok(step.ended_link())
    }
}

/// Signs in the browser in which the button was pressed.
pub(super) async fn press(State(app): State<Arc<App>>, uri: Uri, request: Request) -> Response {
    let pressed = match Step::form(app, request).await {
        Ok(step) => open(&step, token(&uri)).await,
        Err(refused) => return refused,
    };
    pressed.unwrap_or_else(ApiError::into_response)
}

async fn open(step: &Step, token: &str) -> Result<Response, ApiError> {
    let Some(login) = find(step, token).await? else {
        return Ok(unknown(step));
    };
    if login.is(LoginState::Asked, step.app.now_ms().await?) {
        step.proven(&login).await
    } else {
        step.used(&login).await
    }
}

/// What stands in the place of the token.
fn token(uri: &Uri) -> &str {
    uri.path().rsplit('/').next().unwrap_or_default()
}

async fn find(step: &Step, token: &str) -> Result<Option<Login>, ApiError> {
    let key = LoginKey::Link(TokenHash::of(token));
    Ok(step.app.logins.login(key).await?)
}

fn unknown(step: &Step) -> Response {
    let mut response = step.ended_link();
    response.extensions_mut().insert(UnknownLink);
    response
}

async fn page(step: &Step, login: &Login, token: &str) -> Result<Response, ApiError> {
    let language = &step.language;
    let browser = step.browser_token();
    let age_ms = step.app.now_ms().await? - login.made_ms;
    let minutes = (age_ms.max(0) / MINUTE_MS + 1).to_string();
    let mut texts = vec![messages::page_login_link_text(language, &minutes)];
    if TokenHash::of(&browser) != login.browser {
        texts.push(messages::page_login_link_elsewhere(language));
    }
    if session::current(&step.app, &step.headers).await?.is_some() {
        texts.push(messages::page_login_replaces(language));
    }
    let page = FormPage {
        language,
        status: StatusCode::OK,
        title: messages::page_login_link_title(language, &login.email),
        texts,
        form: Form {
            action: &format!("/portal/login/link/{token}"),
            hidden: Vec::new(),
            field: None,
            buttons: vec![FormButton {
                choice: None,
                label: messages::page_login_submit(language),
                detail: None,
            }],
        },
        links: vec![step.shop_link()],
    };
    // With a cookie, the second request of a double press is known as the same browser's.
    step.with_cookie(page.response(&step.app), &browser)
}
