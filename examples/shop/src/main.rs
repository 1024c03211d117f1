//! A merchant's shop, as small as one can be: pages from a folder, and one button that
//! opens the portal for the customer who is signed in.
//!
//! It shows all that a shop's server has to do: ask the portal for a link with the
//! merchant's secret, at each press anew, and send the customer there.

use std::env;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Form, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;
use serde_json::json;
use tower_http::services::ServeDir;

/// What the shop knows about itself and the portal, from the environment.
struct Shop {
    /// Where this shop is reached, such as `http://127.0.0.1:8400`.
    origin: String,
    /// Where the portal's server is reached.
    portal: String,
    /// What proves to the portal that it is this shop that asks.
    merchant_secret: String,
    /// Who may be signed in; the first one is. A real shop takes this from its own session.
    customers: Vec<Customer>,
    http: reqwest::Client,
}

/// A customer of the shop.
#[derive(Deserialize)]
struct Customer {
    name: String,
    email: String,
}

/// The form on the account page.
#[derive(Deserialize)]
struct Choice {
    /// The e-mail address of the customer whose portal to open.
    customer: String,
}

/// What the portal answers to a request for a session.
#[derive(Deserialize)]
struct PortalSession {
    /// A link that opens the portal once.
    url: String,
}

#[tokio::main]
async fn main() -> ExitCode {
    match serve().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shop: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve() -> Result<(), Box<dyn std::error::Error>> {
    // A real shop asks over https; where it cannot be set up, asking would fail anyway.
    rustls::crypto::ring::default_provider()
        .install_default()
        .map_err(|_| "TLS was set up twice")?;
    let setting = |name: &str| env::var(name).map_err(|_| format!("{name} is not set"));
    let listener = tokio::net::TcpListener::bind(setting("SHOP_LISTEN")?).await?;
    let customers: Vec<Customer> = serde_json::from_str(&setting("SHOP_CUSTOMERS")?)?;
    if customers.is_empty() {
        return Err("SHOP_CUSTOMERS names nobody".into());
    }
    let shop = Shop {
        origin: format!("http://{}", listener.local_addr()?),
        portal: setting("SHOP_PORTAL")?,
        merchant_secret: setting("PORTAL_MERCHANT_SECRET")?,
        customers,
        http: reqwest::Client::new(),
    };
    // Whoever started the shop on port 0 reads the address here.
    eprintln!("shop: listening on {}", shop.origin);
    axum::serve(listener, routes(shop)).await?;
    Ok(())
}

fn routes(shop: Shop) -> Router {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    // The store's products carry the same pictures.
    let pictures = folder.join("../../crates/sandbox/src/pictures");
    Router::new()
        .route("/account", get(account))
        .route("/account/subscriptions", post(open_portal))
        .nest_service("/pictures", ServeDir::new(pictures))
        .fallback_service(ServeDir::new(folder.join("static")))
        .with_state(Arc::new(shop))
}

/// The account page, with the customers one can be in this demonstration.
async fn account(State(shop): State<Arc<Shop>>) -> Html<String> {
    let page = include_str!("../static/account.html");
    let options = shop.customers.iter().map(|customer| {
        let (email, name) = (escape(&customer.email), escape(&customer.name));
        format!("<option value=\"{email}\">{name}</option>")
    });
    Html(page.replace("{{customers}}", &options.collect::<String>()))
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

/// Sends the customer to her portal, by a link that works once.
async fn open_portal(State(shop): State<Arc<Shop>>, Form(choice): Form<Choice>) -> Response {
    let known = |customer: &&Customer| customer.email == choice.customer;
    let Some(customer) = shop.customers.iter().find(known) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match ask_for_session(&shop, customer).await {
        Ok(session) => Redirect::to(&session.url).into_response(),
        Err(error) => {
            eprintln!("shop: no portal session: {error}");
            let page = "<!doctype html><title>Not right now</title>\
                <p>Your subscriptions cannot be shown right now. <a href=\"/account\">Back</a>";
            (StatusCode::BAD_GATEWAY, Html(page)).into_response()
        }
    }
}

async fn ask_for_session(
    shop: &Shop,
    customer: &Customer,
) -> Result<PortalSession, reqwest::Error> {
    let wanted = json!({
        "email": customer.email,
        "return_url": format!("{}/account", shop.origin),
    });
    let answer = shop
        .http
        .post(format!("{}/portal/sessions", shop.portal))
        .bearer_auth(&shop.merchant_secret)
        .json(&wanted)
        .send()
        .await?;
    answer.error_for_status()?.json().await
}
