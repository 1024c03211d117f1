use protocol::{CreditUse, Intent, Operation, Problem, Resource, UseCredit};
use recharge::{Customer, CustomerUpdate};

use super::{Action, Row, Step};
use crate::model::credit;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::Account;
use crate::upstream::reader::Reader;

impl Action for UseCredit {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UseCredit),
            stale: &[
                Resource::Customer,
                Resource::Overview,
                Resource::Deliveries,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /customers/{id}"],
            evidence: &["upstream has the setting"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    /// Asks upstream to use credit on the next order, or not to.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UseCredit { body: sent } = self;
        let applies = reader
            .customer()
            .await?
            .apply_credit_to_next_recurring_charge;
        if applies == sent.next_order {
            return Ok(None);
        }
        let update = CustomerUpdate {
            apply_credit_to_next_recurring_charge: Some(sent.next_order),
            ..CustomerUpdate::default()
        };
        let undo = Intent::UseCredit(UseCredit {
            body: CreditUse {
                next_order: applies,
            },
        });
        let request = Customer::update(reader.customer, &update);
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// Upstream has been told.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UseCredit { body: sent } = self;
        let customer = reader.customer().await?;
        Ok(customer.apply_credit_to_next_recurring_charge == sent.next_order)
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let customer = reader.customer().await?;
        if let Some(credit) = credit::available(reader, &customer).await? {
            after.use_credit(credit, self.body.next_order);
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(_: &dyn Account) -> protocol::Intent {
        let body = CreditUse { next_order: true };
        UseCredit { body }.into()
    }
}
