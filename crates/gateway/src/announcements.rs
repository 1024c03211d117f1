//! Dismissing an announcement.

use protocol::{CustomerId, Problem};

use crate::gateway::Gateway;
use crate::model::announcement::{DISMISSED, dismissed};
use crate::upstream::reader::Reader;

/// How many dismissed announcements are remembered of a customer.
const REMEMBERED: usize = 100;

impl Gateway {
    /// Has `customer` not see the announcement `id` again.
    ///
    /// # Errors
    /// A [`Problem`]: not found where the merchant has no such announcement, or the journal is
    /// unavailable.
    pub async fn dismiss(&self, customer: CustomerId, id: &str) -> Result<(), Problem> {
        let mut all = self.upstream.policy.announcements.iter();
        if !all.any(|known| known.announcement.id == id) {
            return Err(Problem::not_found());
        }
        let lock = self.locks.of(customer);
        let _held = lock.lock().await;
        let _turn = self.turn(customer).await?;
        let mut ids = dismissed(&Reader::cached(&self.upstream, customer)).await?;
        ids.retain(|known| known != id);
        ids.push(id.to_owned());
        // Another configuration may have others, so the oldest are forgotten and not the unknown.
        ids.drain(..ids.len().saturating_sub(REMEMBERED));
        let ids = ids.join(",");
        self.remember(customer, DISMISSED, Some(&ids)).await
    }
}
