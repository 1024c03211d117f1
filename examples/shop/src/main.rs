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
use mail_parser::{Message, MessageParser};
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
        .route("/login", get(login))
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

/// Leads to the portal's login page, for a customer who is not signed in to the shop.
async fn login(State(shop): State<Arc<Shop>>) -> Redirect {
    Redirect::to(&format!("{}/portal/login", shop.portal))
}

/// The customer's mailbox: the last mail that left the portal, since in the demonstration nothing
/// leaves the machine.
async fn mail(State(shop): State<Arc<Shop>>) -> Html<String> {
    let file = shop.mail.as_deref().map(|folder| folder.join("latest.eml"));
    let bytes = match file {
        Some(file) => tokio::fs::read(file).await.unwrap_or_default(),
        None => Vec::new(),
    };
    let mail = MessageParser::default().parse(&bytes);
    let mail = mail
        .as_ref()
        .map_or("<p>No email has arrived yet.</p>".to_owned(), |mail| {
            shown(mail)
        });
    Html(include_str!("../static/mail.html").replace("{{mail}}", &mail))
}

/// A mail as a mailbox shows it: whole lines that are addresses are links.
fn shown(mail: &Message<'_>) -> String {
    let to = mail.to().and_then(|to| to.first());
    let to = to.and_then(|to| to.address()).unwrap_or_default();
    let subject = mail.subject().unwrap_or_default();
    let text = mail.body_text(0).unwrap_or_default();
    let lines = text.lines().map(|line| {
        let line = escape(line);
        if line.starts_with("http://") || line.starts_with("https://") {
            format!("<a href=\"{line}\">{line}</a>\n")
        } else {
            format!("{line}\n")
        }
    });
    format!(
        "<h2>{}</h2><p>To {}</p><div class=\"letter\">{}</div>",
        escape(subject),
        escape(to),
        lines.collect::<String>()
    )
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
