use protocol::view::DeliveryKey;
use protocol::{
    AddPaymentMethod, AddressId, FieldError, FieldProblem, Intent, NewPaymentMethod, Operation,
    PaymentMethodId, Problem, ProblemKind, Refusal, RemovePaymentMethod, Resource, Secret,
};
use recharge::{Charge, NewMethod, PaymentMethod, ProcessorTokens};

use super::payment_method::{is_paid, paid_for, pay_for};
use super::{Action, Row, Step};
use crate::model::payment::{PROCESSOR, account, failed_charge};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::upstream::reader::Reader;

/// The longest token, in characters.
const LONGEST_TOKEN: usize = 255;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};

impl Action for AddPaymentMethod {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::RemovePaymentMethod),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Orders,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &[
                "POST /payment_methods",
                "PUT /addresses/{id}",
                "POST /charges/{id}/process",
            ],
            evidence: &[
                "a method made from the token exists",
                "the method pays for the address",
                "the charge is paid or being paid",
            ],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        paid_for(None, &self.body.address_ids)
    }

    fn steps(&self) -> Vec<Step> {
        let mut steps = vec![Step::Once(0)];
        steps.extend(Step::each(1, &self.body.address_ids));
        steps.extend(Step::each(2, retried(&self.body)));
        steps
    }

    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
        match step {
            Step::Once(_) => create(reader, &self.body).await,
            Step::Each(1, _) => attach(reader, &self.body, step.item(&self.body.address_ids)).await,
            Step::Each(..) => retry(reader, &self.body, step.item(retried(&self.body))).await,
        }
    }

    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
        match step {
            Step::Once(_) => is_created(reader, &self.body).await,
            Step::Each(1, _) => {
                is_attached(reader, &self.body, step.item(&self.body.address_ids)).await
            }
            Step::Each(..) => is_paid(reader).await,
        }
    }

    /// Removing it again, as long as it pays for nothing.
    async fn undo(&self, reader: &Reader<'_>) -> Result<Option<Intent>, Problem> {
        if !self.body.address_ids.is_empty() {
            return Ok(None);
        }
        let known = reader.processor_tokens().await?;
        let made = of_token(reader, &known, &self.body.token);
        Ok(made.map(|payment_method_id| {
            Intent::RemovePaymentMethod(RemovePaymentMethod {
                payment_method_id,
                body: protocol::Nothing {},
            })
        }))
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let charges = reader.charges().await?.items;
        for address_id in retried(&self.body) {
            let failed = failed_charge(&charges, *address_id);
            if let Some(date) = failed.and_then(|charge| charge.scheduled_at) {
                after.pay(DeliveryKey {
                    address_id: *address_id,
                    date,
                });
            }
        }
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(_: &dyn Account) -> protocol::Intent {
        testing::new_card("pm_visa_4242_new", Vec::new())
    }
}

/// Makes the method from its token, unless it was made from it before.
async fn create(reader: &Reader<'_>, body: &NewPaymentMethod) -> Result<Option<Write>, Halt> {
    let token = body.token.expose();
    let fits = (1..=LONGEST_TOKEN).contains(&token.len());
    if !fits || !token.chars().all(|c| c.is_ascii_graphic()) {
        return Err(vec![FieldError::new("token", FieldProblem::Refused)].into());
    }
    let policy = &reader.upstream.policy;
    if policy.tokeniser.is_none() {
        return Err(Refusal::ByLinkOnly.into());
    }
    if body.retry_charges && !policy.allowed.contains(&Operation::ProcessDelivery) {
        let title = "The merchant has switched paying off.";
        return Err(Problem::new(ProblemKind::SwitchedOff, title).into());
    }
    let known = reader.processor_tokens().await?;
    if of_token(reader, &known, &body.token).is_some() {
        return Ok(None);
    }
    let customer_token = account(&known).ok_or(Refusal::NoProcessorAccount)?;
    let method = NewMethod {
        customer_id: reader.customer,
        processor_name: PROCESSOR,
        customer_token: &customer_token,
        token,
    };
    Ok(Some(Write::new(PaymentMethod::create(&method))))
}

/// A method stands for the token.
async fn is_created(reader: &Reader<'_>, body: &NewPaymentMethod) -> Result<bool, Problem> {
    let known = reader.processor_tokens().await?;
    Ok(of_token(reader, &known, &body.token).is_some())
}

/// Lets the method made from the token pay for an address.
async fn attach(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
    address_id: &AddressId,
) -> Result<Option<Write>, Halt> {
    let known = reader.processor_tokens().await?;
    let made = of_token(reader, &known, &body.token).ok_or(Refusal::StateChanged)?;
    pay_for(reader, made, *address_id).await
}

/// It pays for the address.
async fn is_attached(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
    address_id: &AddressId,
) -> Result<bool, Problem> {
    let known = reader.processor_tokens().await?;
    let paying = reader.address(*address_id).await?.payment_method_id;
    Ok(paying.is_some() && paying == of_token(reader, &known, &body.token))
}

/// The addresses whose failed payments are retried with the new method.
fn retried(body: &NewPaymentMethod) -> &[AddressId] {
    if body.retry_charges {
        &body.address_ids
    } else {
        &[]
    }
}

/// Charges the new method for the oldest failed payment of an address, once it pays there.
async fn retry(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
    address_id: &AddressId,
) -> Result<Option<Write>, Halt> {
    if !is_attached(reader, body, address_id).await? {
        return Err(Refusal::StateChanged.into());
    }
    let charges = reader.charges().await?.items;
    let failed = failed_charge(&charges, *address_id);
    // Its id outlives the payment, so this very charge can be looked at afterwards.
    Ok(failed.map(|charge| Write::new(Charge::process(charge.id)).known([charge.id.0])))
}

/// The method that was made from a token, of which a change that is taken up again after a
/// restart has the hash only.
fn of_token(
    reader: &Reader<'_>,
    known: &[ProcessorTokens],
    token: &Secret,
) -> Option<PaymentMethodId> {
    let is_hash = |method: &Secret| reader.upstream.journal.hash(method.expose()) == token.expose();
    let made = known
        .iter()
        .find(|method| method.method == *token || is_hash(&method.method));
    made.map(|method| method.id)
}
