//! The processor's own way to change a card: a link that it e-mails to the customer.

use protocol::{LINK_PAUSE_MINUTES, Problem, Refusal, Resource, SendPaymentLink};
use recharge::Customer;

use super::{Action, Row, Step};
use crate::model::payment::BY_LINK;
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::upstream::reader::Reader;

/// Before so long another link is not sent, milliseconds.
const PAUSE_MS: i64 = LINK_PAUSE_MINUTES as i64 * 60_000;

#[cfg(feature = "testing")]
use crate::testing::{self, Account};

impl Action for SendPaymentLink {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[Resource::PaymentMethods],
            writes: &["POST /customers/{id}/notifications"],
            evidence: &["none: upstream does not say which emails it sent"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::PaymentMethod(self.payment_method_id)
    }

    /// Has the link sent, unless one just was.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let SendPaymentLink {
            payment_method_id: id,
            ..
        } = self;
        let method = reader.payment_method(*id).await?;
        if method.processor_name != BY_LINK {
            return Err(Refusal::StateChanged.into());
        }
        let now_ms = reader.upstream.env.now_ms();
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

    /// Upstream does not tell which e-mails it has sent. Where its answer was lost the e-mail is not
    /// taken as sent: the customer sees whether it comes, and a second one does no harm.
    async fn took_effect(&self, _reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        Ok(false)
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let body = protocol::Nothing {};
        SendPaymentLink {
            payment_method_id: testing::payment_methods(account).await.methods[0].line.id,
            body,
        }
        .into()
    }
}
