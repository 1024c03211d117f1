//! What the merchant decides.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use protocol::view::{
    CancelReason, EditableDetails, Layout, Merchant, ShippingMethod, SubscriptionRules,
};
use protocol::{Country, Currency, CustomerId, Date, Money, Operation, Tokeniser};

/// The merchant's decisions, from the checked configuration file.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The shop, as customers see it.
    pub merchant: Merchant,
    /// The operations that customers may use; the others answer 403.
    pub allowed: BTreeSet<Operation>,
    /// What customers are asked when they cancel, and offered instead.
    pub cancellation: CancellationPolicy,
    /// Which of their name and telephone customers may change.
    pub editable: EditableDetails,
    /// Whether customers see their orders so far.
    pub invoices: bool,
    /// Whether customers have a tax id here, which is then on receipts.
    pub tax_ids: bool,
    /// The order of the sections and of what can be done with a subscription.
    pub layout: Layout,
    /// The countries that the store ships to.
    pub countries: Vec<Country>,
    /// Whether customers may order what is out of stock: its delivery then waits.
    pub zero_inventory_purchase: bool,
    /// How cards are added; `None` where they are not added here.
    pub tokeniser: Option<Tokeniser>,
    /// The ways in which customers can have things sent; empty where they cannot choose.
    pub shipping_methods: Vec<ShippingMethod>,
    /// What sending things costs by country, as far as the merchant says so.
    pub shipping_rates: Vec<ShippingRate>,
    /// The store's currency, where an upstream object names none.
    pub currency: Currency,
    /// How many days ahead the delivery schedule reaches.
    pub horizon_days: u32,
    /// A delivery can be changed until this many days before its date …
    pub cut_off_days: u32,
    /// … at this many minutes after midnight, in the store's zone.
    pub cut_off_minute: u16,
    /// The days on which nothing is sent.
    pub closed: ClosedDays,
    /// What may be chosen for a subscription.
    pub subscriptions: SubscriptionRules,
    /// When an operation cannot be used on a subscription.
    pub locks: Vec<LockPolicy>,
    /// A session ends after so many minutes without a request.
    pub idle_minutes: u32,
    /// How long a read of upstream may be reused, milliseconds.
    pub cache_ms: u64,
    /// How long a write may still take effect after its answer was lost, milliseconds.
    pub write_window_ms: u64,
}

/// The number of a policy among those of all gateways that share their caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PolicyId(pub(crate) u64);

impl Policy {
    /// The way of sending things that has this code.
    pub(crate) fn shipping_method(&self, code: &str) -> Option<&ShippingMethod> {
        let mut methods = self.shipping_methods.iter();
        methods.find(|method| method.code == code)
    }
}

/// What customers are asked when they cancel, and offered instead.
#[derive(Debug, Clone, Default)]
pub struct CancellationPolicy {
    /// The reasons, in order.
    pub reasons: Vec<CancelReason>,
    /// Whether each customer sees the reasons in an order of their own, the last one last.
    pub shuffled: bool,
    /// Whether a reason has to be chosen.
    pub required: bool,
    /// The reason that is sent upstream, which requires one, where the customer chose none.
    pub default_reason: String,
    /// What can be done instead, in order.
    pub offers: Vec<Operation>,
}

impl CancellationPolicy {
    /// The reasons as one customer sees them. Their own order is the same each time.
    pub(crate) fn reasons_for(&self, customer: CustomerId) -> Vec<CancelReason> {
        let mut reasons = self.reasons.clone();
        let others = reasons.len().saturating_sub(1);
        if self.shuffled {
            let place = |reason: &CancelReason| {
                let mut hasher = DefaultHasher::new();
                (customer, &reason.id).hash(&mut hasher);
                hasher.finish()
            };
            reasons[..others].sort_by_key(place);
        }
        reasons
    }
}

/// What sending things to a country costs where nothing else is chosen.
#[derive(Debug, Clone)]
pub struct ShippingRate {
    /// The country, two letters.
    pub country_code: String,
    /// The price of each delivery.
    pub price: Money,
    /// Items of at least this sum cost nothing to send; `None` where they always cost.
    pub free_from: Option<Money>,
}

/// The days that customers cannot choose.
#[derive(Debug, Clone, Default)]
pub struct ClosedDays {
    /// Days of the week, 0 for Monday.
    pub weekdays: BTreeSet<u32>,
    /// Single days.
    pub dates: BTreeSet<Date>,
}

/// When one operation cannot be used on a subscription.
#[derive(Debug, Clone)]
pub struct LockPolicy {
    /// The operation.
    pub operation: Operation,
    /// It needs so many orders of the subscription first; 0 for none.
    pub minimum_orders: u32,
    /// It can be used up to so many days before the next charge; 0 for always.
    pub days_before: u32,
}
