//! Deleting an address to which nothing goes any more.

use protocol::{
    AddAddress, DeleteAddress, Intent, NewAddress, Operation, Problem, ProblemKind, Refusal,
    Resource,
};
use recharge::{Address, SubscriptionStatus};

use super::{Action, Row, Step};
use crate::model::address::form;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for DeleteAddress {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::AddAddress),
            stale: &[
                Resource::Addresses,
                Resource::PaymentMethods,
                Resource::Subscriptions,
            ],
            writes: &["DELETE /addresses/{id}"],
            evidence: &["the address is gone"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.address_id)
    }

    /// Deletes it, unless something is still to be sent there or to be paid for it.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let DeleteAddress { address_id: id, .. } = self;
        let address = reader.address(*id).await?;
        let subscriptions = reader.subscriptions().await?.items;
        let own: Vec<&SubscriptionStatus> = subscriptions
            .iter()
            .filter(|subscription| subscription.address_id == *id)
            .map(|subscription| &subscription.status)
            .collect();
        let charges = reader.charges().await?.items;
        let is_used = own.contains(&&SubscriptionStatus::Active)
            || charges.iter().any(|charge| charge.address_id == *id);
        if is_used {
            return Err(Refusal::AddressInUse.into());
        }
        // With the address upstream forgets what was cancelled there: then nothing takes it back.
        let undo = own.is_empty().then(|| {
            Intent::AddAddress(AddAddress {
                body: NewAddress {
                    address: form(&address),
                    payment_method_id: address.payment_method_id,
                },
            })
        });
        Ok(Some(Write::new(Address::delete(*id)).undo(undo)))
    }

    /// It is not there any more.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let DeleteAddress { address_id: id, .. } = self;
        match reader.address(*id).await {
            Ok(_) => Ok(false),
            Err(problem) if problem.kind == ProblemKind::NotFound => Ok(true),
            Err(problem) => Err(problem),
        }
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        testing::undo_of(account, protocol::AddAddress::sample(account).await).await
    }
}
