//! What one signed-in customer may do.
//!
//! The [`Gateway`] stands between a customer's requests and a store's upstream that would obey
//! anything: it decides whose things may be seen and changed, carries each change out exactly
//! once, and makes the views that the browser gets. It runs in the middleware over HTTPS, and in
//! mock mode in the browser over the sandbox: the same code.

mod actions;
mod cache;
mod card_setup;
mod catalogue;
mod change;
mod entry;
mod env;
mod guard;
mod hand_over;
mod journal;
mod kept;
mod mailer;
mod metafield;
mod operations;
mod plan;
mod policy;
mod preview;
mod read;
mod reader;
mod refusals;
mod rules;
mod views;

use std::sync::Arc;

use protocol::{CustomerId, Intent, Outcome, Problem, Query};
use recharge::Recharge;

use cache::{Cache, Pictures};
use catalogue::Shelf;
use change::Lines;
use kept::Kept;
use mailer::NoMail;
use preview::Foreseen;

pub use entry::Lookup;
pub use env::Env;
pub use journal::{Begun, Entry, EntryState, Journal, JournalError, MemoryJournal};
pub use mailer::{Letter, MailError, Mailer};
pub use operations::{Row, row};
pub use policy::{ClosedDays, LockPolicy, Policy};
pub use read::Reading;

/// What one signed-in customer may do, over one store.
pub struct Gateway {
    upstream: Arc<dyn Recharge>,
    env: Arc<dyn Env>,
    journal: Arc<dyn Journal>,
    policy: Arc<Policy>,
    cache: Cache,
    pictures: Pictures,
    shelf: Shelf,
    kept: Kept,
    foreseen: Foreseen,
    lines: Lines,
    mailer: Arc<dyn Mailer>,
}

/// Who asks, and from where.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The customer.
    pub customer: CustomerId,
    /// A name of her session: codes sent by mail are good in the one that asked for them.
    pub session: String,
    /// The reference of her request, under which the outcome is known; one is made where it is
    /// empty.
    pub reference: String,
}

impl From<CustomerId> for Caller {
    /// A customer where there is one session and nothing else to tell.
    fn from(customer: CustomerId) -> Caller {
        Caller {
            customer,
            session: String::new(),
            reference: String::new(),
        }
    }
}

impl Gateway {
    /// A gateway over `upstream` that remembers its changes in `journal`.
    pub fn new(
        upstream: Arc<dyn Recharge>,
        env: Arc<dyn Env>,
        journal: Arc<dyn Journal>,
        policy: Arc<Policy>,
    ) -> Gateway {
        Gateway {
            upstream,
            env,
            journal,
            policy,
            cache: Cache::default(),
            pictures: Pictures::default(),
            shelf: Shelf::default(),
            kept: Kept::default(),
            foreseen: Foreseen::default(),
            lines: Lines::default(),
            mailer: Arc::new(NoMail),
        }
    }

    /// The same, which writes to customers by `mailer`.
    #[must_use]
    pub fn with_mailer(self, mailer: Arc<dyn Mailer>) -> Gateway {
        Gateway { mailer, ..self }
    }

    /// Drops what was read for a customer before it wrote.
    fn forget_reads(&self, customer: CustomerId) {
        self.cache.forget(customer);
        self.kept.forget(customer);
    }

    /// Answers `query` for `customer` with the view's JSON.
    ///
    /// # Errors
    /// A [`Problem`]: not found (also for what is not this customer's), upstream unavailable.
    pub async fn read(&self, customer: CustomerId, query: &Query) -> Result<String, Problem> {
        self.view(customer, query).await
    }

    /// Carries `intent` out for `caller`, once for each `key` (a UUID made by the browser).
    /// The same key and intent answer again what they answered before.
    /// A customer's changes run one after another within this gateway; processes that share a
    /// journal have to send one customer to one of them.
    ///
    /// # Errors
    /// A [`Problem`] where nothing was tried: switched off, not this customer's, key reused,
    /// an earlier change still being checked, journal unavailable.
    pub async fn change(
        &self,
        caller: impl Into<Caller>,
        key: &str,
        intent: Intent,
    ) -> Result<Outcome, Problem> {
        self.carry_out(caller.into(), key, intent).await
    }

    /// Looks after changes whose answer was lost, this process's and those of one that was
    /// killed: reads back what became of them and closes them. To be called at start and then
    /// every few seconds; does nothing, cheaply, where nothing is open. Answers how many remain,
    /// none where the journal cannot be read.
    pub async fn resolve(&self) -> usize {
        self.resolve_all().await
    }
}
