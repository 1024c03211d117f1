//! What is measured of the calls of Recharge.

use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

/// The upper bounds of the times of calls, seconds.
const CALL_SECONDS: [f64; 9] = [0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3.0, 6.0, 12.0];
/// The upper bounds of the times that calls wait for their turn, seconds.
const WAIT_SECONDS: [f64; 8] = [0.01, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0];

/// Labels, of which there are few values: no ids, names or addresses.
type Labels<const N: usize> = [(&'static str, String); N];

/// What is measured of the calls of Recharge.
#[derive(Debug)]
pub(crate) struct UpstreamMetrics {
    calls: Family<Labels<2>, Histogram, fn() -> Histogram>,
    retries: Counter,
    waits: Histogram,
    refused: Family<Labels<1>, Counter>,
}

/// Why a call was not made.
#[derive(Debug, Clone, Copy)]
pub(super) enum NotSent {
    /// Its turn would have come too late.
    Budget,
    /// Recharge keeps failing.
    Circuit,
}

impl Default for UpstreamMetrics {
    fn default() -> UpstreamMetrics {
        let metrics = UpstreamMetrics {
            calls: Family::<_, _, fn() -> Histogram>::new_with_constructor(|| {
                Histogram::new(CALL_SECONDS)
            }),
            retries: Counter::default(),
            waits: Histogram::new(WAIT_SECONDS),
            refused: Family::default(),
        };
        // From the start on, so that the first one is seen as a difference.
        for reason in [NotSent::Budget, NotSent::Circuit] {
            metrics.refused_for(reason);
        }
        metrics
    }
}

impl UpstreamMetrics {
    /// Notes a call of `route` and the seconds that it took; `status` is 0 where no answer came.
    pub(super) fn call(&self, route: String, status: u16, seconds: f64) {
        let status = match status {
            0 => "none".to_owned(),
            status => status.to_string(),
        };
        let labels = [("call", route), ("status", status)];
        self.calls.get_or_create(&labels).observe(seconds);
    }

    /// Counts a call that is made again.
    pub(super) fn retry(&self) {
        self.retries.inc();
    }

    /// Notes the seconds that a call waited for its turn.
    pub(super) fn wait(&self, seconds: f64) {
        self.waits.observe(seconds);
    }

    /// Counts a call that was not made.
    pub(super) fn refuse(&self, reason: NotSent) {
        self.refused_for(reason).inc();
    }

    fn refused_for(&self, reason: NotSent) -> Counter {
        let reason = match reason {
            NotSent::Budget => "budget",
            NotSent::Circuit => "circuit",
        };
        self.refused
            .get_or_create_owned(&[("reason", reason.to_owned())])
    }

    /// Adds the metrics to `registry`.
    pub(crate) fn register(&self, registry: &mut Registry) {
        registry.register(
            "upstream_request_duration_seconds",
            "Time from sending a call of Recharge to its answer, by call and status",
            self.calls.clone(),
        );
        registry.register(
            "upstream_retries",
            "Calls of Recharge that were made again",
            self.retries.clone(),
        );
        registry.register(
            "upstream_budget_wait_seconds",
            "Time that calls of Recharge waited for their turn",
            self.waits.clone(),
        );
        registry.register(
            "upstream_not_sent",
            "Calls of Recharge that were not made, by reason: budget or circuit",
            self.refused.clone(),
        );
    }
}
