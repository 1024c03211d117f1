//! Editing an address in place.

use protocol::{Intent, Operation, Problem, Resource, UpdateAddress};
use recharge::Address;

use super::{Action, Row, Step};
use crate::model::address::{form, merged, upstream_update};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for UpdateAddress {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UpdateAddress),
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["PUT /addresses/{id}"],
            evidence: &["every sent field has the sent value"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Address(self.address_id)
    }

    /// Sends the fields that differ from what upstream has. The rules are those of the address as
    /// it will be, whatever part of it the form showed.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UpdateAddress {
            address_id: id,
            body: sent,
        } = self;
        let countries = &reader.upstream.policy.countries;
        let before = form(&reader.address(*id).await?);
        let after = merged(&before, sent, countries);
        let problems = after.problems_since(&before, countries);
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let changes = after.changes_from(&before);
        if changes.is_empty() {
            return Ok(None);
        }
        let undo = Intent::UpdateAddress(UpdateAddress {
            address_id: *id,
            body: before.changes_from(&after),
        });
        let request = Address::update(*id, &upstream_update(&changes)).commit();
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// Every field that was sent has the value that was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UpdateAddress {
            address_id: id,
            body: sent,
        } = self;
        let now = form(&reader.address(*id).await?);
        let after = merged(&now, sent, &reader.upstream.policy.countries);
        Ok(after.changes_from(&now).is_empty())
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let all = testing::addresses(account).await;
        let is_american = |address: &&protocol::view::Address| address.lines.country_code == "US";
        let address = all.iter().find(is_american).expect("an address in the US");
        let body = protocol::AddressForm {
            city: Some("Queens".into()),
            ..protocol::AddressForm::default()
        };
        UpdateAddress {
            address_id: address.id,
            body,
        }
        .into()
    }
}
