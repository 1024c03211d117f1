//! Everything the handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use gateway::{Env, Gateway, Journal, Policy};
use recharge::Recharge;
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

use crate::assets::Assets;
use crate::clock_guard::ClockGuard;
use crate::config::{Config, Origin, Secrets};
use crate::config_health::ConfigHealth;
use crate::configurations::Configurations;
use crate::exports::Exports;
use crate::headers::SecurityHeaders;
use crate::limit::Limits;
use crate::mail::{EmailSender, Mail};
use crate::messages::Languages;
use crate::metrics::Metrics;
use crate::outbox::webhook::Webhooks;
use crate::processor::Processor;
use crate::session::ended::EndedSessions;
use crate::sign_on::SignOn;
use crate::store::{
    AuditLog, Database, Funnel, Logins, OneClickLinks, Outbox, PostgresStore, Reports, SpentTokens,
    Statistics, Store, StoreError,
};
use crate::upstream::{HttpRecharge, UpstreamHealth};
use crate::webhooks::intake::Intake;

/// The path of the login page.
pub(crate) const LOGIN: &str = "/portal/login";
/// Emails of the login page that are on their way at once.
const LOGIN_EMAILS: usize = 32;

/// The outside: what a test puts something else in place of.
pub struct Dependencies {
    /// Clock and randomness.
    pub env: Arc<dyn Env>,
    /// Links and sessions.
    pub store: Arc<dyn Store>,
    /// Links that make one change.
    pub one_click: Arc<dyn OneClickLinks>,
    /// What the login page has asked customers to prove.
    pub logins: Arc<dyn Logins>,
    /// Used tokens of other systems.
    pub spent_tokens: Arc<dyn SpentTokens>,
    /// Changes.
    pub journal: Arc<dyn Journal>,
    /// What is to be done outside.
    pub outbox: Arc<dyn Outbox>,
    /// What Recharge reports.
    pub reports: Arc<dyn Reports>,
    /// Who did what.
    pub audit_log: Arc<dyn AuditLog>,
    /// How much there is.
    pub statistics: Arc<dyn Statistics>,
    /// How customers cancel.
    pub funnel: Arc<dyn Funnel>,
    /// The way to Recharge.
    pub upstream: Arc<dyn Recharge>,
    /// What is known of Recharge's health.
    pub upstream_health: Arc<UpstreamHealth>,
    /// The payment processor, where cards are added here.
    pub processor: Option<Processor>,
}

impl Dependencies {
    /// Those of a server that stores everything in `database`.
    pub fn over<D: Database>(
        database: &Arc<D>,
        env: Arc<dyn Env>,
        upstream: HttpRecharge,
        processor: Option<Processor>,
    ) -> Dependencies {
        Dependencies {
            env,
            store: database.clone(),
            one_click: database.clone(),
            logins: database.clone(),
            spent_tokens: database.clone(),
            journal: database.clone(),
            outbox: database.clone(),
            reports: database.clone(),
            audit_log: database.clone(),
            statistics: database.clone(),
            funnel: database.clone(),
            upstream_health: upstream.health(),
            upstream: Arc::new(upstream),
            processor,
        }
    }
}

