//! A merchant's shop, as small as one can be: pages from a folder, and one button that
//! opens the portal for the customer who is signed in.
//!
//! It shows all that a shop's server has to do: ask the portal for a link with the
//! merchant's secret, at each press anew, and send the customer there, either to the portal or
//! on to the one that Recharge hosts. Who the customer is comes from the shop's own records,
//! never from what the browser says: an address typed there would open anybody's account.

use std::env;
use std::path::{Path, PathBuf};
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
    /// The folder with the last mail that left the portal, where the demonstration has one.
    mail: Option<PathBuf>,
    http: reqwest::Client,
}

/// A customer of the shop.
#[derive(Deserialize)]
struct Customer {
    /// Their id at Recharge, which the shop keeps with their account.
    id: u64,
    name: String,
}

/// The form on the account page.
#[derive(Deserialize)]
struct Choice {
    /// As whom to open it: a place in the list of this demonstration. A real shop has no such
    /// field.
    customer: usize,
    /// `portal`, or `hosted_portal` for the one that Recharge hosts.
    #[serde(default = "portal")]
    to: String,
}

fn portal() -> String {
    "portal".to_owned()
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
        mail: env::var_os("SHOP_MAIL").map(PathBuf::from),
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
        .route("/mail", get(mail))
        .nest_service("/pictures", ServeDir::new(pictures))
        .fallback_service(ServeDir::new(folder.join("static")))
        .with_state(Arc::new(shop))
}

/// The account page, with the customers one can be in this demonstration.
async fn account(State(shop): State<Arc<Shop>>) -> Html<String> {
    let page = include_str!("../static/account.html");
    let options = shop.customers.iter().enumerate().map(|(at, customer)| {
        let name = escape(&customer.name);
        format!("<option value=\"{at}\">{name}</option>")
    });
    Html(page.replace("{{customers}}", &options.collect::<String>()))
}

fn escape(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    text.replace('"', "&quot;")
}

/// Sends the customer to their portal, by a link that works once.
async fn open_portal(State(shop): State<Arc<Shop>>, Form(choice): Form<Choice>) -> Response {
    let Some(customer) = shop.customers.get(choice.customer) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    match ask_for_session(&shop, customer, &choice.to).await {
        Ok(session) => Redirect::to(&session.url).into_response(),
        Err(error) => {
            eprintln!("shop: no portal session: {error}");
            let page = "<!doctype html><title>Not right now</title>\
                <p>We can’t show your subscriptions right now. <a href=\"/account\">Back to My Account</a>";
            (StatusCode::BAD_GATEWAY, Html(page)).into_response()
        }
    }
}

/// The last mail that left the portal: in the demonstration nothing leaves the machine.
async fn mail(State(shop): State<Arc<Shop>>) -> Html<String> {
    let file = shop.mail.as_deref().map(|folder| folder.join("latest.eml"));
    let text = match file {
        Some(file) => tokio::fs::read_to_string(file).await.unwrap_or_default(),
        None => String::new(),
    };
    let text = match text.as_str() {
        "" => "No email has been sent yet.",
        text => text,
    };
    let page = "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
        <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\
        <meta name=\"color-scheme\" content=\"light dark\"><title>Latest email</title>\
        <h1>Latest email</h1><pre style=\"white-space:pre-wrap\">";
    Html(format!(
        "{page}{}</pre><p><a href=\"/account\">My Account</a>",
        escape(text)
    ))
}

async fn ask_for_session(
    shop: &Shop,
    customer: &Customer,
    to: &str,
) -> Result<PortalSession, reqwest::Error> {
    let wanted = json!({
        "customer_id": customer.id,
        "to": to,
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
