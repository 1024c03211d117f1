use protocol::view::{CatalogueProduct, CatalogueVariant, Delivery, DeliveryKey, DeliveryState};
use protocol::{
    AddOnetime, AddressId, Date, Intent, NewOnetime, Nothing, Operation, Problem, ProblemKind,
    Refusal, RemoveOnetime, Resource,
};
use recharge::{Charge, ChargeStatus, ExternalId, Onetime, OnetimeCreate, OnetimeTiming};

use super::{Action, Row, Step};
use crate::model::context::AccountContext;
use crate::model::delivery::{check_open, delivery};
use crate::plan::{Halt, Write, possible};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::{check_date, check_limits, check_payment, date_rules, once_limits};
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for AddOnetime {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::RemoveOnetime),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["POST /onetimes"],
            evidence: &["a new one-time product of that variant exists"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.body.address_id)
    }

    /// Adds a product once to a delivery, at the price it has today.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let Addition {
            product,
            variant,
            timing,
            ..
        } = addition(reader, &self.body).await?;
        let there = reader.onetimes().await?.items;
        let create = OnetimeCreate {
            address_id: self.body.address_id,
            external_product_id: ExternalId::new(product.external_product_id),
            external_variant_id: ExternalId::new(variant.external_variant_id),
            product_title: product.title,
            quantity: self.body.quantity,
            timing,
        };
        let known = there.iter().map(|onetime| onetime.id.0);
        Ok(Some(
            Write::new(Onetime::create(&create).commit()).known(known),
        ))
    }

    /// One was made that was not there before.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        Ok(added(reader, &self.body).await?.is_some())
    }

    /// Taking the new one off again.
    async fn undo(&self, reader: &Reader<'_>) -> Result<Option<Intent>, Problem> {
        let remove = |onetime: Onetime| {
            Intent::RemoveOnetime(RemoveOnetime {
                onetime_id: onetime.id,
                body: Nothing {},
            })
        };
        Ok(added(reader, &self.body).await?.map(remove))
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        if let Some(addition) = possible(addition(reader, &self.body).await)? {
            after.add_onetime(
                &self.body,
                &addition.product,
                &addition.variant,
                addition.date,
            );
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let body = protocol::NewOnetime {
            address_id: testing::next_delivery(account).await.address_id,
            external_variant_id: testing::MUG.into(),
            quantity: 1,
            date: None,
        };
        AddOnetime { body }.into()
    }
}

async fn added(reader: &Reader<'_>, body: &NewOnetime) -> Result<Option<Onetime>, Problem> {
    let is_it = |onetime: &Onetime| {
        let variant = onetime.external_variant_id.as_ref();
        reader.is_new(onetime.id.0)
            && onetime.address_id == body.address_id
            && onetime.quantity == body.quantity
            && variant.map(ExternalId::as_str) == Some(body.external_variant_id.as_str())
    };
    Ok(reader.onetimes().await?.items.into_iter().find(is_it))
}

/// What `body` adds, where it may: the shop sells it once, the address can pay, and the delivery
/// can still be changed.
async fn addition(reader: &Reader<'_>, body: &NewOnetime) -> Result<Addition, Halt> {
    let (product, variant) = reader.orderable(&body.external_variant_id).await?;
    if !product.sells_once(&variant) {
        return Err(Refusal::NotOffered.into());
    }
    check_limits(once_limits(reader), body.quantity, 0)?;
    check_payment(reader, body.address_id).await?;
    let (date, timing) = match body.date {
        Some(date) => (chosen(reader, body.address_id, date).await?, None),
        None => next(reader, body.address_id).await?,
    };
    Ok(Addition {
        product,
        variant,
        date,
        timing: timing.unwrap_or(OnetimeTiming::On(date)),
    })
}

/// The day that the customer chose, where something can still be added.
async fn chosen(reader: &Reader<'_>, address_id: AddressId, date: Date) -> Result<Date, Halt> {
    match delivery(reader, DeliveryKey { address_id, date }).await {
        Ok(delivery) => check_open(&delivery)?,
        Err(problem) if problem.kind == ProblemKind::NotFound => check_date(reader, date)?,
        Err(problem) => return Err(problem.into()),
    }
    Ok(date)
}

/// The next delivery to an address that can still be changed. Upstream is told to take the next
/// charge only where that is the queued charge of this very delivery; it might take one that is
/// being packed already.
async fn next(
    reader: &Reader<'_>,
    address_id: AddressId,
) -> Result<(Date, Option<OnetimeTiming>), Halt> {
    let context = AccountContext::open(reader).await?;
    let charges = reader.charges().await?.items;
    let deliveries = context.deliveries(&reader.schedule().await?, &charges);
    let is_open = |delivery: &&Delivery| {
        delivery.key.address_id == address_id
            && delivery.state == DeliveryState::Planned
            && check_open(delivery).is_ok()
    };
    let Some(delivery) = deliveries.iter().find(is_open) else {
        return Ok((date_rules(reader).earliest, None));
    };
    let date = delivery.key.date;
    let is_queued =
        |charge: &&Charge| charge.address_id == address_id && charge.status == ChargeStatus::Queued;
    let queued = charges.iter().filter(is_queued);
    let is_first = queued.filter_map(|charge| charge.scheduled_at).min() == Some(date);
    Ok((date, is_first.then_some(OnetimeTiming::NextCharge)))
}

/// What is added, and to which delivery.
struct Addition {
    product: CatalogueProduct,
    variant: CatalogueVariant,
    /// The day on which it comes.
    date: Date,
    timing: OnetimeTiming,
}
