//! Everything the handlers share, and the table of routes.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use gateway::{Env, Gateway, Journal};
use recharge::Recharge;
use tokio_util::task::TaskTracker;
use tower_http::catch_panic::CatchPanicLayer;

use crate::assets::Assets;
use crate::config::{Config, Origin, Secrets};
use crate::headers::SecurityHeaders;
use crate::limit::RateLimit;
use crate::mail::{Letters, Mail};
use crate::outbox::Webhooks;
use crate::problem::Refusal;
use crate::processor::Processor;
use crate::store::{Outbox, Store};
use crate::{api, assets, entry, hand_over, health, log};

/// The outside: what a test puts something else in place of.
pub struct World {
    /// Clock and randomness.
    pub env: Arc<dyn Env>,
    /// Links and sessions.
    pub store: Arc<dyn Store>,
    /// Changes.
    pub journal: Arc<dyn Journal>,
    /// What is to be done outside.
    pub outbox: Arc<dyn Outbox>,
    /// The way to Recharge.
    pub upstream: Arc<dyn Recharge>,
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
    pub(crate) outbox: Arc<dyn Outbox>,
    pub(crate) gateway: Gateway,
    pub(crate) processor: Option<Processor>,
    pub(crate) webhooks: Webhooks,
    pub(crate) mail: Arc<Mail>,
    pub(crate) assets: Assets,
    pub(crate) headers: SecurityHeaders,
    pub(crate) limit: RateLimit,
    /// Changes under way; they outlive the request that asked for them.
    pub(crate) changes: TaskTracker,
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
        world: World,
    ) -> Result<Arc<App>, reqwest::Error> {
        let policy = Arc::new(config.policy.clone());
        let env = world.env;
        let mail = Arc::new(Mail::new(&config, &secrets));
        let letters = Letters {
            mail: Arc::clone(&mail),
            outbox: Arc::clone(&world.outbox),
            env: Arc::clone(&env),
            shop: policy.merchant.name.clone(),
        };
        let gateway = Gateway::new(world.upstream, Arc::clone(&env), world.journal, policy);
        Ok(Arc::new(App {
            gateway: gateway.with_mailer(Arc::new(letters)),
            webhooks: Webhooks::new(&config, &secrets)?,
            mail,
            outbox: world.outbox,
            processor: world.processor,
            headers: SecurityHeaders::new(
                &config.frame_ancestors,
                config.payments.as_ref().map(|payments| &payments.sources),
            ),
            limit: RateLimit::per_minute(config.session.requests_per_minute),
            changes: TaskTracker::new(),
            ready: AtomicBool::new(true),
            store: world.store,
            config,
            origin,
            secrets,
            env,
            assets,
        }))
    }

    /// Whether new requests are welcome.
    pub(crate) fn is_ready(&self) -> bool {
        self.ready.load(Ordering::Relaxed)
    }

    /// Tells the load balancer, by way of readiness, to send nothing more.
    pub(crate) fn begin_to_stop(&self) {
        self.ready.store(false, Ordering::Relaxed);
    }

    /// The routes: what the merchant's server uses, what the browser uses, what operators use.
    pub fn router(self: &Arc<App>) -> Router {
        Router::new()
            .merge(entry::routes())
            .merge(api::routes())
            .merge(hand_over::routes())
            .merge(assets::routes())
            .merge(health::routes())
            .route("/", get(|| async { Redirect::to("/portal/") }))
            .fallback(async || Refusal::no_route())
            .method_not_allowed_fallback(async || Refusal::method(&["GET", "HEAD"]))
            .layer(CatchPanicLayer::custom(|_| panicked()))
            .layer(from_fn_with_state(Arc::clone(self), log::answer))
            .with_state(Arc::clone(self))
    }
}

/// The panic itself is logged by the hook that [`log::init`] sets.
fn panicked() -> Response {
    Refusal::internal().into_response()
}
