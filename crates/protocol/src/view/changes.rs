use base::Date;
use recharge::open_enum;
use serde::{Deserialize, Serialize};

use crate::json::{Read, words};

/// What a customer has changed, a page of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct ChangeHistory {
    /// The latest first.
    pub changes: Vec<ChangeRecord>,
    /// The `before` of the next page, milliseconds since 1970; `None` on the last one.
    pub next: Option<i64>,
}

/// One change that was asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct ChangeRecord {
    /// The operation's name, such as `skip_delivery`.
    pub operation: String,
    /// What it was about: a product's title, a street, a day; may be empty.
    pub subject: String,
    /// Who asked for it.
    pub actor: ChangeActor,
    /// The day, in the store's zone.
    pub date: Date,
    /// The minute of that day.
    pub minute: u16,
    /// What became of it.
    pub state: ChangeState,
    /// What was changed.
    pub values: Vec<ChangedValue>,
    /// The reference that the middleware's log has too.
    pub reference: String,
}

/// One value that a change was about, as text; a date stands as `2026-11-21`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct ChangedValue {
    /// The field's name as it was sent, such as `city`.
    pub field: String,
    /// How it was; `None` where that was not noted.
    pub before: Option<String>,
    /// How it was to be.
    pub after: String,
}

open_enum! {
    /// What became of a change.
    pub enum ChangeState {
        /// It happened.
        Done = "done",
        /// A part of it happened.
        Partly = "partly",
        /// Nothing happened.
        Refused = "refused",
    }
}

open_enum! {
    /// Who asked for a change.
    pub enum ChangeActor {
        /// The customer.
        Customer = "customer",
        /// The shop: its staff or its server.
        Shop = "shop",
        /// A rule of the shop's.
        Rule = "rule",
        /// Whoever used a link that was sent to the customer.
        Link = "link",
        /// Somebody outside of the portal: in the shop's own tools, or in the portal that Recharge
        /// hosts.
        Elsewhere = "elsewhere",
    }
}

words!(ChangeActor, ChangeState);

/// All that the portal can show of a customer, to be kept by them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Export {
    /// One JSON file with everything, then a table (CSV) for each list.
    pub files: Vec<ExportFile>,
}

/// One file of an [`Export`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct ExportFile {
    /// Its name: `orders.csv`.
    pub name: String,
    /// What is in it.
    pub text: String,
}
