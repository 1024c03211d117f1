//! Dismissing an announcement.

use protocol::{CustomerId, Problem, ProblemKind};

use crate::gateway::Gateway;
use crate::model::announcement::{DISMISSED, dismissed};
use crate::policy::Policy;
use crate::upstream::reader::Reader;

impl Gateway {
    /// Has `customer` not see the announcement `id` again.
    ///
    /// # Errors
    /// A [`Problem`]: not found where the merchant has no such announcement, or the journal is
    /// unavailable.
    pub async fn dismiss(&self, customer: CustomerId, id: &str) -> Result<(), Problem> {
        let policy = &self.upstream.policy;
        if !is_known(policy, id) {
            return Err(Problem::not_found());
        }
        let lock = self.locks.of(customer);
        let _held = lock.lock().await;
        let mut ids = dismissed(&Reader::cached(&self.upstream, customer)).await?;
        // What is no longer in the file need not be remembered.
        ids.retain(|known| known != id && is_known(policy, known));
        ids.push(id.to_owned());
        let ids = ids.join(",");
        let journal = &self.upstream.journal;
        let kept = journal.set_fact(customer, DISMISSED, Some(&ids)).await;
        kept.map_err(|_| {
            let title = "What the portal remembers cannot be written now.";
            Problem::new(ProblemKind::Unavailable, title)
        })
    }
}

fn is_known(policy: &Policy, id: &str) -> bool {
    let mut all = policy.announcements.iter();
    all.any(|known| known.announcement.id == id)
}
