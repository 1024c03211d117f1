//! The login page: a customer proves an email address by a code or a link that is sent there.
//!
//! Nothing here tells whether somebody is a customer before the address is proven. A form with an
//! address is answered before anybody is looked up; the lookup and the email come after it.

mod account;
mod ask;
mod code;
mod link;
mod step;

use std::sync::Arc;

use axum::Router;
use axum::routing::{MethodRouter, get};

use crate::problem::ApiError;
use crate::state::App;

pub(super) fn routes() -> Router<Arc<App>> {
    // None of these GETs changes anything, so a HEAD may be one without its body.
    let route = |route: MethodRouter<Arc<App>>| {
        route.fallback(async || ApiError::method(&["GET", "HEAD", "POST"]))
    };
    Router::new()
        .route(step::ASK, route(get(ask::show).post(ask::send)))
        .route(
            "/portal/login/{configuration}",
            route(get(ask::show).post(ask::send)),
        )
        .route(step::CODE, route(get(code::show).post(code::enter)))
        .route(
            "/portal/login/link/{token}",
            route(get(link::show).post(link::press)),
        )
        .route(
            step::ACCOUNT,
            route(get(account::show).post(account::choose)),
        )
}
