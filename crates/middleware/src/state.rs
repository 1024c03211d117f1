//! Everything the handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use gateway::{Env, Gateway, Journal};
use recharge::Recharge;
use tokio_util::task::TaskTracker;

use crate::assets::Assets;
use crate::clock_guard::ClockGuard;
use crate::config::{Config, Origin, Secrets};
use crate::exports::Exports;
use crate::headers::SecurityHeaders;
use crate::limit::Limits;
use crate::mail::{EmailSender, Mail};
use crate::outbox::webhook::Webhooks;
use crate::processor::Processor;
use crate::session::ended::EndedSessions;
use crate::store::{OneClickLinks, Outbox, Store, StoreError};
use crate::upstream::UpstreamHealth;

/// The outside: what a test puts something else in place of.
pub struct Dependencies {
    /// Clock and randomness.
    pub env: Arc<dyn Env>,
    /// Links and sessions.
    pub store: Arc<dyn Store>,
    /// Links that make one change.
    pub one_click: Arc<dyn OneClickLinks>,
    /// Changes.
    pub journal: Arc<dyn Journal>,
    /// What is to be done outside.
    pub outbox: Arc<dyn Outbox>,
    /// The way to Recharge.
    pub upstream: Arc<dyn Recharge>,
    /// What is known of Recharge's health.
    pub upstream_health: Arc<UpstreamHealth>,
    /// The payment processor, where cards are added here.
    pub processor: Option<Processor>,
}

/// Everything the handlers share.
pub struct App {
    pub(crate) config: Config,
    pub(crate) origin: Origin,
    pub(crate) secrets: Secrets,
    pub(crate) env: Arc<dyn Env>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) one_click: Arc<dyn OneClickLinks>,
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) gateway: Gateway,
    pub(crate) upstream_health: Arc<UpstreamHealth>,
    pub(crate) processor: Option<Processor>,
    pub(crate) webhooks: Webhooks,
    pub(crate) mail: Arc<Mail>,
    pub(crate) assets: Assets,
    pub(crate) headers: SecurityHeaders,
    pub(crate) limits: Arc<Limits>,
    pub(crate) exports: Arc<Exports>,
    /// Changes under way; they outlive the request that asked for them.
    pub(crate) changes: TaskTracker,
    /// Sessions that were ended while the store could not be written.
    pub(crate) ended: EndedSessions,
    /// Whether the store worked when it was last asked.
    pub(crate) store_works: AtomicBool,
    pub(crate) latest: ClockGuard,
    ready: AtomicBool,
}

impl App {
    /// An application reached by browsers at `origin`.
    ///
    /// # Errors
    /// Where TLS cannot be set up on this machine.
    pub fn new(
        config: Config,
        secrets: Secrets,
        origin: Origin,
        assets: Assets,
        dependencies: Dependencies,
    ) -> Result<Arc<App>, reqwest::Error> {
        let mut policy = config.policy.clone();
        // A page of another origin, or with a `<base>`, would lead a path elsewhere.
        if let Some(logo) = &mut policy.merchant.logo
            && logo.starts_with('/')
        {
            logo.insert_str(0, origin.as_str());
        }
        let policy = Arc::new(policy);
        let env = dependencies.env;
        let mail = Arc::new(Mail::new(&config, &secrets));
        let emails = EmailSender {
            mail: Arc::clone(&mail),
            outbox: Arc::clone(&dependencies.outbox),
            env: Arc::clone(&env),
            shop: policy.merchant.name.clone(),
            languages: Arc::clone(&config.languages),
        };
        let gateway = Gateway::new(
            dependencies.upstream,
            Arc::clone(&env),
            dependencies.journal,
            policy,
        );
        Ok(Arc::new(App {
            gateway: gateway.with_mailer(Arc::new(emails)),
            webhooks: Webhooks::new(&config, &secrets)?,
            assets: assets.with_languages(&config.languages),
            mail,
            outbox: dependencies.outbox,
            upstream_health: dependencies.upstream_health,
            processor: dependencies.processor,
            headers: SecurityHeaders::new(&config),
            limits: Arc::new(Limits::new(&config, &env)),
            exports: Arc::default(),
            changes: TaskTracker::new(),
            ended: EndedSessions::default(),
            store_works: AtomicBool::new(true),
            latest: ClockGuard::default(),
            ready: AtomicBool::new(true),
            store: dependencies.store,
            one_click: dependencies.one_click,
            config,
            origin,
            secrets,
            env,
        }))
    }

    /// What time it is by the [`ClockGuard`].
    ///
    /// # Errors
    /// Where the store fails; nobody is let in then.
    pub(crate) async fn now_ms(&self) -> Result<i64, StoreError> {
        self.latest.now_ms(&*self.env, &*self.store).await
    }

    /// Whether new requests are welcome.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Tells the load balancer, by way of readiness, to send nothing more.
    pub(crate) fn begin_to_stop(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }
}