/// Everything the handlers share, under one state of the configuration file. Another state has an
/// `App` of its own, which shares all but what is configured.
#[derive(Clone)]
pub struct App {
    pub(crate) config: Config,
    pub(crate) origin: Origin,
    pub(crate) secrets: Secrets,
    pub(crate) env: Arc<dyn Env>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) one_click: Arc<dyn OneClickLinks>,
    pub(crate) logins: Arc<dyn Logins>,
    pub(crate) spent_tokens: Arc<dyn SpentTokens>,
    pub(crate) sign_on: Arc<SignOn>,
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) reports: Arc<dyn Reports>,
    pub(crate) intake: Arc<Intake>,
    pub(crate) audit_log: Arc<dyn AuditLog>,
    pub(crate) statistics: Arc<dyn Statistics>,
    pub(crate) funnel: Arc<dyn Funnel>,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) upstream: Arc<dyn Recharge>,
    /// The gateway under the policy that is for nobody in particular.
    pub(crate) gateway: Arc<Gateway>,
    pub(crate) configurations: Arc<Configurations>,
    pub(crate) upstream_health: Arc<UpstreamHealth>,
    pub(crate) processor: Option<Arc<Processor>>,
    pub(crate) webhooks: Arc<Webhooks>,
    pub(crate) mail: Arc<Mail>,
    pub(crate) assets: Assets,
    pub(crate) headers: SecurityHeaders,
    pub(crate) limits: Arc<Limits>,
    pub(crate) exports: Arc<Exports>,
    /// Changes under way; they outlive the request that asked for them.
    pub(crate) changes: TaskTracker,
    /// What bounds the emails of the login page that are on their way.
    pub(crate) login_emails: Arc<Semaphore>,
    /// Sessions that were ended while the store could not be written.
    pub(crate) ended: Arc<EndedSessions>,
    /// Whether the store worked when it was last asked.
    pub(crate) store_works: Arc<AtomicBool>,
    /// When it was last looked for changes that no webhook reported, milliseconds since 1970.
    pub(crate) swept_ms: Arc<AtomicI64>,
    pub(crate) config_health: Arc<ConfigHealth>,
    pub(crate) latest: Arc<ClockGuard>,
    ready: Arc<AtomicBool>,
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
        let env = dependencies.env;
        let mail = Arc::new(Mail::new(&config, &secrets));
        let shared = Gateway::new(
            Arc::clone(&dependencies.upstream),
            Arc::clone(&env),
            dependencies.journal,
            Arc::new(config.policy.clone()),
        );
        let configurations = {
            let emails = Emails {
                mail: &mail,
                outbox: &dependencies.outbox,
                env: &env,
                languages: &config.languages,
            };
            configurations(&config, &origin, &shared, &emails)
        };
        Ok(Arc::new(App {
            gateway: Arc::clone(configurations.default_gateway()),
            configurations,
            webhooks: Arc::new(Webhooks::new(&config, &secrets)?),
            sign_on: Arc::new(SignOn::new(&config, &secrets, &origin)?),
            spent_tokens: dependencies.spent_tokens,
            assets: assets.with_languages(&config.languages),
            mail,
            outbox: dependencies.outbox,
            reports: dependencies.reports,
            intake: Arc::default(),
            audit_log: dependencies.audit_log,
            statistics: dependencies.statistics,
            funnel: dependencies.funnel,
            metrics: Arc::default(),
            upstream: dependencies.upstream,
            upstream_health: dependencies.upstream_health,
            processor: dependencies.processor.map(Arc::new),
            headers: SecurityHeaders::new(&config),
            limits: Arc::new(Limits::new(&config, &env)),
            exports: Arc::default(),
            changes: TaskTracker::new(),
            ended: Arc::default(),
            store_works: Arc::new(AtomicBool::new(true)),
            swept_ms: Arc::default(),
            config_health: Arc::default(),
            latest: Arc::default(),
            ready: Arc::new(AtomicBool::new(true)),
            store: dependencies.store,
            one_click: dependencies.one_click,
            logins: dependencies.logins,
            login_emails: Arc::new(Semaphore::new(LOGIN_EMAILS)),
            config,
            origin,
            secrets,
            env,
        }))
    }

    /// The same application under another configuration of the same process. What is under way
    /// goes on, sessions stay, and what was read of upstream is shared.
    pub(crate) fn reconfigured(&self, config: Config) -> App {
        let emails = Emails {
            mail: &self.mail,
            outbox: &self.outbox,
            env: &self.env,
            languages: &config.languages,
        };
        let configurations = configurations(&config, &self.origin, &self.gateway, &emails);
        App {
            gateway: Arc::clone(configurations.default_gateway()),
            configurations,
            assets: self.assets.clone().with_languages(&config.languages),
            headers: SecurityHeaders::new(&config),
            config,
            ..self.clone()
        }
    }

    /// Drops what other processes over `database` have made untrue, without end.
    pub async fn follow(&self, database: &PostgresStore) {
        database.follow(&self.gateway).await;
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

/// What emails to customers are made with, the name of the shop apart.
struct Emails<'a> {
    mail: &'a Arc<Mail>,
    outbox: &'a Arc<dyn Outbox>,
    env: &'a Arc<dyn Env>,
    languages: &'a Arc<Languages>,
}

impl Emails<'_> {
    fn of_shop(&self, shop: &str) -> EmailSender {
        EmailSender {
            mail: Arc::clone(self.mail),
            outbox: Arc::clone(self.outbox),
            env: Arc::clone(self.env),
            shop: shop.to_owned(),
            languages: Arc::clone(self.languages),
        }
    }
}

/// The configurations of a portal at `origin`, with gateways that share what `shared` has.
fn configurations(
    config: &Config,
    origin: &Origin,
    shared: &Gateway,
    emails: &Emails<'_>,
) -> Arc<Configurations> {
    let gateway = |policy: &Policy| {
        let mut policy = policy.clone();
        // A page of another origin, or with a `<base>`, would lead a path elsewhere.
        if let Some(logo) = &mut policy.merchant.logo
            && logo.starts_with('/')
        {
            logo.insert_str(0, origin.as_str());
        }
        let login_url = config.login.as_ref().map(|_| format!("{origin}{LOGIN}"));
        policy.merchant.login_url = login_url;
        let emails = emails.of_shop(&policy.merchant.name);
        let gateway = shared.with_policy(Arc::new(policy));
        gateway.with_mailer(Arc::new(emails))
    };
    Arc::new(Configurations::new(config, gateway))
}
