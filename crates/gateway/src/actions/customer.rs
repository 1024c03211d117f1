//! The customer's own record: name and telephone, and whether credit is spent.

use protocol::{CreditUse, CustomerForm, FieldError, FieldProblem, Intent, Problem};
use recharge::{Customer, CustomerUpdate};

use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The longest value, in characters.
const LONGEST: usize = 255;

/// Sends the fields that differ from what upstream has.
pub(crate) async fn update(
    reader: &Reader<'_>,
    sent: &CustomerForm,
) -> Result<Option<Write>, Stop> {
    let problems = problems(sent);
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
    let undo = Intent::UpdateCustomer { body: before };
    Ok(Some(Write::new(request).undo(undo)))
}

/// Every field that was sent has the value that was sent.
pub(crate) async fn is_as_sent(reader: &Reader<'_>, sent: &CustomerForm) -> Result<bool, Problem> {
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

fn problems(sent: &CustomerForm) -> Vec<FieldError> {
    let fields = [
        ("first_name", &sent.first_name, true),
        ("last_name", &sent.last_name, true),
        ("phone", &sent.phone, false),
    ];
    let wrong = fields.into_iter().filter_map(|(field, value, required)| {
        let error = match value.as_deref()?.trim().chars().count() {
            0 if required => FieldProblem::Required,
            many if many > LONGEST => FieldProblem::TooLong,
            _ => return None,
        };
        let field = field.to_owned();
        Some(FieldError { field, error })
    });
    wrong.collect()
}

/// Asks upstream to use credit on the next order, or not to.
pub(crate) async fn use_credit(
    reader: &Reader<'_>,
    sent: &CreditUse,
) -> Result<Option<Write>, Stop> {
    let applies = reader
        .customer()
        .await?
        .apply_credit_to_next_recurring_charge;
    if applies == sent.next_order {
        return Ok(None);
    }
    let update = CustomerUpdate {
        apply_credit_to_next_recurring_charge: Some(sent.next_order),
        ..CustomerUpdate::default()
    };
    let undo = Intent::UseCredit {
        body: CreditUse {
            next_order: applies,
        },
    };
    let request = Customer::update(reader.customer, &update);
    Ok(Some(Write::new(request).undo(undo)))
}

/// Upstream has been told.
pub(crate) async fn credit_is_as_sent(
    reader: &Reader<'_>,
    sent: &CreditUse,
) -> Result<bool, Problem> {
    let customer = reader.customer().await?;
    Ok(customer.apply_credit_to_next_recurring_charge == sent.next_order)
}
