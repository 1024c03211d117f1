//! Giving one delivery to somebody else.

use protocol::view::DeliveryState;
use protocol::{
    AddressForm, DeliveryGift, FieldError, FieldProblem, GiftDelivery, Problem, Refusal, Resource,
    SubscriptionId,
};
use recharge::GiftRecipient;

use super::request_email_change::is_address;
use super::{Action, Row, Step};
use crate::model::address::whole;
use crate::model::delivery::{check_open, deduplicated, delivery, is_all_skipped, selected_items};
use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
use crate::rules::texts::check_length;
use crate::upstream::reader::Reader;

/// The longest e-mail address, in characters.
const LONGEST_EMAIL: usize = 255;
#[cfg(feature = "testing")]
use crate::testing::{self, Account};

impl Action for GiftDelivery {
    fn row() -> Row {
        Row {
            inverse: None,
            stale: &[
                Resource::Overview,
                Resource::Deliveries,
                Resource::Subscriptions,
                Resource::Addresses,
                Resource::PaymentMethods,
            ],
            writes: &["POST /purchase_items/skip_gift"],
            evidence: &["all items are skipped and a gift order exists"],
        }
    }

    fn ownership(&self) -> Guard<'_> {
        Guard::delivery(self.address_id, self.date, &self.body.purchase_item_ids)
    }

    /// Skips the items here and sends them to the recipient once.
    async fn plan(&self, reader: &Reader<'_>, _: Step) -> Result<Option<Write>, Halt> {
        let GiftDelivery { date: _, body, .. } = self;
        let key = self.key();
        let delivery = delivery(reader, key).await?;
        check_open(&delivery)?;
        let items = deduplicated(&body.purchase_item_ids);
        let cannot = selected_items(&delivery, &items).any(|item| !item.skippable || item.skipped);
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
        Ok(Some(Write::new(recipient(reader, body).skip_gift(&items))))
    }

    /// The items are skipped on that day.
    async fn took_effect(&self, reader: &Reader<'_>, _: Step) -> Result<bool, Problem> {
        let key = self.key();
        is_all_skipped(reader, key, &self.body.purchase_item_ids).await
    }

    async fn preview(&self, after: &mut Projection, _: &Reader<'_>) -> Result<(), Problem> {
        after.give(self.key(), &self.body.purchase_item_ids);
        Ok(())
    }

    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> protocol::Intent {
        let delivery = testing::plain_delivery(account).await;
        GiftDelivery {
            address_id: delivery.key.address_id,
            date: delivery.key.date,
            body: testing::gift(testing::skippable(&delivery)),
        }
        .into()
    }
}

/// What is wrong with the recipient.
fn problems(reader: &Reader<'_>, body: &DeliveryGift) -> Vec<FieldError> {
    let email = body.email.trim();
    let wrong = || (!is_address(email)).then(|| FieldError::new("email", FieldProblem::Email));
    let email = check_length("email", email, true, LONGEST_EMAIL).or_else(wrong);
    let countries = &reader.upstream.policy.countries;
    let address = whole(&body.recipient, countries).problems(countries);
    email.into_iter().chain(address).collect()
}

fn recipient(reader: &Reader<'_>, body: &DeliveryGift) -> GiftRecipient {
    let form: AddressForm = whole(&body.recipient, &reader.upstream.policy.countries);
    let text = |field: &str| form.value(field).to_owned();
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
