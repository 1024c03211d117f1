//! Adding an address together with what pays for what will go there: one call upstream, so that
//! nothing half-made is left.

use protocol::{
    AddAddress, AddressForm, DeleteAddress, FieldError, FieldProblem, Intent, NewAddress, Nothing,
    Operation, Problem, Resource,
};
use recharge::Address;

use super::{Action, Row, Step};
use crate::model::address::{form, upstream_update, whole};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for AddAddress {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::DeleteAddress),
            stale: &[Resource::Addresses, Resource::PaymentMethods],
            writes: &["POST /addresses"],
            evidence: &["a new address with these fields exists"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::paid_by(self.body.payment_method_id)
    }

    /// Adds the address.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let AddAddress { body: sent } = self;
        let countries = &reader.upstream.policy.countries;
        let address = whole(&sent.address, countries);
        let mut problems = address.problems(countries);
        let has_methods = !reader.payment_methods().await?.items.is_empty();
        if sent.payment_method_id.is_none() && has_methods {
            problems.push(FieldError::new("payment_method_id", FieldProblem::Required));
        }
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let known = reader.addresses().await?.items;
        let known = known.iter().map(|address| address.id.0);
        let request = Address::create(
            reader.customer,
            &upstream_update(&address),
            sent.payment_method_id,
        );
        Ok(Some(Write::new(request).known(known)))
    }

    /// There is an address that there was not before, with what was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let AddAddress { body: sent } = self;
        Ok(added(reader, sent).await?.is_some())
    }

    /// Deleting it again.
    async fn undo(&self, reader: &Reader<'_>) -> Result<Option<Intent>, Problem> {
        let AddAddress { body: sent } = self;
        let address = added(reader, sent).await?;
        Ok(address.map(|address| {
            Intent::DeleteAddress(DeleteAddress {
                address_id: address.id,
                body: Nothing {},
            })
        }))
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let body = testing::new_address(account).await;
        AddAddress { body }.into()
    }
}

async fn added(reader: &Reader<'_>, sent: &NewAddress) -> Result<Option<Address>, Problem> {
    let wanted = whole(&sent.address, &reader.upstream.policy.countries);
    let is_it = |address: &Address| {
        let has: AddressForm = form(address);
        reader.is_new(address.id.0)
            && address.payment_method_id == sent.payment_method_id
            && wanted.changes_from(&has).is_empty()
    };
    let all = reader.addresses().await?.items;
    Ok(all.into_iter().find(is_it))
}
