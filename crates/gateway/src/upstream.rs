//! Reading a store's upstream: what is asked, what is reused, and what a view can do without.

pub(crate) mod cache;
pub(crate) mod catalogue;
pub(crate) mod links;
pub(crate) mod optional;
pub(crate) mod reader;
pub(crate) mod sold;

use std::sync::Arc;

use cache::{Cache, Pictures};
use recharge::Recharge;
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
        }
    }
}
