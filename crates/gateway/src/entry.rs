//! Whom a session is for.

use std::fmt;

use protocol::{CustomerId, Problem, ProblemKind};
use recharge::{Customer, Listed, Request, list_all};

use crate::gateway::Gateway;
use crate::upstream::reader::{Reader, problem};

/// How the merchant's server names the customer for whom it wants a session: exactly one way.
#[derive(Clone, PartialEq, Eq)]
pub enum Lookup {
    /// Recharge's own id.
    Id(CustomerId),
    /// The id of the shop's platform.
    External(String),
    /// The e-mail address, matched exactly. Only ever from the merchant's server.
    Email(String),
    /// The customer hash.
    Hash(String),
}

impl fmt::Debug for Lookup {
    /// Keeps back what names a person or opens their portal.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Lookup::Id(_) => "Id(…)",
            Lookup::External(_) => "External(…)",
            Lookup::Email(_) => "Email(…)",
            Lookup::Hash(_) => "Hash(…)",
        })
    }
}

impl Gateway {
    /// The customer that `lookup` names; `None` where there is none.
    ///
    /// # Errors
    /// A [`Problem`] where upstream cannot be asked; 409 `several_customers` where it knows several.
    pub async fn find_customer(&self, lookup: Lookup) -> Result<Option<CustomerId>, Problem> {
        match lookup {
            // Read as the first screen will read it, which then finds the answer kept.
            Lookup::Id(id) => match Reader::cached(&self.upstream, id).customer().await {
                Ok(customer) => Ok(Some(customer.id)),
                Err(missing) if missing.kind == ProblemKind::NotFound => Ok(None),
                Err(problem) => Err(problem),
            },
            Lookup::External(id) => self.only_one(Customer::by_external_id(&id)).await,
            Lookup::Email(email) => self.only_one(Customer::by_email(&email)).await,
            Lookup::Hash(hash) => self.only_one(Customer::by_hash(&hash)).await,
        }
    }

    async fn only_one(&self, request: Request) -> Result<Option<CustomerId>, Problem> {
        let found: Listed<Customer> = list_all(&*self.upstream.recharge, request, 2)
            .await
            .map_err(problem)?;
        match found.items.as_slice() {
            [] => Ok(None),
            [customer] if !found.cut => Ok(Some(customer.id)),
            several => Err(several_customers(several)),
        }
    }
}

/// 409: what the merchant's server names is the same for several customers. Only that server sees
/// the answer, so the portal has no words for it; the ids say where the store must be put right.
fn several_customers(customers: &[Customer]) -> Problem {
    let ids: Vec<String> = customers.iter().map(|one| one.id.to_string()).collect();
    let title = format!("That names several customers: {}.", ids.join(", "));
    let mut problem = Problem::new(ProblemKind::from("several_customers"), title);
    problem.status = 409;
    problem
}
