//! What the merchant decides.

use std::collections::BTreeSet;

use protocol::view::Merchant;
use protocol::{Country, Currency, Operation};

/// The merchant's decisions, from the checked configuration file.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The shop, as customers see it.
    pub merchant: Merchant,
    /// The operations that customers may use; the others answer 403.
    pub allowed: BTreeSet<Operation>,
    /// The reasons offered for cancelling, in order.
    pub cancel_reasons: Vec<String>,
    /// The countries that the store ships to.
    pub countries: Vec<Country>,
    /// Whether customers may order what is out of stock: its delivery then waits.
    pub zero_inventory_purchase: bool,
    /// The store's currency, where an upstream object names none.
    pub currency: Currency,
    /// How many days ahead the delivery schedule reaches.
    pub horizon_days: u32,
    /// A delivery can be changed until this many days before its date …
    pub cut_off_days: u32,
    /// … at this many minutes after midnight, in the store's zone.
    pub cut_off_minute: u16,
    /// How long a read of upstream may be reused, milliseconds.
    pub cache_ms: u64,
    /// How long a write may still take effect after its answer was lost, milliseconds.
    pub write_window_ms: u64,
}
