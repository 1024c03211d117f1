//! Reading a store's upstream: what is asked, what is reused, and what a view can do without.

pub(crate) mod cache;
pub(crate) mod catalogue;
pub(crate) mod links;
pub(crate) mod optional;
pub(crate) mod reader;

use std::sync::Arc;

use cache::{Cache, Pictures};
use futures_util::lock::Mutex;
use protocol::view::Catalogue;
use recharge::Recharge;

use crate::env::Env;
use crate::journal::Journal;
use crate::policy::Policy;

/// The catalogue and when it was read. Whoever comes while it is being read waits for it.
pub(crate) type CatalogCache = Mutex<Option<(i64, Arc<Catalogue>)>>;

/// A store's upstream, with what every reader of it needs.
pub(crate) struct Upstream {
    pub(crate) recharge: Arc<dyn Recharge>,
    pub(crate) env: Arc<dyn Env>,
    pub(crate) journal: Arc<dyn Journal>,
    pub(crate) policy: Arc<Policy>,
    pub(crate) cache: Cache,
    pub(crate) pictures: Pictures,
    pub(crate) catalog: CatalogCache,
}
