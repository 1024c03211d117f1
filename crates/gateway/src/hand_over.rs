//! Handing a customer over to the portal that Recharge hosts.
//!
//! The answer opens the customer's account there, so it goes into a redirect and nowhere else.

use base::Secret;
use protocol::{CustomerId, Problem, ProblemKind};
use recharge::{CustomerHash, CustomerSession, PortalAccess, Resource, call_as};

use crate::gateway::Gateway;
use crate::upstream::reader::problem;

/// A hash of upstream is short; a longer one is none.
const LONGEST_HASH: usize = 128;

impl Gateway {
    /// The address of the hosted portal with a token that works for a short time. Makes a
    /// session upstream, which changes nothing of the customer's. `shop_url` is the store's
    /// address at its platform, where it has one.
    ///
    /// # Errors
    /// A [`Problem`] where upstream cannot be asked, refuses or names nothing.
    pub async fn hosted_portal_link(
        &self,
        customer: CustomerId,
        shop_url: Option<&str>,
    ) -> Result<Secret, Problem> {
        let session: CustomerSession = self.ask(CustomerSession::create(customer)).await?;
        let is_theirs = session.customer_id == customer || session.customer_id == CustomerId(0);
        if !is_theirs || session.token.expose().is_empty() {
            return Err(not_understood());
        }
        let access: PortalAccess = self.ask(PortalAccess::retrieve(&session, shop_url)).await?;
        Ok(access.portal_url)
    }

    /// The customer's hash, by which the hosted portal's path names them: letters, digits, `-`
    /// and `_`.
    ///
    /// # Errors
    /// A [`Problem`] where upstream cannot be asked, or has no usable hash for them.
    pub async fn hosted_portal_hash(&self, customer: CustomerId) -> Result<Secret, Problem> {
        let found: CustomerHash = self.ask(CustomerHash::retrieve(customer)).await?;
        let hash = found.hash.expose();
        let plain = |c: char| c.is_ascii_alphanumeric() || "_-".contains(c);
        let usable = !hash.is_empty() && hash.len() <= LONGEST_HASH && hash.chars().all(plain);
        if found.id == customer && usable {
            Ok(found.hash)
        } else {
            Err(not_understood())
        }
    }

    async fn ask<T: Resource>(&self, request: recharge::Request) -> Result<T, Problem> {
        call_as(&*self.upstream.recharge, request)
            .await
            .map_err(problem)
    }
}

fn not_understood() -> Problem {
    Problem::new(
        ProblemKind::Upstream,
        "The store named no hosted portal for this customer.",
    )
}
