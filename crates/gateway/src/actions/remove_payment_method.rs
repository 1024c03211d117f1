use protocol::{Problem, Refusal, RemovePaymentMethod, Resource};
use recharge::PaymentMethod;

use super::payment_method::changeable;
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for RemovePaymentMethod {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[
                Resource::Overview,
                Resource::Subscriptions,
                Resource::Deliveries,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["DELETE /payment_methods/{id}"],
            evidence: &["the method is gone"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::PaymentMethod(self.payment_method_id)
    }

    /// Removes a method that pays for nothing.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let RemovePaymentMethod {
            payment_method_id: id,
            ..
        } = self;
        changeable(reader, *id).await?;
        let addresses = reader.addresses().await?.items;
        if addresses
            .iter()
            .any(|address| address.payment_method_id == Some(*id))
        {
            return Err(Refusal::MethodInUse.into());
        }
        Ok(Some(Write::new(PaymentMethod::remove(*id))))
    }

    /// It is not there any more.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let RemovePaymentMethod {
            payment_method_id: id,
            ..
        } = self;
        let methods = reader.payment_methods().await?.items;
        Ok(!methods.iter().any(|method| method.id == *id))
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let payment_method_id = testing::added_card(account).await;
        let body = protocol::Nothing {};
        RemovePaymentMethod {
            payment_method_id,
            body,
        }
        .into()
    }
}
