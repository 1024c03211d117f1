//! Deleting an address to which nothing goes any more.

use protocol::{AddressId, Intent, NewAddress, Problem, ProblemKind, Refusal};
use recharge::{Address, SubscriptionStatus};

use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::views::account::form;

/// Deletes it, unless something is still to be sent there or to be paid for it.
pub(crate) async fn delete(reader: &Reader<'_>, id: &AddressId) -> Result<Option<Write>, Stop> {
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
    let undo = own.is_empty().then(|| Intent::AddAddress {
        body: NewAddress {
            address: form(&address),
            payment_method_id: address.payment_method_id,
        },
    });
    Ok(Some(Write::new(Address::delete(*id)).undo(undo)))
}

/// It is not there any more.
pub(crate) async fn is_gone(reader: &Reader<'_>, id: &AddressId) -> Result<bool, Problem> {
    match reader.address(*id).await {
        Ok(_) => Ok(false),
        Err(problem) if problem.kind == ProblemKind::NotFound => Ok(true),
        Err(problem) => Err(problem),
    }
}
