//! A portal, an upstream and a customer in a few words.

mod child;
mod client;
mod postgres;
mod sandbox;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use base::{BoxFuture, Date};
use gateway::Env;
use middleware::assets::Assets;
use middleware::config::Origin;
use middleware::{
    App, Config, Dependencies, Effects, HttpRecharge, Processor, Secrets, SqliteStore, SystemEnv,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::{CancellationToken, DropGuard};

pub(crate) use self::sandbox::Upstream;
pub(crate) use ::sandbox::{Effect, Scenario};
pub(crate) use child::{Program, call};
pub(crate) use client::{Customer, Reply, key, reply, sign_in};
pub(crate) use postgres::Server;

/// What the merchant's server shows.
pub(crate) const MERCHANT_SECRET: &str = "merchant-secret-of-the-tests";

/// A middleware over an upstream of its own, in this process.
pub(crate) struct Portal {
    pub(crate) origin: String,
    pub(crate) upstream: Upstream,
    pub(crate) clock: Arc<TestEnv>,
    pub(crate) folder: TempDir,
    config: String,
    running: Running,
}

/// A portal's server: it ends with this, its store when it is closed.
struct Running {
    _stop: DropGuard,
    store: Arc<SqliteStore>,
    app: Arc<App>,
}

impl Portal {
    /// A portal over a store that begins with `scenario`.
    pub(crate) async fn start(scenario: Scenario) -> Portal {
        Portal::with(scenario, |config| config).await
    }

    /// The same, with a configuration that `change` changes.
    pub(crate) async fn with(scenario: Scenario, change: impl FnOnce(String) -> String) -> Portal {
        let upstream = Upstream::start(scenario).await;
        let config = change(config(&upstream.url));
        Portal::over(upstream, config, |dependencies| dependencies).await
    }

    /// A portal with another outside.
    pub(crate) async fn over(
        upstream: Upstream,
        config: String,
        change: impl FnOnce(Dependencies) -> Dependencies,
    ) -> Portal {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestEnv::default());
        let (origin, running) = serve(&config, folder.path(), &upstream, &clock, change).await;
        Portal {
            origin,
            upstream,
            clock,
            folder,
            config,
            running,
        }
    }

    /// A second process's worth of portal, over the same database and upstream.
    pub(crate) async fn restarted(self) -> Portal {
        self.restarted_with(|dependencies| dependencies).await
    }

    /// The same, with another outside.
    pub(crate) async fn restarted_with(
        self,
        change: impl FnOnce(Dependencies) -> Dependencies,
    ) -> Portal {
        // As for a process that was killed: nothing of it can be stored any more.
        self.running.store.close().await;
        let folder = self.folder.path();
        let (origin, running) =
            serve(&self.config, folder, &self.upstream, &self.clock, change).await;
        Portal {
            origin,
            running,
            ..self
        }
    }

    /// The same with a configuration that `change` changes.
    pub(crate) async fn restarted_as(self, change: impl FnOnce(&str) -> String) -> Portal {
        let config = change(&self.config);
        Portal { config, ..self }.restarted().await
    }

    /// Asks for a link as the merchant's server does.
    pub(crate) async fn link(&self, body: Value) -> Reply {
        client::link(&self.origin, MERCHANT_SECRET, body).await
    }

    /// Sends a request as the merchant's server does.
    pub(crate) async fn as_merchant(&self, method: &str, path: &str) -> Reply {
        let secret = format!("Bearer {MERCHANT_SECRET}");
        let request = self.stranger().request(method, path);
        client::reply(request.header("authorization", secret)).await
    }

    /// The same with a body.
    pub(crate) async fn post_as_merchant(&self, path: &str, body: &Value) -> Reply {
        let secret = format!("Bearer {MERCHANT_SECRET}");
        let request = self.stranger().request("POST", path);
        client::reply(request.header("authorization", secret).json(body)).await
    }

    /// A one-time link for a customer of the store.
    pub(crate) async fn link_for(&self, email: &str) -> String {
        let reply = self.link(json!({"email": email})).await;
        reply.json()["url"].as_str().unwrap().to_owned()
    }

    /// The customer with this address, signed in.
    pub(crate) async fn sign_in(&self, email: &str) -> Customer {
        client::sign_in(&self.origin, &self.link_for(email).await).await
    }

    /// The first customer of the scenario, signed in.
    pub(crate) async fn customer(&self) -> Customer {
        let customers = self.upstream.customers().await;
        self.sign_in(customers[0]["email"].as_str().unwrap()).await
    }

    /// Serves the metrics at the origin that it answers.
    pub(crate) async fn serve_metrics(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let app = Arc::clone(&self.running.app);
        tokio::spawn(middleware::serve_metrics(
            listener,
            app,
            std::future::pending(),
        ));
        origin
    }

    /// Forgets what has expired, as happens every minute.
    pub(crate) async fn sweep(&self) {
        self.running.app.sweep().await.unwrap();
    }

    /// Handles the reports that have come, as happens every second.
    pub(crate) async fn handle_reports(&self) {
        self.running.app.handle_reports().await.unwrap();
    }

    /// Looks for changes that no webhook reported, as happens every quarter of an hour.
    pub(crate) async fn sweep_unreported(&self) {
        self.running.app.sweep_unreported().await;
    }

    /// The mail that left last.
    pub(crate) fn mail(&self) -> String {
        let file = self.folder.path().join("mail/latest.eml");
        std::fs::read_to_string(file).unwrap_or_default()
    }

    /// Somebody without a session.
    pub(crate) fn stranger(&self) -> Customer {
        Customer::new(&self.origin, String::new())
    }
}

