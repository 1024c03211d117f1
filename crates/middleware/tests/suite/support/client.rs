//! A browser, as far as HTTP goes.

use std::sync::atomic::{AtomicU32, Ordering};

use reqwest::header::{HeaderMap, LOCATION, SET_COOKIE};
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// Somebody with a cookie, with a bearer token, or with neither.
#[derive(Clone)]
pub(crate) struct Customer {
    pub(crate) origin: String,
    pub(crate) cookie: String,
    pub(crate) away: Option<Away>,
    client: Client,
}

/// A page of another origin, with its bearer token.
#[derive(Clone)]
pub(crate) struct Away {
    pub(crate) page: String,
    pub(crate) token: String,
}

/// An answer.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// A header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    /// The kind of the problem.
    pub(crate) fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json");
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Whether every part of the outcome is in this state.
    pub(crate) fn is(&self, state: &str) -> bool {
        let json = self.json();
        let parts = json["parts"].as_array();
        parts.is_some_and(|parts| {
            let is = |part: &Value| part["state"] == state || part["state"].get(state).is_some();
            parts.iter().all(is)
        })
    }
}

/// A key that was never used.
pub(crate) fn key() -> String {
    static NEXT: AtomicU32 = AtomicU32::new(1);
    let number = NEXT.fetch_add(1, Ordering::SeqCst);
    format!("00000000-0000-4000-8000-{number:012}")
}

fn client() -> Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().redirect(reqwest::redirect::Policy::none());
    builder.build().unwrap()
}

pub(crate) async fn link(origin: &str, secret: &str, body: Value) -> Reply {
    let url = format!("{origin}/portal/sessions");
    let request = client().post(url).bearer_auth(secret).json(&body);
    reply(request).await
}

pub(crate) async fn sign_in(origin: &str, link: &str) -> Customer {
    let opened = Customer::new(origin, String::new()).open(link).await;
    let cookie = opened.header(SET_COOKIE.as_str());
    let (cookie, _) = cookie.split_once(';').expect("the link sets a cookie");
    Customer::new(origin, cookie.to_owned())
}

pub(crate) async fn reply(request: RequestBuilder) -> Reply {
    let response = request.send().await.unwrap();
    Reply {
        status: response.status().as_u16(),
        headers: response.headers().clone(),
        text: response.text().await.unwrap(),
    }
}

impl Customer {
    pub(crate) fn new(origin: &str, cookie: String) -> Customer {
        Customer {
            origin: origin.to_owned(),
            cookie,
            away: None,
            client: client(),
        }
    }

    /// The same person at another origin.
    pub(crate) fn at(mut self, origin: &str) -> Customer {
        origin.clone_into(&mut self.origin);
        self
    }

    /// The same person with this token on a page of another origin.
    pub(crate) fn on(mut self, page: &str, token: String) -> Customer {
        let page = page.to_owned();
        self.away = Some(Away { page, token });
        self
    }

    /// A request to any path, with the cookie or the token.
    pub(crate) fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let request = self
            .client
            .request(method, format!("{}{path}", self.origin));
        let request = match self.cookie.as_str() {
            "" => request,
            cookie => request.header("cookie", cookie),
        };
        match &self.away {
            Some(Away { page, token }) => request.header("origin", page).bearer_auth(token),
            None => request,
        }
    }

    /// Reads below the API.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        reply(self.request("GET", &format!("/portal/api{path}"))).await
    }

    /// Any request from the portal's page, without a body.
    pub(crate) async fn send(&self, method: &str, path: &str) -> Reply {
        let request = self.request(method, path);
        reply(match &self.away {
            // It is there already.
            Some(_) => request,
            None => request.header("origin", &self.origin),
        })
        .await
    }

    /// Opens a link, as a browser does when a person goes there.
    pub(crate) async fn open(&self, link: &str) -> Reply {
        let path = link.strip_prefix(&self.origin).unwrap();
        let first = self.go_to(path).await;
        let next = first.header("location");
        if !next.starts_with(path) {
            return first;
        }
        self.with_cookies_of(&first).go_to(next).await
    }

    /// One request as a browser sends it when a person goes somewhere from another site.
    pub(crate) async fn go_to(&self, path: &str) -> Reply {
        let request = self
            .request("GET", path)
            .header("sec-fetch-site", "cross-site");
        let request = request.header("sec-fetch-mode", "navigate");
        reply(request.header("sec-fetch-dest", "document")).await
    }

    /// The same browser after it has got this answer.
    pub(crate) fn with_cookies_of(&self, reply: &Reply) -> Customer {
        let mut cookies: Vec<String> = self.cookie.split("; ").map(str::to_owned).collect();
        for header in reply.headers.get_all(SET_COOKIE) {
            let header = header.to_str().unwrap();
            let (pair, attributes) = header.split_once(';').unwrap();
            let (name, _) = pair.split_once('=').unwrap();
            cookies.retain(|cookie| !cookie.is_empty() && !cookie.starts_with(&format!("{name}=")));
            if !attributes.contains("Max-Age=0") {
                cookies.push(pair.to_owned());
            }
        }
        Customer::new(&self.origin, cookies.join("; "))
    }

    /// Presses the button of a plain page.
    pub(crate) async fn press(&self, page: &Reply) -> Reply {
        let between = |start: &str| {
            let (_, rest) = page.text.split_once(start)?;
            Some(rest.split_once('"')?.0.replace("&amp;", "&"))
        };
        let action = between("<form method=\"post\" action=\"").expect("a button");
        let mut request = self.request("POST", &action).header("origin", &self.origin);
        if let Some(name) = between("<input type=\"hidden\" name=\"") {
            let value = between(" value=\"").unwrap();
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(format!("{name}={value}"));
        }
        reply(request).await
    }

    /// A change below the API as the portal's page sends it, not sent yet.
    pub(crate) fn changing(
        &self,
        method: &str,
        path: &str,
        key: &str,
        body: &Value,
    ) -> RequestBuilder {
        let request = self.request(method, &format!("/portal/api{path}"));
        let request = match &self.away {
            Some(_) => request.header("sec-fetch-site", "cross-site"),
            None => request
                .header("origin", &self.origin)
                .header("sec-fetch-site", "same-origin"),
        };
        request.header("idempotency-key", key).json(body)
    }

    /// Sends a change with a new key.
    pub(crate) async fn change(&self, method: &str, path: &str, body: Value) -> Reply {
        reply(self.changing(method, path, &key(), &body)).await
    }

    /// The path and body that skip the whole of the next planned delivery.
    pub(crate) async fn next_skip(&self) -> (String, Value) {
        let schedule = self.get("/deliveries").await.json();
        let deliveries = schedule["deliveries"].as_array().unwrap();
        let planned = deliveries
            .iter()
            .filter(|delivery| delivery["state"] == "planned")
            .find(|delivery| delivery["items"].as_array().unwrap().iter().all(skippable));
        let delivery = planned.expect("a planned delivery");
        let items = delivery["items"].as_array().unwrap();
        let ids: Vec<&Value> = items.iter().map(|item| &item["purchase_item_id"]).collect();
        let (address, date) = (&delivery["key"]["address_id"], &delivery["key"]["date"]);
        let path = format!("/deliveries/{address}/{}/skip", date.as_str().unwrap());
        (path, serde_json::json!({"purchase_item_ids": ids}))
    }
}

fn skippable(item: &Value) -> bool {
    item["one_time"] == false && item["skipped"] == false
}

impl Reply {
    /// Where a redirect leads.
    pub(crate) fn leads_to(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{self:?}");
        self.header(LOCATION.as_str())
    }
}
