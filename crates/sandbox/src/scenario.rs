//! Scenarios: the stores one can begin with.

mod build;
mod cancelled;
mod catalogue;
mod dunning;
mod everyday;
mod hostile_text;
mod new_customer;
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
}

impl Scenario {
    /// All of them, in the order in which to offer them.
    pub const ALL: [Scenario; 6] = [
        Scenario::Everyday,
        Scenario::NewCustomer,
        Scenario::Dunning,
        Scenario::Cancelled,
        Scenario::HostileText,
        Scenario::TwoCustomers,
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
