//! Where something of ours fails, nobody is let in and nothing is changed.

use std::sync::Arc;

use async_trait::async_trait;
use base::{BoxFuture, Date};
use gateway::{Actor, Begun, Entry, Env, Journal, JournalError};
use middleware::store::{
    Bearer, Granted, Link, LinkUse, Session, Store, StoreError, Sweep, TokenHash,
};
use protocol::CustomerId;
use serde_json::json;

use crate::support::{Portal, Scenario, Upstream, config};

/// A store whose disk is gone.
pub(crate) struct Broken;

fn gone<T>() -> Result<T, StoreError> {
    Err(StoreError("the disk is gone".into()))
}

#[async_trait]
impl Store for Broken {
    async fn add_link(&self, _: TokenHash, _: &Link) -> Result<(), StoreError> {
        gone()
    }
    async fn link(&self, _: TokenHash, _: i64) -> Result<LinkUse, StoreError> {
        gone()
    }
    async fn take_link(&self, _: TokenHash, _: i64) -> Result<LinkUse, StoreError> {
        gone()
    }
    async fn add_session(&self, _: TokenHash, _: &Session) -> Result<(), StoreError> {
        gone()
    }
    async fn session(&self, _: TokenHash) -> Result<Option<Session>, StoreError> {
        gone()
    }
    async fn touch_session(&self, _: TokenHash, _: i64) -> Result<(), StoreError> {
        gone()
    }
    async fn granted(&self, _: &str) -> Result<Option<Granted>, StoreError> {
        gone()
    }
    async fn revoke(&self, _: &str) -> Result<bool, StoreError> {
        gone()
    }
    async fn end_session(&self, _: TokenHash) -> Result<(), StoreError> {
        gone()
    }
    async fn end_other_sessions(&self, _: CustomerId, _: TokenHash) -> Result<u64, StoreError> {
        gone()
    }
    async fn add_bearer(&self, _: TokenHash, _: &Bearer, _: i64) -> Result<bool, StoreError> {
        gone()
    }
    async fn bearer(&self, _: TokenHash) -> Result<Option<Bearer>, StoreError> {
        gone()
    }
    async fn sweep(&self, _: Sweep) -> Result<(), StoreError> {
        gone()
    }
    async fn end_all(&self) -> Result<(), StoreError> {
        gone()
    }
    async fn latest_ms(&self) -> Result<i64, StoreError> {
        gone()
    }
    async fn ping(&self) -> Result<(), StoreError> {
        gone()
    }
}

fn lost<'a, T: Send + 'a>() -> BoxFuture<'a, Result<T, JournalError>> {
    Box::pin(async { Err(JournalError) })
}

impl Journal for Broken {
    fn hash(&self, _: &str) -> String {
        String::new()
    }
    fn begin<'a>(
        &'a self,
        _: CustomerId,
        _: &'a str,
        _: &'a str,
        _: &'a Actor,
        _: i64,
    ) -> BoxFuture<'a, Result<Begun, JournalError>> {
        lost()
    }
    fn note<'a>(
        &'a self,
        _: CustomerId,
        _: &'a str,
        _: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        lost()
    }
    fn finish<'a>(
        &'a self,
        _: CustomerId,
        _: &'a str,
        _: &'a str,
        _: i64,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        lost()
    }
    fn record<'a>(&'a self, _: &'a Entry) -> BoxFuture<'a, Result<bool, JournalError>> {
        lost()
    }
    fn forget<'a>(&'a self, _: CustomerId, _: &'a str) -> BoxFuture<'a, Result<(), JournalError>> {
        lost()
    }
    fn open(&self, _: Option<CustomerId>) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        lost()
    }
    fn history(
        &self,
        _: CustomerId,
        _: i64,
        _: usize,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        lost()
    }
    fn set_fact<'a>(
        &'a self,
        _: CustomerId,
        _: &'a str,
        _: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        lost()
    }
    fn facts(&self, _: CustomerId) -> BoxFuture<'_, Result<Vec<(String, String)>, JournalError>> {
        lost()
    }
}

#[tokio::test]
async fn without_the_store_nobody_is_let_in() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = config(&upstream.url);
    let portal = Portal::over(upstream, config, |mut world| {
        world.store = Arc::new(Broken);
        world
    })
    .await;
    let mut customer = portal.stranger();
    customer.cookie = format!("__Host-portal={}", "a".repeat(64));
    for path in crate::reads::paths() {
        assert_eq!(customer.get(path).await.problem(), "unavailable", "{path}");
    }
    assert_eq!(portal.upstream.calls().await.len(), 0);
    let link = portal
        .link(json!({"email": "maya.lindqvist@example.com"}))
        .await;
    assert_eq!(link.status, 503);
    assert_eq!(link.header("retry-after"), "5");
    let unready = customer.send("GET", "/readyz").await;
    assert_eq!((unready.status, unready.header("retry-after")), (503, "5"));
    assert_eq!(customer.send("GET", "/healthz").await.status, 200);
    // Signing out cannot end the session, but the browser forgets it.
    let left = customer.send("DELETE", "/portal/api/session").await;
    assert_eq!(left.problem(), "unavailable");
    let cookie = left.header("set-cookie");
    assert!(cookie.starts_with("__Host-portal=; Max-Age=0;"), "{cookie}");
}

#[tokio::test]
async fn without_the_journal_nothing_is_changed() {
    let upstream = Upstream::start(Scenario::Everyday).await;
    let config = config(&upstream.url);
    let portal = Portal::over(upstream, config, |mut world| {
        world.journal = Arc::new(Broken);
        world
    })
    .await;
    let customer = portal.customer().await;
    let (path, body) = customer.next_skip().await;
    let reply = customer.change("POST", &path, body).await;
    assert!(reply.status >= 500, "{reply:?}");
    assert_eq!(portal.upstream.writes().await, 0);
}

/// A clock that fell back to 1970, as one without a battery does.
struct Fallen(Arc<dyn Env>);

impl Env for Fallen {
    fn now_ms(&self) -> i64 {
        0
    }
    fn local(&self, at_ms: i64) -> (Date, u16) {
        self.0.local(at_ms)
    }
    fn instant(&self, date: Date, minute: u16) -> i64 {
        self.0.instant(date, minute)
    }
    fn sleep(&self, ms: u64) -> BoxFuture<'static, ()> {
        self.0.sleep(ms)
    }
    fn random(&self) -> [u8; 16] {
        self.0.random()
    }
}

#[tokio::test]
async fn with_a_clock_that_fell_back_no_session_counts() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let fallen = portal
        .restarted_with(|mut world| {
            world.env = Arc::new(Fallen(world.env));
            world
        })
        .await;
    let mut again = fallen.stranger();
    again.cookie = customer.cookie;
    assert_eq!(again.get("/session").await.problem(), "session_ended");
}
