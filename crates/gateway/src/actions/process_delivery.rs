//! Paying for a delivery now: 'order now', and 'pay now' where a payment failed.

use protocol::view::{DeliveryKey, DeliveryState, Lock};
use protocol::{
    AddressId, ConfirmedAmount, Date, Operation, Problem, ProblemKind, ProcessDelivery, Refusal,
    Resource,
};
use recharge::Charge;

use super::payment_method::{is_paid, pay_for};
use super::{Action, Row, Step};
use crate::model::delivery::{charges_on, delivery, open_charge};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for ProcessDelivery {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Orders,
                Resource::Addresses,
                Resource::PaymentMethods,
                Resource::Customer,
            ],
            writes: &["PUT /addresses/{id}", "POST /charges/{id}/process"],
            evidence: &[
                "the chosen method pays for the address",
                "the charge is paid or being paid",
            ],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::All(vec![
            Guard::Delivery(self.key()),
            Guard::paid_by(self.body.payment_method_id),
        ])
    }

    fn steps(&self) -> Vec<Step> {
        vec![Step::Once(0), Step::Once(1)]
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        match step {
            Step::Once(0) => choose_method(reader, &self.address_id, &self.date, &self.body).await,
            _ => process(reader, &self.address_id, &self.date, &self.body).await,
        }
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        match step {
            Step::Once(0) => is_chosen(reader, &self.address_id, &self.body).await,
            _ => is_paid(reader).await,
        }
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        after.pay(self.key());
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let delivery = testing::plain_delivery(account).await;
        let body = protocol::ConfirmedAmount {
            amount: delivery.due.expect("a delivery that can be paid"),
            payment_method_id: None,
        };
        ProcessDelivery {
            address_id: delivery.key.address_id,
            date: delivery.key.date,
            body,
        }
        .into()
    }
}

/// Lets the method that the customer chose pay for the address, before anything is charged.
async fn choose_method(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &ConfirmedAmount,
) -> Result<Option<Write>, Halt> {
    payable_charge(reader, address_id, date, body).await?;
    let Some(id) = body.payment_method_id else {
        return Ok(None);
    };
    let allowed = &reader.upstream.policy.allowed;
    if !allowed.contains(&Operation::AssignPaymentMethod) {
        let title = "The merchant has switched choosing a payment method off.";
        return Err(Problem::new(ProblemKind::SwitchedOff, title).into());
    }
    pay_for(reader, id, *address_id).await
}

/// The chosen method pays for the address.
async fn is_chosen(
    reader: &Reader<'_>,
    address_id: &AddressId,
    body: &ConfirmedAmount,
) -> Result<bool, Problem> {
    let paying = reader.address(*address_id).await?.payment_method_id;
    Ok(body.payment_method_id.is_none() || paying == body.payment_method_id)
}

/// Takes the money for the delivery's charge, if that still comes to what the customer agreed to.
async fn process(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &ConfirmedAmount,
) -> Result<Option<Write>, Halt> {
    let charge = payable_charge(reader, address_id, date, body).await?;
    // The charge's id outlives this write, so the very charge can be looked at afterwards.
    Ok(Some(
        Write::new(Charge::process(charge.id)).known([charge.id.0]),
    ))
}

/// The delivery's charge, if it can be paid and comes to what the customer agreed to.
async fn payable_charge(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &ConfirmedAmount,
) -> Result<Charge, Halt> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    let delivery = delivery(reader, key).await?;
    match (&delivery.state, &delivery.lock) {
        (DeliveryState::Failed, _) | (DeliveryState::Planned, None) => {}
        (DeliveryState::Planned, Some(Lock::CutOff)) => return Err(Refusal::CutOffPassed.into()),
        _ => return Err(Refusal::StateChanged.into()),
    }
    let charges = charges_on(reader, key).await?;
    let charge = open_charge(&charges).ok_or(Refusal::StateChanged)?;
    if delivery.due != Some(body.amount) {
        return Err(Refusal::AmountChanged.into());
    }
    Ok(charge.clone())
}
