//! A one-time link, as every way in gives one.

use axum::http::StatusCode;
use gateway::Lookup;
use protocol::{CustomerId, Problem};

use crate::budget::Purpose;
use crate::problem::ApiError;
use crate::session;
use crate::state::App;
use crate::store::{Link, Terms, TokenHash};
use crate::upstream::calling_for;

/// The one customer that `lookup` names; `None` where there is none.
///
/// # Errors
/// As [`gateway::Gateway::find_customer`].
pub(super) async fn find(app: &App, lookup: Lookup) -> Result<Option<CustomerId>, Problem> {
    let found = calling_for(Purpose::Link, app.gateway.find_customer(lookup)).await;
    if let Err(problem) = &found
        && problem.status == StatusCode::CONFLICT.as_u16()
    {
        tracing::warn!(
            problem = problem.title,
            "no link: the customer is not clear"
        );
    }
    found
}

/// Adds a link for `customer`, which `token` opens until `expires_ms`.
///
/// # Errors
/// 429 where the customer has too many; 503 where it cannot be stored.
pub(super) async fn add(
    app: &App,
    token: &str,
    customer: CustomerId,
    terms: Terms,
    expires_ms: i64,
) -> Result<Link, ApiError> {
    app.limits.link(customer)?;
    let link = Link {
        id: session::new_id(app),
        customer,
        terms,
        made_ms: app.now_ms().await?,
        expires_ms,
    };
    app.store.add_link(TokenHash::of(token), &link).await?;
    Ok(link)
}