async fn serve(
    config: &str,
    folder: &Path,
    upstream: &Upstream,
    clock: &Arc<TestEnv>,
    change: impl FnOnce(Dependencies) -> Dependencies,
) -> (String, Running) {
    let config = Config::parse(config, "portal.toml", folder).unwrap();
    let token = upstream.token.clone().into();
    let secrets = Secrets::with(token, MERCHANT_SECRET.into(), &config).unwrap();
    let store = SqliteStore::open(&config.database).await.unwrap();
    let effects = Effects::new(config.effects.clone(), clock.clone());
    let store = Arc::new(store.with_effects(effects));
    let client = HttpRecharge::new(&config.upstream, &secrets.recharge_token).unwrap();
    let dependencies = change(Dependencies {
        env: clock.clone(),
        store: store.clone(),
        one_click: store.clone(),
        logins: store.clone(),
        spent_tokens: store.clone(),
        outbox: store.clone(),
        reports: store.clone(),
        audit_log: store.clone(),
        statistics: store.clone(),
        funnel: store.clone(),
        journal: store.clone(),
        processor: config
            .payments
            .as_ref()
            .map(|payments| Processor::new(payments, &secrets).unwrap()),
        upstream_health: client.health(),
        upstream: Arc::new(client),
    });
    let assets = Assets::load(config.portal_dir.as_deref()).unwrap();
    let listener = TcpListener::bind(config.listen).await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let own = Origin::parse(&origin).unwrap();
    let app = App::new(config, secrets, own, assets, dependencies).unwrap();
    let stop = CancellationToken::new();
    tokio::spawn(middleware::serve(
        listener,
        Arc::clone(&app),
        stop.clone().cancelled_owned(),
    ));
    let running = Running {
        _stop: stop.drop_guard(),
        store,
        app,
    };
    (origin, running)
}

/// The configuration of the tests over an upstream at `url`.
pub(crate) fn config(url: &str) -> String {
    let portal = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/portal");
    format!(
        r#"
        listen = "127.0.0.1:0"
        portal_dir = {portal:?}
        cancel_reasons = ["Too much"]
        [mail]
        from = "Alder <hello@shop.example>"
        folder = "mail"
        [step_up]
        export = false
        [[effects]]
        after = "report_problem"
        kind = "mail"
        to = "help@shop.example"
        [[effects]]
        after = "confirm_deletion"
        kind = "mail"
        to = "privacy@shop.example"
        [upstream]
        base_url = "{url}"
        [merchant]
        name = "Alder & <Finch>"
        return_url = "https://shop.example/account"
        [store]
        currency = "USD"
        zone = "America/New_York"
        [[countries]]
        code = "US"
        provinces = [{{ name = "New York", code = "NY" }}]
        "#
    )
}

/// The real clock, moved by hand. A sleep moves it too and is over almost at once.
pub(crate) struct TestEnv {
    real: SystemEnv,
    ahead_ms: Arc<AtomicI64>,
}

impl Default for TestEnv {
    fn default() -> TestEnv {
        let zone = jiff::tz::TimeZone::get("America/New_York").unwrap();
        TestEnv {
            real: SystemEnv::new(zone),
            ahead_ms: Arc::default(),
        }
    }
}

impl TestEnv {
    /// Lets so many minutes pass.
    pub(crate) fn pass_minutes(&self, minutes: i64) {
        self.pass_seconds(minutes * 60);
    }

    /// Lets so many seconds pass.
    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.ahead_ms.fetch_add(seconds * 1_000, Ordering::SeqCst);
    }
}

impl Env for TestEnv {
    fn now_ms(&self) -> i64 {
        self.real.now_ms() + self.ahead_ms.load(Ordering::SeqCst)
    }

    fn local(&self, at_ms: i64) -> (Date, u16) {
        self.real.local(at_ms)
    }

    fn instant(&self, date: Date, minute: u16) -> i64 {
        self.real.instant(date, minute)
    }

    fn sleep(&self, ms: u64) -> BoxFuture<'static, ()> {
        let ahead_ms = Arc::clone(&self.ahead_ms);
        Box::pin(async move {
            tokio::time::sleep(std::time::Duration::from_millis(ms.min(20))).await;
            ahead_ms.fetch_add(ms as i64, Ordering::SeqCst);
        })
    }

    fn random(&self) -> [u8; 16] {
        self.real.random()
    }
}
