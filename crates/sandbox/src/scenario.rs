//! Scenarios: the stores one can begin with.

mod build;
mod bundles;
mod cancelled;
mod catalogue;
mod credits;
mod crowd;
mod dunning;
mod everyday;
mod hostile_text;
mod large;
mod many_addresses;
mod new_customer;
mod prepaid;
mod several_queued;
mod shopify_checkout;
mod tax_included_jpy;
mod two_customers;

use std::fmt;
use std::str::FromStr;

use crate::rows::Tables;

/// A store to begin with. All dates lie around the time it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// A customer in the middle of things: several subscriptions, two addresses, a history.
    Everyday,
    /// A customer who has nothing yet.
    NewCustomer,
    /// A payment that failed and is being retried.
    Dunning,
    /// Only cancelled subscriptions, and orders older than 90 days.
    Cancelled,
    /// Names, titles and properties that try to break out of the page.
    HostileText,
    /// Two customers, each with their own things.
    TwoCustomers,
    /// Deliveries paid ahead, some sent and some to come, and gifts.
    Prepaid,
    /// Twenty-four addresses in twelve countries, five ways to pay.
    ManyAddresses,
    /// Boxes that the customer fills.
    Bundles,
    /// Store credit, a referral link, a punch card.
    Credits,
    /// Prices in yen with tax included.
    TaxIncludedJpy,
    /// A card that can only be read, and no order before its day.
    ShopifyCheckout,
    /// Several charges of each subscription queued at once.
    SeveralQueued,
    /// 600 subscriptions and 5,000 orders.
    Large,
    /// Fifty customers with a subscription each.
    Crowd,
}

impl Scenario {
    /// All of them, in the order in which to offer them.
    pub const ALL: [Scenario; 15] = [
        Scenario::Everyday,
        Scenario::NewCustomer,
        Scenario::Dunning,
        Scenario::Cancelled,
        Scenario::HostileText,
        Scenario::TwoCustomers,
        Scenario::Prepaid,
        Scenario::ManyAddresses,
        Scenario::Bundles,
        Scenario::Credits,
        Scenario::TaxIncludedJpy,
        Scenario::ShopifyCheckout,
        Scenario::SeveralQueued,
        Scenario::Large,
        Scenario::Crowd,
    ];

    /// Its name on the command line and in a switcher, such as `hostile-text`.
    pub fn name(self) -> &'static str {
        match self {
            Scenario::Everyday => "everyday",
            Scenario::NewCustomer => "new-customer",
            Scenario::Dunning => "dunning",
            Scenario::Cancelled => "cancelled",
            Scenario::HostileText => "hostile-text",
            Scenario::TwoCustomers => "two-customers",
            Scenario::Prepaid => "prepaid",
            Scenario::ManyAddresses => "many-addresses",
            Scenario::Bundles => "bundles",
            Scenario::Credits => "credits",
            Scenario::TaxIncludedJpy => "tax-included-jpy",
            Scenario::ShopifyCheckout => "shopify-checkout",
            Scenario::SeveralQueued => "several-queued",
            Scenario::Large => "large",
            Scenario::Crowd => "crowd",
        }
    }

    /// Its rows at `now`.
    pub(crate) fn tables(self, now: i64) -> Tables {
        match self {
            Scenario::Everyday => everyday::tables(now),
            Scenario::NewCustomer => new_customer::tables(now),
            Scenario::Dunning => dunning::tables(now),
            Scenario::Cancelled => cancelled::tables(now),
            Scenario::HostileText => hostile_text::tables(now),
            Scenario::TwoCustomers => two_customers::tables(now),
            Scenario::Prepaid => prepaid::tables(now),
            Scenario::ManyAddresses => many_addresses::tables(now),
            Scenario::Bundles => bundles::tables(now),
            Scenario::Credits => credits::tables(now),
            Scenario::TaxIncludedJpy => tax_included_jpy::tables(now),
            Scenario::ShopifyCheckout => shopify_checkout::tables(now),
            Scenario::SeveralQueued => several_queued::tables(now),
            Scenario::Large => large::tables(now),
            Scenario::Crowd => crowd::tables(now),
        }
    }
}

/// There is no scenario of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoSuchScenario;

impl fmt::Display for NoSuchScenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no such scenario; there are")?;
        Scenario::ALL
            .iter()
            .try_for_each(|scenario| write!(f, " {}", scenario.name()))
    }
}

impl std::error::Error for NoSuchScenario {}

impl FromStr for Scenario {
    type Err = NoSuchScenario;

    fn from_str(name: &str) -> Result<Scenario, NoSuchScenario> {
        Scenario::ALL
            .into_iter()
            .find(|scenario| scenario.name() == name)
            .ok_or(NoSuchScenario)
    }
}
