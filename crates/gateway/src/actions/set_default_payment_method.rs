use protocol::{Intent, Operation, Problem, Resource, SetDefaultPaymentMethod};
use recharge::PaymentMethod;

use super::payment_method::changeable;
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for SetDefaultPaymentMethod {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::SetDefaultPaymentMethod),
            stale: &[Resource::PaymentMethods],
            writes: &["PUT /payment_methods/{id}"],
            evidence: &["the method is the default"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::PaymentMethod(self.payment_method_id)
    }

    /// Makes it the customer's default, which another one may have been before.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let SetDefaultPaymentMethod {
            payment_method_id: id,
            ..
        } = self;
        let method = changeable(reader, *id).await?;
        if method.default {
            return Ok(None);
        }
        let methods = reader.payment_methods().await?.items;
        let before = methods.iter().find(|method| method.default);
        let undo = before.map(|before| {
            Intent::SetDefaultPaymentMethod(SetDefaultPaymentMethod {
                payment_method_id: before.id,
                body: protocol::Nothing {},
            })
        });
        Ok(Some(
            Write::new(PaymentMethod::make_default(*id)).undo(undo),
        ))
    }

    /// It is the default.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let SetDefaultPaymentMethod {
            payment_method_id: id,
            ..
        } = self;
        Ok(reader.payment_method(*id).await?.default)
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let payment_method_id = testing::added_card(account).await;
        let body = protocol::Nothing {};
        SetDefaultPaymentMethod {
            payment_method_id,
            body,
        }
        .into()
    }
}
