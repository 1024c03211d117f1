//! One-time products: adding one to a delivery, changing how many, taking it off again.

use protocol::view::{CatalogueProduct, CatalogueVariant, Delivery, DeliveryKey, DeliveryState};
use protocol::{
    AddressId, Date, FieldProblem, Intent, NewOnetime, Nothing, OnetimeId, Problem, ProblemKind,
    Quantity, Refusal,
};
use recharge::{Charge, ChargeStatus, ExternalId, Onetime, OnetimeCreate, OnetimeTiming};

use super::skip::{check_open, delivery};
use super::subscription::wrong;
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::rules::{check_date, date_rules};
use crate::views::deliveries::Desk;

/// What is added, and to which delivery.
pub(crate) struct Addition {
    pub(crate) product: CatalogueProduct,
    pub(crate) variant: CatalogueVariant,
    /// The day on which it comes.
    pub(crate) date: Date,
    timing: OnetimeTiming,
}

/// Adds a product once to a delivery, at the price it has today.
pub(crate) async fn add(reader: &Reader<'_>, body: &NewOnetime) -> Result<Option<Write>, Stop> {
    let Addition {
        product,
        variant,
        timing,
        ..
    } = addition(reader, body).await?;
    let there = reader.onetimes().await?.items;
    let create = OnetimeCreate {
        address_id: body.address_id,
        external_product_id: ExternalId::new(product.external_product_id),
        external_variant_id: ExternalId::new(variant.external_variant_id),
        product_title: product.title,
        quantity: body.quantity,
        timing,
    };
    let known = there.iter().map(|onetime| onetime.id.0);
    Ok(Some(
        Write::new(Onetime::create(&create).commit()).known(known),
    ))
}

/// One was made that was not there before.
pub(crate) async fn is_added(reader: &Reader<'_>, body: &NewOnetime) -> Result<bool, Problem> {
    Ok(added(reader, body).await?.is_some())
}

/// Taking the new one off again.
pub(crate) async fn undo_add(
    reader: &Reader<'_>,
    body: &NewOnetime,
) -> Result<Option<Intent>, Problem> {
    let remove = |onetime: Onetime| Intent::RemoveOnetime {
        onetime_id: onetime.id,
        body: Nothing {},
    };
    Ok(added(reader, body).await?.map(remove))
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
pub(crate) async fn addition(reader: &Reader<'_>, body: &NewOnetime) -> Result<Addition, Stop> {
    let (product, variant) = reader.orderable(&body.external_variant_id).await?;
    if !product.sells_once(&variant) {
        return Err(Refusal::NotOffered.into());
    }
    check_quantity(reader, body.quantity)?;
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

/// Something that pays must be at the address: what is added there is charged.
pub(crate) async fn check_payment(reader: &Reader<'_>, id: AddressId) -> Result<(), Stop> {
    let address = reader.address(id).await?;
    let paid = address.payment_method_id.map(drop);
    paid.ok_or_else(|| Refusal::NoPaymentMethod.into())
}

/// The quantity must be within the merchant's limits.
pub(crate) fn check_quantity(reader: &Reader<'_>, quantity: u32) -> Result<(), Stop> {
    let rules = &reader.gateway.policy.subscriptions;
    match (rules.fewest..=rules.most).contains(&quantity) {
        true => Ok(()),
        false => Err(wrong("quantity", FieldProblem::OutOfRange)),
    }
}

/// The day that the customer chose, where something can still be added.
async fn chosen(reader: &Reader<'_>, address_id: AddressId, date: Date) -> Result<Date, Stop> {
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
) -> Result<(Date, Option<OnetimeTiming>), Stop> {
    let desk = Desk::open(reader).await?;
    let charges = reader.charges().await?.items;
    let deliveries = desk.deliveries(&reader.schedule().await?, &charges);
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

/// Sets how many of a one-time product come.
pub(crate) async fn update(
    reader: &Reader<'_>,
    id: &OnetimeId,
    body: &Quantity,
) -> Result<Option<Write>, Stop> {
    let onetime = changeable(reader, *id).await?;
    if onetime.quantity == body.quantity {
        return Ok(None);
    }
    check_quantity(reader, body.quantity)?;
    let undo = Intent::UpdateOnetime {
        onetime_id: *id,
        body: Quantity {
            quantity: onetime.quantity,
        },
    };
    let request = Onetime::update_quantity(*id, body.quantity).commit();
    Ok(Some(Write::new(request).undo(undo)))
}

/// So many come.
pub(crate) async fn is_updated(
    reader: &Reader<'_>,
    id: &OnetimeId,
    body: &Quantity,
) -> Result<bool, Problem> {
    Ok(reader.onetime(*id).await?.quantity == body.quantity)
}

/// Takes a one-time product off its delivery.
pub(crate) async fn remove(reader: &Reader<'_>, id: &OnetimeId) -> Result<Option<Write>, Stop> {
    let onetime = changeable(reader, *id).await?;
    let undo = onetime.external_variant_id.as_ref().map(|variant| {
        let body = NewOnetime {
            address_id: onetime.address_id,
            external_variant_id: variant.to_string(),
            quantity: onetime.quantity,
            date: onetime.next_charge_scheduled_at,
        };
        Intent::AddOnetime { body }
    });
    Ok(Some(Write::new(Onetime::delete(*id).commit()).undo(undo)))
}

/// It is not there any more.
pub(crate) async fn is_removed(reader: &Reader<'_>, id: &OnetimeId) -> Result<bool, Problem> {
    match reader.onetime(*id).await {
        Ok(onetime) => Ok(onetime.is_cancelled),
        Err(problem) if problem.kind == ProblemKind::NotFound => Ok(true),
        Err(problem) => Err(problem),
    }
}

/// A one-time product whose delivery can still be changed. What lies beyond the schedule can.
async fn changeable(reader: &Reader<'_>, id: OnetimeId) -> Result<Onetime, Stop> {
    let onetime = reader.onetime(id).await?;
    if onetime.is_cancelled {
        return Err(Refusal::StateChanged.into());
    }
    let Some(date) = onetime.next_charge_scheduled_at else {
        return Ok(onetime);
    };
    let key = DeliveryKey {
        address_id: onetime.address_id,
        date,
    };
    match delivery(reader, key).await {
        Ok(delivery) => check_open(&delivery)?,
        Err(problem) if problem.kind != ProblemKind::NotFound => return Err(problem.into()),
        Err(_) if date < reader.today() => return Err(Refusal::StateChanged.into()),
        Err(_) => {}
    }
    Ok(onetime)
}
