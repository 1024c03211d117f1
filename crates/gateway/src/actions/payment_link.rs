//! The processor's own way to change a card: a link that it e-mails to the customer.

use protocol::{PaymentMethodId, Problem, Refusal};
use recharge::Customer;

use super::payment_method::BY_LINK;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// Before so long another link is not sent, milliseconds.
const PAUSE_MS: i64 = 60_000;

/// Has the link sent, at most once a minute.
pub(crate) async fn send(reader: &Reader<'_>, id: &PaymentMethodId) -> Result<Option<Write>, Stop> {
    let method = reader.payment_method(*id).await?;
    if method.processor_name != BY_LINK {
        return Err(Refusal::StateChanged.into());
    }
    let now_ms = reader.gateway.env.now_ms();
    let name = format!("payment_link:{id}");
    let last_ms = reader.fact(&name).await?.and_then(|at| at.parse().ok());
    if last_ms.is_some_and(|at: i64| now_ms < at.saturating_add(PAUSE_MS)) {
        return Err(Refusal::TooOften.into());
    }
    let address = reader.addresses().await?.items;
    let address = address
        .iter()
        .find(|address| address.payment_method_id == Some(*id));
    let request = Customer::send_payment_link(reader.customer, *id, address.map(|a| a.id));
    Ok(Some(
        Write::new(request).fact(name, Some(now_ms.to_string())),
    ))
}

/// Upstream does not tell which e-mails it has sent. Where its answer was lost the e-mail is
/// taken as sent: the customer sees whether it comes, and a second one does no harm.
pub(crate) async fn is_sent(_: &Reader<'_>) -> Result<bool, Problem> {
    Ok(true)
}
