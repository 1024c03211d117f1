//! Giving one delivery to somebody else.

use protocol::view::{DeliveryKey, DeliveryState};
use protocol::{
    AddressForm, AddressId, Date, DeliveryGift, FieldError, FieldProblem, Problem, Refusal,
    SubscriptionId,
};
use recharge::GiftRecipient;

use super::skip::{check_open, delivery, ids, is_all_skipped, meant};
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// The longest e-mail address, in characters.
const LONGEST_EMAIL: usize = 255;

/// Skips the items here and sends them to the recipient once.
pub(crate) async fn give(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryGift,
) -> Result<Option<Write>, Stop> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    let delivery = delivery(reader, key).await?;
    check_open(&delivery)?;
    let items = ids(&body.purchase_item_ids);
    let cannot = meant(&delivery, &items).any(|item| !item.skippable || item.skipped);
    if delivery.state != DeliveryState::Planned || delivery.due.is_none() || cannot {
        return Err(Refusal::NotGivable.into());
    }
    // Upstream gives away what comes next, whatever day that is.
    for item in &items {
        let subscription = reader.subscription(SubscriptionId(item.0)).await?;
        if subscription.next_charge_scheduled_at != Some(key.date) {
            return Err(Refusal::NotGivable.into());
        }
    }
    let problems = problems(reader, body);
    if !problems.is_empty() {
        return Err(problems.into());
    }
    Ok(Some(Write::new(recipient(body).skip_gift(&items))))
}

/// The items are skipped on that day.
pub(crate) async fn is_given(
    reader: &Reader<'_>,
    address_id: &AddressId,
    date: &Date,
    body: &DeliveryGift,
) -> Result<bool, Problem> {
    let key = DeliveryKey {
        address_id: *address_id,
        date: *date,
    };
    is_all_skipped(reader, key, &body.purchase_item_ids).await
}

/// What is wrong with the recipient.
fn problems(reader: &Reader<'_>, body: &DeliveryGift) -> Vec<FieldError> {
    let email = body.email.trim();
    let (name, host) = email.split_once('@').unwrap_or_default();
    let error = match email.chars().count() {
        0 => Some(FieldProblem::Required),
        n if n > LONGEST_EMAIL => Some(FieldProblem::TooLong),
        _ if name.is_empty() || !host.contains('.') || email.contains(char::is_whitespace) => {
            Some(FieldProblem::Refused)
        }
        _ => None,
    };
    let email = error.map(|error| FieldError {
        field: "email".to_owned(),
        error,
    });
    let address = body.recipient.problems(&reader.gateway.policy.countries);
    email.into_iter().chain(address).collect()
}

fn recipient(body: &DeliveryGift) -> GiftRecipient {
    let form: &AddressForm = &body.recipient;
    let text = |field: &str| form.value(field).trim().to_owned();
    GiftRecipient {
        first_name: text("first_name"),
        last_name: text("last_name"),
        email: body.email.trim().to_owned(),
        company: text("company"),
        address1: text("address1"),
        address2: text("address2"),
        city: text("city"),
        province: text("province"),
        zip: text("zip"),
        country_code: text("country_code"),
        phone: text("phone"),
    }
}
