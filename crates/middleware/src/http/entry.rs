//! The ways in: the merchant's server asks for a session, the customer's browser opens its link. The
//! sign-on methods lead a browser to such a link, too.

mod app_proxy;
mod customer_account;
mod destination;
mod fields;
mod jwt;
mod link;
mod login;
mod one_click;
mod open;
mod sessions;
mod sign_on;

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{MethodRouter, get, head, post};

use crate::budget::Purpose;
use crate::problem::ApiError;
use crate::session;
use crate::sign_on::customer_account::CALLBACK;
use crate::state::{App, LOGIN};
use crate::upstream::calling_for;
use open::open_link;

pub(crate) fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/portal/sessions", only(post(sessions::create), &["POST"]))
        .route(
            "/portal/sessions/{id}",
            only(
                get(sessions::read).delete(sessions::revoke),
                &["GET", "HEAD", "DELETE"],
            ),
        )
        .route(
            "/portal/open/{token}",
            // A HEAD of its own, since the one that comes with GET would use the link up.
            only(
                head(StatusCode::OK).get(open_link).post(open_link),
                &["GET", "HEAD", "POST"],
            ),
        )
        .route("/portal/links", only(post(one_click::create), &["POST"]))
        .route(
            "/portal/do/{token}",
            only(
                head(StatusCode::OK)
                    .get(one_click::open)
                    .post(one_click::open),
                &["GET", "HEAD", "POST"],
            ),
        )
        .route(
            "/portal/jwt",
            only(
                head(StatusCode::OK).get(jwt::enter).post(jwt::enter),
                &["GET", "HEAD", "POST"],
            ),
        )
        .merge(with_pages(app_proxy::ENTER, || {
            only(head(StatusCode::OK).get(app_proxy::enter), &["GET", "HEAD"])
        }))
        .merge(with_pages(customer_account::BEGIN, || {
            let route = head(StatusCode::OK).get(customer_account::begin);
            only(route, &["GET", "HEAD"])
        }))
        .route(
            CALLBACK,
            only(
                head(StatusCode::OK).get(customer_account::finish),
                &["GET", "HEAD"],
            ),
        )
        .route("/portal/return", only(get(back_to_shop), &["GET", "HEAD"]))
        .merge(login::routes())
}

/// A route at `path`, and at any page of the portal below it.
fn with_pages(path: &str, route: impl Fn() -> MethodRouter<Arc<App>>) -> Router<Arc<App>> {
    let below = format!("{path}/{{*page}}");
    Router::new().route(path, route()).route(&below, route())
}

/// `route`, refusing other methods by naming those that there are.
fn only(route: MethodRouter<Arc<App>>, methods: &'static [&'static str]) -> MethodRouter<Arc<App>> {
    route.fallback(async || ApiError::method(methods))
}

/// Leads back to the shop: to where the session came from, else to the usual place. Without a
/// session it leads to the login page, where there is one.
async fn back_to_shop(
    State(app): State<Arc<App>>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let session = session::current(&app, &headers).await?;
    let Some(session) = session else {
        if app.config.login.is_some() {
            return Ok(Redirect::to(LOGIN).into_response());
        }
        return Ok(Redirect::to(&app.config.policy.merchant.return_url).into_response());
    };
    if let Some(own) = &session.terms.return_url {
        return Ok(Redirect::to(own).into_response());
    }
    let finding = session.gateway(&app);
    let gateway = calling_for(Purpose::View(session.customer.0), finding).await;
    // Where it is not known which is theirs, any way back is better than none.
    let gateway = gateway.unwrap_or_else(|_| Arc::clone(&app.gateway));
    Ok(Redirect::to(&gateway.policy().merchant.return_url).into_response())
}
