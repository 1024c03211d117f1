//! Whom a session is for.

use std::fmt;

use base::Date;
use protocol::{CustomerId, Problem, ProblemKind};
use recharge::{Customer, Listed, Request, list_all};

use crate::env::day_of;
use crate::gateway::Gateway;
use crate::upstream::reader::{Reader, problem};

/// Customers with one email address at most.
const MOST_ACCOUNTS: usize = 10;

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

/// A customer with an email address that several have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountLabel {
    /// The customer.
    pub customer: CustomerId,
    /// Their first name; may be empty.
    pub first_name: String,
    /// The city of their first address; empty where there is none.
    pub city: String,
    /// Since when they are a customer, where that is known.
    pub since: Option<Date>,
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

    /// The customers with an email address, ten at most, each with the address as the
    /// store has it. Case does not count, as far as upstream finds them.
    ///
    /// # Errors
    /// A [`Problem`] where upstream cannot be asked.
    pub async fn customers_with_email(
        &self,
        email: &str,
    ) -> Result<Vec<(CustomerId, String)>, Problem> {
        let mut found = self.with_email(email).await?;
        let lowercase = email.to_ascii_lowercase();
        if found.is_empty() && lowercase != email {
            found = self.with_email(&lowercase).await?;
        }
        Ok(found)
    }

    async fn with_email(&self, email: &str) -> Result<Vec<(CustomerId, String)>, Problem> {
        let request = Customer::by_email(email);
        let found: Listed<Customer> = list_all(&*self.upstream.recharge, request, MOST_ACCOUNTS)
            .await
            .map_err(problem)?;
        // An answer that ignored the filter has customers of other addresses.
        let matching = found.items.into_iter();
        let matching = matching.filter(|customer| customer.email.eq_ignore_ascii_case(email));
        Ok(matching.map(|one| (one.id, one.email)).collect())
    }

    /// What tells a customer's account from others of the same person.
    ///
    /// # Errors
    /// A [`Problem`] where upstream cannot be asked.
    pub async fn account_label(&self, customer: CustomerId) -> Result<AccountLabel, Problem> {
        // Read as the first screen will read it, which then finds the answer in the cache.
        let found = Reader::cached(&self.upstream, customer).customer().await?;
        let city = found.include.addresses.first().map(|one| one.city.clone());
        Ok(AccountLabel {
            customer,
            first_name: found.first_name.clone(),
            city: city.unwrap_or_default(),
            since: found
                .created_at
                .as_ref()
                .map(|at| day_of(&*self.upstream.env, at)),
        })
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
