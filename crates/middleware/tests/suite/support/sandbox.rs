//! The sandbox over HTTP, and its handles.

use reqwest::{Client, RequestBuilder};
use sandbox::{Effect, Fault, Scenario};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A store of one test.
#[derive(Clone)]
pub(crate) struct Upstream {
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Upstream {
    /// A store that begins with `scenario`, on a port of its own.
    pub(crate) async fn start(scenario: Scenario) -> Upstream {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(sandbox::server::serve(
            listener,
            scenario,
            std::future::pending(),
        ));
        Upstream::at(url)
    }

    /// Whatever answers at `url`.
    pub(crate) fn at(url: String) -> Upstream {
        Upstream {
            url,
            token: "upstream-token-of-the-tests".into(),
        }
    }

    fn request(&self, method: &str, path: &str) -> RequestBuilder {
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = format!("{}{path}", self.url);
        Client::new()
            .request(method.parse().unwrap(), url)
            .header("x-recharge-access-token", &self.token)
            .header("x-recharge-version", "2021-11")
    }

    /// What upstream itself answers to a GET.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.request("GET", path).send().await.unwrap();
        response.json().await.unwrap()
    }

    /// A change that somebody makes upstream, outside of the portal.
    pub(crate) async fn change(&self, method: &str, path: &str, body: Value) {
        let response = self.request(method, path).json(&body).send().await.unwrap();
        assert!(response.status().is_success(), "{response:?}");
    }

    /// The customers of the store.
    pub(crate) async fn customers(&self) -> Value {
        self.get("/_sandbox/customers").await
    }

    /// Everything in the store.
    pub(crate) async fn state(&self) -> Value {
        self.get("/_sandbox/state").await
    }

    /// The next `times` calls of `method` to `path` meet this.
    pub(crate) async fn fault(&self, method: &str, path: &str, effect: Effect, times: u32) {
        let fault = Fault {
            times,
            ..Fault::once(method, path, effect)
        };
        let request = self.request("POST", "/_sandbox/faults").json(&json!(fault));
        assert!(request.send().await.unwrap().status().is_success());
    }

    /// The calls so far, as `POST /charges/1/skip 200`.
    pub(crate) async fn calls(&self) -> Vec<String> {
        let log = self.get("/_sandbox/log").await;
        let line = |call: &Value| {
            let text = |name: &str| call[name].as_str().unwrap_or_default().to_owned();
            format!("{} {} {}", text("method"), text("path"), call["status"])
        };
        log.as_array().unwrap().iter().map(line).collect()
    }

    /// How many calls begin with this, such as `POST /charges`.
    pub(crate) async fn count(&self, start: &str) -> usize {
        let calls = self.calls().await;
        calls.iter().filter(|call| call.starts_with(start)).count()
    }

    /// How many calls changed something.
    pub(crate) async fn writes(&self) -> usize {
        let log = self.get("/_sandbox/log").await;
        let log = log.as_array().unwrap();
        log.iter().filter(|call| call["wrote"] == true).count()
    }
}
