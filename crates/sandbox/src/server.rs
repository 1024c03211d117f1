//! The store served over HTTP, as an upstream that any Recharge client can talk to.
//!
//! Every access token is a store of its own, made on first use, with its own clock,
//! rate limit, faults and log. These calls steer the store of the token sent along:
//!
//! | call | body | effect or answer |
//! | --- | --- | --- |
//! | `POST /_sandbox/scenario` | `{"scenario": "dunning", "token"?}` | begins anew at the real time |
//! | `GET`, `POST /_sandbox/clock` | `{"set_ms": …}` or `{"advance_ms": …}` | the store's time, which ticks on |
//! | `GET`, `POST /_sandbox/settings` | some of [`Settings`](crate::Settings) | the store's switches |
//! | `GET`, `POST`, `DELETE /_sandbox/faults` | one [`Fault`](crate::Fault) or a list | the faults to come |
//! | `GET`, `DELETE /_sandbox/log` | | every call since, as [`LogEntry`](crate::LogEntry) |
//! | `GET /_sandbox/customers` | | every [`Person`](crate::Person) |
//! | `GET /_sandbox/state` | | all rows, to see whether something changed |
//!
//! `/portal/{hash}/…` and `/tools/recurring/portal/{hash}/…?token=` play the portal that
//! Recharge hosts itself: a page that says whom it was opened for, or asks to sign in.
//!
//! Webhooks that a store has registered are called when something changes, signed with
//! [`CLIENT_SECRET`] in both of upstream's ways.
//!
//! Connections are served by hyper itself, because a fault must be able to break one
//! without a word, which a web framework would turn into an answer.

mod admin;
mod http;
mod processor;
mod webhooks;

use std::collections::HashMap;
use std::future::Future;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinSet;

use crate::{Scenario, Store};

pub use webhooks::CLIENT_SECRET;

/// The stores of all tokens, and the payment processor that they share.
pub(crate) struct Tenants {
    scenario: Scenario,
    /// Where this server is reached, which is where the hosted portal is.
    origin: String,
    stores: Mutex<HashMap<String, TenantStore>>,
    processor: processor::Processor,
}

/// One token's store and how far its clock is from the real one.
pub(crate) struct TenantStore {
    pub(crate) store: Store,
    pub(crate) offset_ms: i64,
}

impl TenantStore {
    fn new(scenario: Scenario, origin: &str) -> TenantStore {
        TenantStore {
            store: Store::new(scenario, real_ms())
                .rate_limited()
                .hosted_at(origin),
            offset_ms: 0,
        }
    }

    /// The time of this store's clock.
    pub(crate) fn now(&self) -> i64 {
        real_ms() + self.offset_ms
    }
}

impl Tenants {
    fn stores(&self) -> MutexGuard<'_, HashMap<String, TenantStore>> {
        self.stores.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Works on the store of a token, which is made if missing.
    pub(crate) fn with<T>(&self, token: &str, work: impl FnOnce(&mut TenantStore) -> T) -> T {
        let mut stores = self.stores();
        work(
            stores
                .entry(token.to_owned())
                .or_insert_with(|| TenantStore::new(self.scenario, &self.origin)),
        )
    }

    /// Begins the store of a token anew, at the real time.
    pub(crate) fn reset(&self, token: &str, scenario: Scenario) {
        self.stores()
            .insert(token.to_owned(), TenantStore::new(scenario, &self.origin));
    }

    /// The token of the store that made a customer's session.
    pub(crate) fn store_of_session(&self, session: &str) -> Option<String> {
        let stores = self.stores();
        let made = |tenant: &TenantStore| tenant.store.knows_session(tenant.now(), session);
        stores
            .iter()
            .find(|(_, tenant)| made(tenant))
            .map(|(token, _)| token.clone())
    }

    /// A page of the hosted portal of whichever store lets the bearer in.
    pub(crate) fn hosted_page(&self, path: &str, token: Option<&str>) -> Option<String> {
        let stores = self.stores();
        stores
            .values()
            .find_map(|tenant| tenant.store.hosted_page(tenant.now(), path, token))
    }
}

/// Serves until `shutdown` ends, then drops what is still open. New tokens begin with `scenario`.
///
/// # Errors
/// When the listener fails for good.
pub async fn serve(
    listener: TcpListener,
    scenario: Scenario,
    shutdown: impl Future<Output = ()>,
) -> io::Result<()> {
    let tenants = Arc::new(Tenants {
        scenario,
        origin: format!("http://{}", listener.local_addr()?),
        stores: Mutex::new(HashMap::new()),
        processor: processor::Processor::default(),
    });
    let mut connections = JoinSet::new();
    tokio::pin!(shutdown);
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted?.0,
            () = &mut shutdown => return Ok(()),
        };
        while connections.try_join_next().is_some() {}
        let tenants = Arc::clone(&tenants);
        connections.spawn(async move {
            let answer = service_fn(|request| http::answer(&tenants, request));
            // An error here is a fault that broke the connection, or a client that left.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), answer)
                .await;
        });
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock")]
pub(crate) fn real_ms() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |elapsed| elapsed.as_millis() as i64)
}
