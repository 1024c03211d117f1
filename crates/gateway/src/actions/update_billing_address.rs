use protocol::{Country, Intent, Operation, Problem, Resource, UpdateBillingAddress};
use recharge::PaymentMethod;

use super::payment_method::changeable;
use super::{Action, Row, Step};
use crate::model::address::{form_of, merged, upstream_update};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};
use crate::upstream::reader::Reader;

impl Action for UpdateBillingAddress {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UpdateBillingAddress),
            stale: &[Resource::PaymentMethods],
            writes: &["PUT /payment_methods/{id}"],
            evidence: &["every sent field has the sent value"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::PaymentMethod(self.payment_method_id)
    }

    /// Sends the billing address as it will be. It may lie in a country that nothing is shipped to.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UpdateBillingAddress {
            payment_method_id: id,
            body: sent,
        } = self;
        let method = changeable(reader, *id).await?;
        let before = form_of(&method.billing_address);
        let code = sent.get("country_code");
        let countries = countries(reader, code.unwrap_or(before.value("country_code")));
        let after = merged(&before, sent, &countries);
        let problems = after.problems_since(&before, &countries);
        if !problems.is_empty() {
            return Err(problems.into());
        }
        if after.changes_from(&before).is_empty() {
            return Ok(None);
        }
        let undo = Intent::UpdateBillingAddress(UpdateBillingAddress {
            payment_method_id: *id,
            body: before.changes_from(&after),
        });
        let request = PaymentMethod::update_billing(*id, &upstream_update(&after));
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// The billing address has every value that was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UpdateBillingAddress {
            payment_method_id: id,
            body: sent,
        } = self;
        let now = form_of(&reader.payment_method(*id).await?.billing_address);
        let after = merged(&now, sent, &reader.upstream.policy.countries);
        Ok(after.changes_from(&now).is_empty())
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let body = protocol::AddressForm {
            city: Some("Utica".into()),
            ..protocol::AddressForm::default()
        };
        UpdateBillingAddress {
            payment_method_id: testing::payment_methods(account).await.methods[0].line.id,
            body,
        }
        .into()
    }
}

/// The countries whose forms are known, with `code` among them.
fn countries(reader: &Reader<'_>, code: &str) -> Vec<Country> {
    let mut countries = reader.upstream.policy.countries.clone();
    if !code.is_empty() && !countries.iter().any(|country| country.code == code) {
        countries.push(Country {
            code: code.to_owned(),
            provinces: Vec::new(),
        });
    }
    countries
}
