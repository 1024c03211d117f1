use protocol::view::EditableDetails;
use protocol::{
    CustomerForm, FieldError, FieldProblem, Intent, Operation, Problem, Resource, UpdateCustomer,
};
use recharge::{Customer, CustomerUpdate};

use super::{Action, Row, Step};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::texts::check_length;
use crate::upstream::reader::Reader;

/// The longest value, in characters.
const LONGEST: usize = 255;
#[cfg(feature = "testing")]
use crate::testing::Account;

impl Action for UpdateCustomer {
    fn row() -> Row {
        Row {
            inverse: Some(Operation::UpdateCustomer),
            stale: &[Resource::Customer],
            writes: &["PUT /customers/{id}"],
            evidence: &["every sent field has the sent value"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::Customer
    }

    /// Sends the fields that differ from what upstream has.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let UpdateCustomer { body: sent } = self;
        let problems = problems(sent);
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let problems = closed(sent, reader.upstream.policy.editable);
        if !problems.is_empty() {
            return Err(problems.into());
        }
        let customer = reader.customer().await?;
        let mut changes = CustomerUpdate::default();
        let mut before = CustomerForm::default();
        let fields = [
            (
                &sent.first_name,
                &customer.first_name,
                &mut changes.first_name,
                &mut before.first_name,
            ),
            (
                &sent.last_name,
                &customer.last_name,
                &mut changes.last_name,
                &mut before.last_name,
            ),
            (
                &sent.phone,
                &customer.phone,
                &mut changes.phone,
                &mut before.phone,
            ),
        ];
        for (sent, had, change, before) in fields {
            let wanted = sent.as_deref().map(str::trim);
            if let Some(wanted) = wanted.filter(|wanted| wanted != had) {
                *change = Some(wanted.to_owned());
                *before = Some(had.clone());
            }
        }
        if changes == CustomerUpdate::default() {
            return Ok(None);
        }
        let request = Customer::update(reader.customer, &changes);
        let undo = Intent::UpdateCustomer(UpdateCustomer { body: before });
        Ok(Some(Write::new(request).undo(undo)))
    }

    /// Every field that was sent has the value that was sent.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let UpdateCustomer { body: sent } = self;
        let now = reader.customer().await?;
        let fields = [
            (&sent.first_name, now.first_name),
            (&sent.last_name, now.last_name),
            (&sent.phone, now.phone),
        ];
        let is = |(sent, now): (&Option<String>, String)| {
            sent.as_deref().is_none_or(|sent| sent.trim() == now)
        };
        Ok(fields.into_iter().all(is))
    }

    async fn preview(&self, _: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(_: &dyn Account) -> protocol::Intent {
        let body = CustomerForm {
            phone: Some("+1 212 555 0100".into()),
            ..CustomerForm::default()
        };
        UpdateCustomer { body }.into()
    }
}

fn problems(sent: &CustomerForm) -> Vec<FieldError> {
    let fields = [
        ("first_name", &sent.first_name, true),
        ("last_name", &sent.last_name, true),
        ("phone", &sent.phone, false),
    ];
    let wrong = fields.into_iter().filter_map(|(field, value, required)| {
        check_length(field, value.as_deref()?, required, LONGEST)
    });
    wrong.collect()
}

/// The fields that the merchant does not let customers change.
fn closed(sent: &CustomerForm, editable: EditableDetails) -> Vec<FieldError> {
    let fields = [
        ("first_name", &sent.first_name, editable.name),
        ("last_name", &sent.last_name, editable.name),
        ("phone", &sent.phone, editable.phone),
    ];
    let closed = fields
        .into_iter()
        .filter(|(_, value, editable)| value.is_some() && !editable);
    closed
        .map(|(field, ..)| FieldError::new(field, FieldProblem::Refused))
        .collect()
}
