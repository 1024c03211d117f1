//! Adding, using, changing and removing payment methods. Upstream gets the processor's tokens,
//! never a card.

use protocol::{
    AddressForm, AddressId, Country, FieldError, FieldProblem, Intent, NewPaymentMethod,
    PaidAddresses, PaymentMethodId, Problem, ProblemKind, Refusal,
};
use recharge::{Address, NewMethod, PaymentMethod, ProcessorTokens};

use super::address::{merged, upstream_update};
use crate::guard::Guard;
use crate::plan::{Stop, Write};
use crate::reader::Reader;
use crate::views::account::form_of;

/// The processor whose tokens both tokenisers make.
const PROCESSOR: &str = "stripe";
/// The processor whose methods are changed by the link it e-mails, and no other way.
pub(crate) const BY_LINK: &str = "shopify_payments";
/// The longest token, in characters.
const LONGEST_TOKEN: usize = 255;
/// At most so many addresses in one request.
const MOST_ADDRESSES: usize = 100;

/// The guard of what names a method and addresses, or addresses alone.
pub(crate) fn guard<'a>(
    method: Option<PaymentMethodId>,
    address_ids: &'a [AddressId],
) -> Guard<'a> {
    let addresses = address_ids.iter().copied().map(Guard::Address);
    Guard::All(
        method
            .map(Guard::PaymentMethod)
            .into_iter()
            // One more than may be named, so that a long list is not read to its end.
            .chain(addresses.take(MOST_ADDRESSES + 1))
            .collect(),
    )
}

/// Makes the method from its token, unless it was made from it before.
pub(crate) async fn create(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
) -> Result<Option<Write>, Stop> {
    check_count(&body.address_ids)?;
    let token = body.token.as_str();
    let fits = (1..=LONGEST_TOKEN).contains(&token.len());
    if !fits || !token.chars().all(|c| c.is_ascii_graphic()) {
        return Err(vec![FieldError {
            field: "token".into(),
            error: FieldProblem::Refused,
        }]
        .into());
    }
    if reader.gateway.policy.tokeniser.is_none() {
        return Err(Refusal::ByLinkOnly.into());
    }
    let known = reader.processor_tokens().await?;
    if of_token(&known, token).is_some() {
        return Ok(None);
    }
    let customer_token = account(&known).ok_or(Refusal::NoProcessorAccount)?;
    let method = NewMethod {
        customer_id: reader.customer,
        processor_name: PROCESSOR,
        customer_token: &customer_token,
        token,
        retry_charges: body.retry_charges,
    };
    Ok(Some(Write::new(PaymentMethod::create(&method))))
}

/// A method stands for the token.
pub(crate) async fn is_created(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
) -> Result<bool, Problem> {
    let known = reader.processor_tokens().await?;
    Ok(of_token(&known, &body.token).is_some())
}

/// Removing it again, as long as it pays for nothing.
pub(crate) async fn undo_create(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
) -> Result<Option<Intent>, Problem> {
    let known = reader.processor_tokens().await?;
    let made = of_token(&known, &body.token).filter(|_| body.address_ids.is_empty());
    Ok(made.map(|payment_method_id| Intent::RemovePaymentMethod {
        payment_method_id,
        body: protocol::Nothing {},
    }))
}

/// Lets the method made from the token pay for an address.
pub(crate) async fn attach(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
    address_id: &AddressId,
) -> Result<Option<Write>, Stop> {
    let known = reader.processor_tokens().await?;
    let made = of_token(&known, &body.token).ok_or(Refusal::StateChanged)?;
    pay_for(reader, made, *address_id).await
}

/// It pays for the address.
pub(crate) async fn is_attached(
    reader: &Reader<'_>,
    body: &NewPaymentMethod,
    address_id: &AddressId,
) -> Result<bool, Problem> {
    let known = reader.processor_tokens().await?;
    let paying = reader.address(*address_id).await?.payment_method_id;
    Ok(paying.is_some() && paying == of_token(&known, &body.token))
}

/// Lets a method pay for one of several addresses.
pub(crate) async fn assign(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
    body: &PaidAddresses,
    address_id: &AddressId,
) -> Result<Option<Write>, Stop> {
    check_count(&body.address_ids)?;
    let undo = undo_assign(reader, *id, &body.address_ids).await?;
    let write = pay_for(reader, *id, *address_id).await?;
    Ok(write.map(|write| write.undo(undo)))
}

/// It pays for the address.
pub(crate) async fn is_assigned(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
    address_id: &AddressId,
) -> Result<bool, Problem> {
    Ok(reader.address(*address_id).await?.payment_method_id == Some(*id))
}

