use protocol::{
    AddressId, AssignPaymentMethod, Intent, Operation, PaidAddresses, PaymentMethodId, Problem,
    Resource,
};

use super::payment_method::{paid_for, pay_for};
use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for AssignPaymentMethod {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::AssignPaymentMethod),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Orders,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /addresses/{id}"],
            evidence: &["the method pays for the address"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        paid_for(Some(self.payment_method_id), &self.body.address_ids)
    }

    fn steps(&self) -> Vec<Step> {
        Step::each(0, &self.body.address_ids)
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        assign(
            reader,
            &self.payment_method_id,
            &self.body,
            step.item(&self.body.address_ids),
        )
        .await
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        is_assigned(
            reader,
            &self.payment_method_id,
            step.item(&self.body.address_ids),
        )
        .await
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let payment_method_id = testing::added_card(account).await;
        let methods = testing::payment_methods(account).await;
        let paid = methods.payable.iter().find(|paid| paid.method.is_some());
        let body = PaidAddresses {
            address_ids: vec![paid.expect("an address that is paid for").id],
        };
        AssignPaymentMethod {
            payment_method_id,
            body,
        }
        .into()
    }
}

/// Lets a method pay for one of several addresses.
async fn assign(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
    body: &PaidAddresses,
    address_id: &AddressId,
) -> Result<Option<Write>, Halt> {
    let undo = undo_assign(reader, *id, &body.address_ids).await?;
    let write = pay_for(reader, *id, *address_id).await?;
    Ok(write.map(|write| write.undo(undo)))
}

/// It pays for the address.
async fn is_assigned(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
    address_id: &AddressId,
) -> Result<bool, Problem> {
    Ok(reader.address(*address_id).await?.payment_method_id == Some(*id))
}

/// The method that paid for all of the addresses before, where it was one and the same.
async fn undo_assign(
    reader: &Reader<'_>,
    id: PaymentMethodId,
    address_ids: &[AddressId],
) -> Result<Option<Intent>, Problem> {
    let mut before = Vec::new();
    for address_id in address_ids {
        let paying = reader.address(*address_id).await?.payment_method_id;
        if paying != Some(id) {
            before.push((*address_id, paying));
        }
    }
    let Some((_, Some(payment_method_id))) = before.first().copied() else {
        return Ok(None);
    };
    let same = before
        .iter()
        .all(|(_, paying)| *paying == Some(payment_method_id));
    let address_ids = before.iter().map(|(address_id, _)| *address_id).collect();
    Ok(
        same.then_some(Intent::AssignPaymentMethod(AssignPaymentMethod {
            payment_method_id,
            body: PaidAddresses { address_ids },
        })),
    )
}
