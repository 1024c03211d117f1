//! What a store sells, as far as it was read.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex as SyncMutex};

use futures_util::lock::Mutex;
use protocol::view::Catalogue;
use recharge::{ExternalId, Listed, Plan, Product};

/// What the store sells, as it was last read. Whoever comes while it is being read waits for it.
pub(crate) type SoldCache = Mutex<Option<Arc<Sold>>>;
/// The catalogue that a policy last made of what the store sells, and of which reading.
pub(crate) type OfferedCatalog = SyncMutex<Option<(i64, Arc<Catalogue>)>>;

/// What the store sells.
pub(crate) struct Sold {
    /// When it was read, milliseconds since 1970.
    pub(super) read_ms: i64,
    pub(super) plans: Vec<Plan>,
    pub(super) products: Listed<Product>,
    /// The variants of which nothing is left.
    pub(super) out: BTreeSet<ExternalId>,
    /// The collections that each product is in, by id and title.
    pub(super) collections: BTreeMap<ExternalId, Vec<(ExternalId, String)>>,
}
