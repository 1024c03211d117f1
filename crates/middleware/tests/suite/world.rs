//! A customer of a running middleware, as the samples of intents need one.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use async_trait::async_trait;
use gateway::testing::Account;
use protocol::{Intent, Outcome, Query};
use serde_json::Value;

use crate::support::{Customer, Reply, Upstream, reply};

/// A customer, the store behind the middleware, and their mail.
pub(crate) struct World {
    pub(crate) customer: Customer,
    pub(crate) upstream: Upstream,
    pub(crate) post: Post,
}

/// The folder that mail is put into.
pub(crate) struct Post(pub(crate) PathBuf);

impl Post {
    /// The code in the mail that left last.
    pub(crate) fn code(&self) -> String {
        let mail = std::fs::read_to_string(self.0.join("latest.eml")).unwrap();
        let (_, rest) = mail.split_once("Your code is ").expect(&mail);
        rest.split_whitespace().next().unwrap().to_owned()
    }
}

/// The `n`th key.
pub(crate) fn uuid(n: u32) -> String {
    format!("{n:08x}-0000-4000-8000-000000000000")
}

/// The key of the next change that only prepares something.
static PREPARED: AtomicU32 = AtomicU32::new(u32::MAX);

#[async_trait]
impl Account for World {
    async fn view(&self, query: Query) -> String {
        self.customer.get(&query.path()).await.text
    }

    async fn done(&self, intent: Intent) -> Outcome {
        let key = PREPARED.fetch_sub(1, Ordering::SeqCst);
        let outcome = self.change(key, intent).await;
        outcome.unwrap_or_else(|reply| panic!("{reply:?}"))
    }

    async fn upstream(&self, path: &str) -> Value {
        self.upstream.get(path).await
    }

    fn emailed_code(&self) -> String {
        self.post.code()
    }
}

impl World {
    /// The outcome of a change that has to be prepared.
    pub(crate) async fn change(&self, key: u32, intent: Intent) -> Result<Outcome, Reply> {
        let reply = self.send(key, &intent).await;
        serde_json::from_str(&reply.text).map_err(|_| reply)
    }

    /// The answer to a change.
    pub(crate) async fn send(&self, key: u32, intent: &Intent) -> Reply {
        reply(self.sending(key, intent)).await
    }

    /// A change that is not sent yet.
    pub(crate) fn sending(&self, key: u32, intent: &Intent) -> reqwest::RequestBuilder {
        let request = intent.request();
        let body: Value = serde_json::from_str(&request.body).unwrap();
        let (method, path) = (&request.method, &request.path);
        self.customer.changing(method, path, &uuid(key), &body)
    }
}
