//! Running: the listener, the work in the background, and the end.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use base::Date;
use tokio::net::TcpListener;
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};
use tokio_util::sync::CancellationToken;

use crate::connections::Connections;
use crate::http::metrics;
use crate::live::Live;
use crate::outbox;
use crate::reload::{self, ConfigFile};
use crate::session;
use crate::state::App;
use crate::store::{StoreError, Sweep};
use crate::webhooks::work;

/// How often changes whose answer was lost are looked after.
const RESOLVE_EVERY: Duration = Duration::from_secs(3);
/// How often what has expired is forgotten.
const SWEEP_EVERY: Duration = Duration::from_secs(60);
/// The steps of canceling are kept for so many days.
const FUNNEL_DAYS: i32 = 400;
/// How often the audit log is pruned and its head written down.
const RECORDS_EVERY: Duration = Duration::from_secs(24 * 3_600);
/// After being told to stop, so long new requests are still served while readiness says no.
const DRAIN: Duration = Duration::from_secs(1);
/// So long what is under way may take to finish.
const GRACE: Duration = Duration::from_secs(45);
/// Finished changes are remembered for so long, milliseconds: two years, as customers read in them
/// what they have changed.
const REMEMBER_MS: i64 = 2 * 365 * 24 * 3_600_000;
/// A spent link or token is known for so long after it expired, milliseconds: an hour.
const SPENT_MS: i64 = 3_600_000;

/// Serves `app` on `listener` until `shutdown` ends; then turns readiness off, finishes what is
/// under way and returns.
pub async fn serve(listener: TcpListener, app: Arc<App>, shutdown: impl Future<Output = ()>) {
    run(listener, app, None, shutdown).await;
}

/// The same, and follows changes of the configuration's `file`.
pub async fn serve_file(
    listener: TcpListener,
    app: Arc<App>,
    file: ConfigFile,
    shutdown: impl Future<Output = ()>,
) {
    run(listener, app, Some(file), shutdown).await;
}

async fn run(
    listener: TcpListener,
    app: Arc<App>,
    file: Option<ConfigFile>,
    shutdown: impl Future<Output = ()>,
) {
    let stop = CancellationToken::new();
    let live = Live::new(Arc::clone(&app));
    let mut background = vec![
        tokio::spawn(resolve(live.clone(), stop.clone())),
        tokio::spawn(sweep(live.clone(), stop.clone())),
        tokio::spawn(deliver(live.clone(), stop.clone())),
        tokio::spawn(keep_records(live.clone(), stop.clone())),
    ];
    if app.config.webhooks.is_some() {
        background.push(tokio::spawn(handle_reports(live.clone(), stop.clone())));
        background.push(tokio::spawn(sweep_unreported(live.clone(), stop.clone())));
    }
    if let Some(file) = file {
        let (live, stop) = (live.clone(), stop.clone());
        background.push(tokio::spawn(async move {
            stop.run_until_cancelled(reload::follow(file, live)).await;
        }));
    }
    let connections = Connections::new(&live, stop.clone());
    let told_to_stop = async {
        shutdown.await;
        tracing::info!("stopping");
        app.begin_to_stop();
        sleep(DRAIN).await;
    };
    tokio::select! {
        () = connections.accept(&listener) => {}
        () = told_to_stop => {}
    }
    drop(listener);
    stop.cancel();
    let _ = timeout(GRACE, connections.end()).await;
    app.changes.close();
    // Changes of browsers that left; what is not finished is resolved at the next start.
    let _ = timeout(GRACE, app.changes.wait()).await;
    for task in background {
        let _ = task.await;
    }
    tracing::info!("stopped");
}

/// Serves the metrics of `app` on `listener` until `shutdown` ends.
pub async fn serve_metrics(
    listener: TcpListener,
    app: Arc<App>,
    shutdown: impl Future<Output = ()>,
) {
    if let Ok(address) = listener.local_addr() {
        tracing::info!(%address, "serving metrics");
    }
    let stop = CancellationToken::new();
    let live = Live::with_routes(Arc::clone(&app), metrics::router(&app));
    let connections = Connections::new(&live, stop.clone());
    tokio::select! {
        () = connections.accept(&listener) => {}
        () = shutdown => {}
    }
    stop.cancel();
    connections.end().await;
}

async fn resolve(live: Live, stop: CancellationToken) {
    let mut ticks = interval(RESOLVE_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            ticks.tick().await;
            let open = live.app().gateway.resolve().await;
            if open > 0 {
                tracing::warn!(open, "changes whose answer was lost");
            }
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn deliver(live: Live, stop: CancellationToken) {
    let mut ticks = interval(outbox::EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            ticks.tick().await;
            if let Err(error) = outbox::deliver(&live.app()).await {
                tracing::error!(%error, "the outbox failed");
            }
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn handle_reports(live: Live, stop: CancellationToken) {
    let mut ticks = interval(work::EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            ticks.tick().await;
            if let Err(error) = live.app().handle_reports().await {
                tracing::error!(%error, "reports of Recharge cannot be handled");
            }
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn sweep_unreported(live: Live, stop: CancellationToken) {
    let mut ticks = interval(work::SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            ticks.tick().await;
            live.app().sweep_unreported().await;
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn sweep(live: Live, stop: CancellationToken) {
    let mut ticks = interval(SWEEP_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            ticks.tick().await;
            if let Err(error) = live.app().sweep().await {
                tracing::error!(%error, "the sweep failed");
            }
        }
    };
    stop.run_until_cancelled(work).await;
}

async fn keep_records(live: Live, stop: CancellationToken) {
    let mut ticks = interval(RECORDS_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let work = async {
        loop {
            ticks.tick().await;
            if let Err(error) = live.app().keep_records().await {
                tracing::error!(%error, "records cannot be pruned");
            }
        }
    };
    stop.run_until_cancelled(work).await;
}

impl App {
    /// Drops the records that are too old and writes down where the audit log ends, as [`serve`] does
    /// at start and every day: whoever keeps the log of requests elsewhere can then prove that nothing
    /// was cut off.
    ///
    /// # Errors
    /// Where the store cannot be read or written.
    pub async fn keep_records(&self) -> Result<(), StoreError> {
        let before_ms = self.env.now_ms() - self.config.audit_ms;
        let pruned = self.audit_log.prune(before_ms).await?;
        let forgotten = Date::from_unix_ms(self.env.now_ms()).add_days(-FUNNEL_DAYS);
        self.funnel.forget_steps(forgotten).await?;
        let head = self.audit_log.head().await?;
        tracing::info!(pruned, head = %head, "the audit log");
        Ok(())
    }

    /// Forgets what has expired by now, as [`serve`] does every minute.
    ///
    /// # Errors
    /// Where the store cannot be written.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let now_ms = self.env.now_ms();
        let limits = &self.config.session;
        let before = Sweep {
            links_before_ms: now_ms - SPENT_MS,
            seen_before_ms: now_ms - limits.idle_ms,
            begun_before_ms: now_ms - limits.absolute_ms,
            changes_before_ms: now_ms - REMEMBER_MS,
            now_ms,
        };
        self.limits.sweep();
        session::store_ended(self).await?;
        self.spent_tokens.forget_spent(now_ms - SPENT_MS).await?;
        self.store.sweep(before).await
    }
}
