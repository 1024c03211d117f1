//! Whether a customer may add a card, and their id at the processor.

use protocol::{CustomerId, Operation, Problem, ProblemKind};

use crate::gateway::Gateway;
use crate::model::payment::account;
use crate::upstream::reader::Reader;

impl Gateway {
    /// The customer's account at the processor, to which a new card will belong.
    ///
    /// # Errors
    /// A [`Problem`]: switched off where cards are not added here, not found where the
    /// processor does not know them, or upstream is unavailable.
    pub async fn processor_account(&self, customer: CustomerId) -> Result<String, Problem> {
        let policy = &self.upstream.policy;
        if policy.tokeniser.is_none() || !policy.allowed.contains(&Operation::AddPaymentMethod) {
            let title = "Cards are not added here.";
            return Err(Problem::new(ProblemKind::SwitchedOff, title));
        }
        let tokens = Reader::cached(&self.upstream, customer)
            .processor_tokens()
            .await?;
        account(&tokens).ok_or_else(Problem::not_found)
    }
}