async fn pay_for(
    reader: &Reader<'_>,
    id: PaymentMethodId,
    address_id: AddressId,
) -> Result<Option<Write>, Stop> {
    if reader.address(address_id).await?.payment_method_id == Some(id) {
        return Ok(None);
    }
    Ok(Some(Write::new(Address::pay_with(address_id, id).commit())))
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
    Ok(same.then_some(Intent::AssignPaymentMethod {
        payment_method_id,
        body: PaidAddresses { address_ids },
    }))
}

/// Makes it the customer's default, which another one may have been before.
pub(crate) async fn make_default(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
) -> Result<Option<Write>, Stop> {
    let method = changeable(reader, *id).await?;
    if method.default {
        return Ok(None);
    }
    let methods = reader.payment_methods().await?.items;
    let before = methods.iter().find(|method| method.default);
    let undo = before.map(|before| Intent::SetDefaultPaymentMethod {
        payment_method_id: before.id,
        body: protocol::Nothing {},
    });
    Ok(Some(
        Write::new(PaymentMethod::make_default(*id)).undo(undo),
    ))
}

/// It is the default.
pub(crate) async fn is_default(reader: &Reader<'_>, id: &PaymentMethodId) -> Result<bool, Problem> {
    Ok(reader.payment_method(*id).await?.default)
}

/// Sends the billing address as it will be. It may lie in a country that nothing is shipped to.
pub(crate) async fn update_billing(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
    sent: &AddressForm,
) -> Result<Option<Write>, Stop> {
    let method = changeable(reader, *id).await?;
    let before = form_of(&method.billing_address);
    let after = merged(&before, sent);
    let problems = after.problems(&countries(reader, after.value("country_code")));
    if !problems.is_empty() {
        return Err(problems.into());
    }
    if after.changes_from(&before) == AddressForm::default() {
        return Ok(None);
    }
    let undo = Intent::UpdateBillingAddress {
        payment_method_id: *id,
        body: before.changes_from(&after),
    };
    let request = PaymentMethod::update_billing(*id, &upstream_update(&after));
    Ok(Some(Write::new(request).undo(undo)))
}

/// The billing address has every value that was sent.
pub(crate) async fn is_billed_to(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
    sent: &AddressForm,
) -> Result<bool, Problem> {
    let now = form_of(&reader.payment_method(*id).await?.billing_address);
    Ok(merged(&now, sent).changes_from(&now) == AddressForm::default())
}

/// The countries whose forms are known, with `code` among them.
fn countries(reader: &Reader<'_>, code: &str) -> Vec<Country> {
    let mut countries = reader.gateway.policy.countries.clone();
    if !countries.iter().any(|country| country.code == code) {
        countries.push(Country {
            code: code.to_owned(),
            provinces: Vec::new(),
        });
    }
    countries
}

/// Removes a method that pays for nothing.
pub(crate) async fn remove(
    reader: &Reader<'_>,
    id: &PaymentMethodId,
) -> Result<Option<Write>, Stop> {
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
pub(crate) async fn is_removed(reader: &Reader<'_>, id: &PaymentMethodId) -> Result<bool, Problem> {
    let methods = reader.payment_methods().await?.items;
    Ok(!methods.iter().any(|method| method.id == *id))
}

/// A method that can be changed here.
async fn changeable(reader: &Reader<'_>, id: PaymentMethodId) -> Result<PaymentMethod, Stop> {
    let method = reader.payment_method(id).await?;
    match method.processor_name.as_str() {
        BY_LINK => Err(Refusal::ByLinkOnly.into()),
        _ => Ok(method),
    }
}

fn check_count(address_ids: &[AddressId]) -> Result<(), Stop> {
    if address_ids.len() > MOST_ADDRESSES {
        let title = format!("`address_ids` must name at most {MOST_ADDRESSES} addresses.");
        return Err(Problem::new(ProblemKind::BadRequest, title).into());
    }
    Ok(())
}

/// The method that was made from a token.
fn of_token(known: &[ProcessorTokens], token: &str) -> Option<PaymentMethodId> {
    let made = known.iter().find(|method| method.method.expose() == token);
    made.map(|method| method.id)
}

/// The customer at the processor, whom all her cards belong to.
pub(crate) fn account(known: &[ProcessorTokens]) -> Option<String> {
    let mut accounts = known
        .iter()
        .filter(|method| method.processor_name == PROCESSOR)
        .map(|method| method.customer.expose())
        .filter(|token| !token.is_empty());
    accounts.next().map(str::to_owned)
}
