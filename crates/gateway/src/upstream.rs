//! Reading a store's upstream: what is asked, what is reused, and what a view can do without.

pub(crate) mod cache;
pub(crate) mod catalogue;
pub(crate) mod links;
pub(crate) mod optional;
pub(crate) mod reader;
pub(crate) mod sold;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use cache::{Cache, Keep, Pictures};
use recharge::{Recharge, Request};
use sold::{OfferedCatalog, SoldCache};

use crate::env::Env;
use crate::journal::Journal;
use crate::policy::Policy;

/// A store's upstream, with what every reader of it needs.
pub(crate) struct Upstream {
    pub(crate) recharge: Arc<dyn Recharge>,
    pub(crate) env: Arc<dyn Env>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) cache: Arc<Cache>,
    pub(crate) pictures: Arc<Pictures>,
    /// What the store sells, whatever the policy.
    pub(crate) sold: Arc<SoldCache>,
    /// The catalogue that the policy makes of it.
    pub(crate) offered: OfferedCatalog,
    /// Until when upstream's reports can be relied on, milliseconds since 1970.
    pub(crate) reports_until_ms: Arc<AtomicI64>,
}

impl Upstream {
    /// An upstream of which nothing was read yet.
    pub(crate) fn new(
        recharge: Arc<dyn Recharge>,
        env: Arc<dyn Env>,
        journal: Arc<dyn Journal>,
        policy: Arc<Policy>,
    ) -> Upstream {
        Upstream {
            recharge,
            env,
            journal,
            policy,
            cache: Arc::default(),
            pictures: Arc::default(),
            sold: Arc::default(),
            offered: OfferedCatalog::default(),
            reports_until_ms: Arc::default(),
        }
    }

    /// The same upstream under another policy, which shares what was read.
    pub(crate) fn with_policy(&self, policy: Arc<Policy>) -> Upstream {
        Upstream {
            recharge: Arc::clone(&self.recharge),
            env: Arc::clone(&self.env),
            journal: Arc::clone(&self.journal),
            policy,
            cache: Arc::clone(&self.cache),
            pictures: Arc::clone(&self.pictures),
            sold: Arc::clone(&self.sold),
            offered: OfferedCatalog::default(),
            reports_until_ms: Arc::clone(&self.reports_until_ms),
        }
    }

    /// How long the answer to `request` may be reused. Where upstream reports what changes, that
    /// is longer, but not beyond midnight: what is to come depends on the day.
    pub(crate) fn keep(&self, request: &Request) -> Keep {
        let usual_ms = i64::try_from(self.policy.cache_ms).unwrap_or(i64::MAX);
        let now_ms = self.env.now_ms();
        if self.reports_until_ms.load(Ordering::Relaxed) <= now_ms {
            return Keep::at_most(usual_ms);
        }
        let today_ms = i64::from(self.env.local(now_ms).1) * 60_000;
        let reported_ms = i64::try_from(self.policy.reported_cache_ms).unwrap_or(i64::MAX);
        let longest_ms = reported_ms.min(today_ms).max(usual_ms);
        Keep {
            ms: if is_reported(&request.path) {
                longest_ms
            } else {
                usual_ms
            },
            longest_ms,
        }
    }
}

/// Whether webhooks report every change of what is at `path`.
fn is_reported(path: &str) -> bool {
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["customers", _] | ["customers", _, "delivery_schedule"] => true,
        [resource, ..] => matches!(
            *resource,
            "addresses"
                | "bundle_selections"
                | "charges"
                | "onetimes"
                | "orders"
                | "payment_methods"
                | "subscriptions"
        ),
        [] => false,
    }
}
