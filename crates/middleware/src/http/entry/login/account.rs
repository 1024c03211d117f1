//! The last step where several customers share an address: which account.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use gateway::AccountLabel;
use protocol::{CustomerId, Problem, ProblemKind};

use super::step::{ACCOUNT, ASK, Step};
use crate::budget::Purpose;
use crate::client_address::ClientAddress;
use crate::http::form_page::{Form, FormButton, FormPage};
use crate::messages;
use crate::problem::ApiError;
use crate::state::App;
use crate::store::{Login, LoginKey, LoginState};
use crate::upstream::calling_for;

/// Shows the accounts, in the browser that has proven the address.
pub(super) async fn show(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
    request: Request,
) -> Result<Response, ApiError> {
    let step = Step::page(app, headers)?;
    // Each of these pages asks upstream.
    let address = ClientAddress::of(request.extensions());
    if let Err(refusal) = step.app.limits.login_form(address) {
        return Ok(step.too_many(&refusal));
    }
    let Some(login) = proven(&step).await? else {
        return step.leading_to(ASK);
    };
    Ok(match labels(&step.app, &login).await {
        Ok(accounts) => page(&step, &login, &accounts),
        Err(_) => step.unavailable(),
    })
}

/// Signs in to the chosen account.
pub(super) async fn choose(State(app): State<Arc<App>>, request: Request) -> Response {
    let chosen = match Step::form(app, request).await {
        Ok(step) => sign_in(&step).await,
        Err(refused) => return refused,
    };
    chosen.unwrap_or_else(ApiError::into_response)
}

async fn sign_in(step: &Step) -> Result<Response, ApiError> {
    let Some(login) = proven(step).await? else {
        return match step.login(LoginKey::Prover).await? {
            Some(login) => step.used(&login).await,
            None => step.leading_to(ASK),
        };
    };
    let chosen: Option<u64> = step.field("account").parse().ok();
    let Ok(customers) = customers(&step.app, &login).await else {
        return Ok(step.unavailable());
    };
    let mut customers = customers.into_iter();
    match customers.find(|customer| Some(customer.0) == chosen) {
        Some(customer) => step.sign_in(&login, customer).await,
        // It is not theirs, or not any more.
        None => step.leading_to(ACCOUNT),
    }
}

/// The login whose address this browser has proven.
async fn proven(step: &Step) -> Result<Option<Login>, ApiError> {
    let login = step.login(LoginKey::Prover).await?;
    let now_ms = step.app.now_ms().await?;
    Ok(login.filter(|login| login.is(LoginState::Proven, now_ms)))
}

async fn customers(app: &App, login: &Login) -> Result<Vec<CustomerId>, Problem> {
    let lookup = app.gateway.customers_with_email(&login.email);
    let found = calling_for(Purpose::Link, lookup).await?;
    Ok(found.into_iter().map(|(customer, _)| customer).collect())
}

async fn labels(app: &App, login: &Login) -> Result<Vec<AccountLabel>, Problem> {
    let mut labels = Vec::new();
    for customer in customers(app, login).await? {
        let label = app.gateway.account_label(customer);
        match calling_for(Purpose::View(customer.0), label).await {
            Ok(label) => labels.push(label),
            Err(missing) if missing.kind == ProblemKind::NotFound => {}
            Err(problem) => return Err(problem),
        }
    }
    Ok(labels)
}

fn page(step: &Step, login: &Login, accounts: &[AccountLabel]) -> Response {
    let language = &step.language;
    let button = |(number, account): (usize, &AccountLabel)| {
        let since = account.since.map(|date| {
            let year = date.year().to_string();
            messages::page_login_account_since(language, &year)
        });
        let since = since.as_ref().map_or("", |since| since.as_str());
        let mut details = vec![account.first_name.as_str(), &account.city, since];
        details.retain(|detail| !detail.is_empty());
        let number = (number + 1).to_string();
        FormButton {
            choice: Some(("account", account.customer.to_string())),
            label: messages::page_login_account(language, &number),
            detail: (!details.is_empty()).then(|| details.join(" · ")),
        }
    };
    let page = FormPage {
        language,
        status: StatusCode::OK,
        title: messages::page_login_accounts_title(language),
        texts: vec![messages::page_login_accounts_text(
            language,
            &login.email,
            step.shop(login.terms.configuration.as_deref()),
        )],
        form: Form {
            action: ACCOUNT,
            hidden: Vec::new(),
            field: None,
            buttons: accounts.iter().enumerate().map(button).collect(),
        },
        links: vec![step.again_link(login)],
    };
    page.response(&step.app)
}
