//! Choosing how things go to an address, among the ways that the merchant names with their prices.

use protocol::{
    FieldProblem, Intent, Operation, Problem, Resource, SetShippingMethod, ShippingChoice,
};
use recharge::Address;

use super::{Action, Row, Step};
use crate::model::address::shipping_method;
use crate::plan::{Halt, Write, field_error};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for SetShippingMethod {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::SetShippingMethod),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /addresses/{id}"],
            evidence: &["the address has that shipping method"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.address_id)
    }

    /// Sends the merchant's own title and price for the code.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let SetShippingMethod {
            address_id: id,
            body,
        } = self;
        let before = shipping_method(&reader.address(*id).await?);
        if before == body.code {
            return Ok(None);
        }
        let method = reader.upstream.policy.shipping_method(&body.code);
        let line = match (method, body.code.as_str()) {
            (None, "") => None,
            (None, _) => return Err(field_error("code", FieldProblem::Refused)),
            (Some(method), code) => Some((code, method.title.as_str(), method.price)),
        };
        let undo = Intent::SetShippingMethod(SetShippingMethod {
            address_id: *id,
            body: ShippingChoice { code: before },
        });
        let request = Address::set_shipping(*id, line).commit();
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// The code is the one that was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let SetShippingMethod {
            address_id: id,
            body,
        } = self;
        Ok(shipping_method(&reader.address(*id).await?) == body.code)
    }

    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
        let SetShippingMethod { address_id, body } = self;
        let method = reader.upstream.policy.shipping_method(&body.code);
        after.set_shipping(*address_id, method.map(|method| method.price));
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let body = ShippingChoice {
            code: "pickup".into(),
        };
        SetShippingMethod {
            address_id: testing::addresses(account).await[0].id,
            body,
        }
        .into()
    }
}
