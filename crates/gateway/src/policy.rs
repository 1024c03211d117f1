//! What the merchant decides.

use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

use protocol::view::{
    CancelReason, EditableDetails, Layout, Merchant, QuantityLimits, ShippingMethod,
    SubscriptionRules,
};
use protocol::{
    Announcement, Country, Currency, CustomerId, Date, Money, Operation, PlanId, Tokeniser,
};

use crate::actor::Actor;

/// The merchant's decisions, from the checked configuration file.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The shop, as customers see it.
    pub merchant: Merchant,
    /// The operations that customers may use; the others answer 403.
    pub allowed: BTreeSet<Operation>,
    /// Those of them that the merchant's staff may use for a customer; none where staff only look.
    pub support: BTreeSet<Operation>,
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
    /// What may be added, swapped to and bought once.
    pub products: ProductLists,
    /// What the merchant has to say, the most important first.
    pub announcements: Vec<AnnouncementPolicy>,
    /// What needs a fresh code by email.
    pub step_up: StepUp,
    /// When an operation cannot be used on a subscription.
    pub locks: Vec<LockPolicy>,
    /// A session ends after so many minutes without a request.
    pub idle_minutes: u32,
    /// How long a read of upstream may be reused, milliseconds.
    pub cache_ms: u64,
    /// The same while upstream reports what changes, milliseconds.
    pub reported_cache_ms: u64,
    /// How long a write may still take effect after its answer was lost, milliseconds.
    pub write_window_ms: u64,
}

/// The number of a policy among those of all gateways that share their caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct PolicyId(pub(crate) u64);

impl Policy {
    /// Whether `actor` may use `operation`.
    pub(crate) fn allows(&self, actor: &Actor, operation: Operation) -> bool {
        let is_permitted = !actor.is_staff() || self.support.contains(&operation);
        is_permitted && self.allowed.contains(&operation)
    }

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
    /// Whether the steps are counted.
    pub counted: bool,
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

/// What may be added, swapped to and bought once.
#[derive(Debug, Clone, Default)]
pub struct ProductLists {
    /// What a subscription can be started of.
    pub add: ProductList,
    /// What the product of a subscription can be swapped for.
    pub swap: ProductList,
    /// What can be bought once.
    pub once: ProductList,
}

/// A list of products with the plans by which they are had, and how many of one at once.
#[derive(Debug, Clone, Default)]
pub struct ProductList {
    /// The ids of products, all of whose variants are listed …
    pub products: BTreeSet<String>,
    /// … of collections, all of whose products are …
    pub collections: BTreeSet<String>,
    /// … and of variants. Where all three are empty, everything is listed.
    pub variants: BTreeSet<String>,
    /// The ids of the plans by which it can be had; empty for all.
    pub plans: BTreeSet<u64>,
    /// How many of one product at once; `None` for as many as of a subscription.
    pub quantity: Option<QuantityLimits>,
}

impl ProductList {
    /// Whether a variant is listed, of a product that is in these collections.
    pub(crate) fn has<'a>(
        &self,
        product: &str,
        mut collections: impl Iterator<Item = &'a str>,
        variant: &str,
    ) -> bool {
        let is_open =
            self.products.is_empty() && self.collections.is_empty() && self.variants.is_empty();
        is_open
            || self.products.contains(product)
            || self.variants.contains(variant)
            || collections.any(|id| self.collections.contains(id))
    }

    /// Whether what is listed can be had by a plan.
    pub(crate) fn has_plan(&self, plan: PlanId) -> bool {
        self.plans.is_empty() || self.plans.contains(&plan.0)
    }

    /// How many of one product at once, where a subscription goes by `rules`.
    pub(crate) fn limits(&self, rules: &SubscriptionRules) -> QuantityLimits {
        self.quantity.unwrap_or(QuantityLimits {
            fewest: rules.fewest,
            most: rules.most,
        })
    }
}

/// Something that the merchant has to say, to whom and when.
#[derive(Debug, Clone)]
pub struct AnnouncementPolicy {
    /// What customers see.
    pub announcement: Announcement,
    /// The customers who see it.
    pub audience: Audience,
    /// The first day on which it is shown; `None` for at once.
    pub from: Option<Date>,
    /// The last day; `None` for as long as it is in the file.
    pub until: Option<Date>,
}

/// The customers who see an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Audience {
    /// All.
    #[default]
    All,
    /// Those with an active subscription.
    Active,
    /// Those who had subscriptions and have none that is active.
    Cancelled,
    /// Those who have been customers for at most 30 days.
    New,
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

/// What needs a fresh code by email.
#[derive(Debug, Clone, Default)]
pub struct StepUp {
    /// Paying more than this at once; `None` for no such limit.
    pub pay_above: Option<Money>,
    /// The export of all that is known about them.
    pub export: bool,
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
