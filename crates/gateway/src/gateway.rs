//! The gateway: what one signed-in customer may do, over one store.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use protocol::{CustomerId, Intent, Outcome, Problem, ProblemKind, Query};
use recharge::Recharge;

use crate::actor::Actor;
use crate::counts::{Counter, Counts};
use crate::engine::locks::CustomerLocks;
use crate::env::Env;
use crate::journal::{Journal, JournalError, Turn};
use crate::mailer::{Mailer, NoMail};
use crate::policy::{Policy, PolicyId};
use crate::preview::cache::PreviewCache;
use crate::stale_views::StaleViews;
use crate::upstream::Upstream;

/// What one signed-in customer may do, over one store.
pub struct Gateway {
    pub(crate) upstream: Upstream,
    pub(crate) stale_views: Arc<StaleViews>,
    pub(crate) previews: Arc<PreviewCache>,
    pub(crate) locks: Arc<CustomerLocks>,
    pub(crate) replays: Arc<Counter>,
    pub(crate) retries: Arc<Counter>,
    pub(crate) mailer: Arc<dyn Mailer>,
    /// Tells apart what was made under different policies.
    pub(crate) policy_id: PolicyId,
    /// How many policies there have been.
    policies: Arc<AtomicU64>,
}

/// Who asks, and from where.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The customer.
    pub customer: CustomerId,
    /// Who acts for them.
    pub actor: Actor,
    /// A name of their session: codes sent by mail are good in the one that asked for them.
    pub session: String,
    /// The reference of their request, under which the outcome is known; one is made where it is
    /// empty.
    pub reference: String,
    /// The languages that they read, as of `Accept-Language`: emails are in the first that is
    /// known.
    pub language: String,
}

impl From<CustomerId> for Caller {
    /// A customer where there is one session and nothing else to tell.
    fn from(customer: CustomerId) -> Caller {
        Caller {
            customer,
            actor: Actor::Customer,
            session: String::new(),
            reference: String::new(),
            language: String::new(),
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
            upstream: Upstream::new(upstream, env, journal, policy),
            stale_views: Arc::default(),
            previews: Arc::default(),
            locks: Arc::default(),
            replays: Arc::default(),
            retries: Arc::default(),
            mailer: Arc::new(NoMail),
            policy_id: PolicyId(0),
            policies: Arc::new(AtomicU64::new(1)),
        }
    }

    /// A gateway over the same store under another policy. They share the locks, the journal, the
    /// mailer and what was read of upstream, and forget together what a write made untrue. Views
    /// and previews are not shared, since a policy decides what is in them.
    #[must_use]
    pub fn with_policy(&self, policy: Arc<Policy>) -> Gateway {
        Gateway {
            upstream: self.upstream.with_policy(policy),
            stale_views: Arc::clone(&self.stale_views),
            previews: Arc::clone(&self.previews),
            locks: Arc::clone(&self.locks),
            replays: Arc::clone(&self.replays),
            retries: Arc::clone(&self.retries),
            mailer: Arc::clone(&self.mailer),
            policy_id: PolicyId(self.policies.fetch_add(1, Ordering::Relaxed)),
            policies: Arc::clone(&self.policies),
        }
    }

    /// The policy that decides here.
    pub fn policy(&self) -> &Policy {
        &self.upstream.policy
    }

    /// The same, which writes to customers by `mailer`.
    #[must_use]
    pub fn with_mailer(self, mailer: Arc<dyn Mailer>) -> Gateway {
        Gateway { mailer, ..self }
    }

    /// What was counted since the gateway was made.
    pub fn counts(&self) -> Counts {
        Counts {
            replays: self.replays.get(),
            retries: self.retries.get(),
            cache_hits: self.upstream.cache.hits.get(),
            cache_misses: self.upstream.cache.misses.get(),
        }
    }

    /// Waits until no other process works for `customer`; for one that holds their lock here.
    pub(crate) async fn turn(&self, customer: CustomerId) -> Result<Option<Turn>, Problem> {
        let turn = self.upstream.journal.turn(customer, true).await;
        turn.map_err(cannot_remember)
    }

    /// Remembers a fact about `customer`, or forgets it.
    pub(crate) async fn remember(
        &self,
        customer: CustomerId,
        name: &str,
        value: Option<&str>,
    ) -> Result<(), Problem> {
        let kept = self.upstream.journal.set_fact(customer, name, value).await;
        kept.map_err(cannot_remember)
    }

    /// Drops what was read for a customer before it wrote.
    pub(crate) fn forget_reads(&self, customer: CustomerId) {
        self.upstream.cache.forget(customer);
        self.stale_views.forget(customer);
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
    /// A customer's changes run one after another, also those of processes that share the journal.
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

fn cannot_remember(_: JournalError) -> Problem {
    let title = "What the portal remembers cannot be written now.";
    Problem::new(ProblemKind::Unavailable, title)
}
