//! Deliveries: the schedule that upstream computes, joined with the charges behind it.
//!
//! Neither says all. The schedule reaches far ahead and knows addresses and pictures; the
//! charges know what was skipped, what failed, what is being paid now, and exact totals. They
//! meet in an address and a date, which is also how the portal names a delivery.

use std::collections::{BTreeMap, BTreeSet};

use protocol::view::{Delivery, DeliveryItem, DeliveryKey, DeliverySchedule, DeliveryState};
use protocol::{AddressId, Date, Problem};
use recharge::Charge;

use super::context::AccountContext;
use super::draft::Draft;
use super::pricing::Pricing;
use super::warnings::warnings;
use super::yearly::{over_limit, skips};
use super::{credit, totals};
use crate::upstream::reader::Reader;

/// For so many days after its date a delivery may well be processed.
const PROCESSING_DAYS: i32 = 7;

/// The delivery schedule.
pub(crate) async fn schedule(reader: &Reader<'_>) -> Result<DeliverySchedule, Problem> {
    let context = AccountContext::open(reader).await?;
    let (schedule, charges) = (reader.schedule().await?, reader.charges().await?);
    Ok(DeliverySchedule {
        deliveries: context.deliveries(&schedule, &charges.items),
        until: context.today.add_days(
            context
                .policy
                .horizon_days
                .try_into()
                .unwrap_or(i32::MAX / 2),
        ),
        warnings: warnings(&context, &charges.items),
        cut: charges.cut || schedule.cut,
    })
}

/// Takes the credit that the customer wants to use off the next of `deliveries` that will be paid.
/// Where upstream does not tell how much they have, nothing is taken off.
pub(crate) async fn use_credit(
    reader: &Reader<'_>,
    customer: &recharge::Customer,
    deliveries: &mut [Delivery],
) {
    if !customer.apply_credit_to_next_recurring_charge {
        return;
    }
    let Ok(Some(credit)) = credit::available(reader, customer).await else {
        return;
    };
    let is_next = |delivery: &&mut Delivery| delivery.state == DeliveryState::Planned;
    let Some(next) = deliveries.iter_mut().find(is_next) else {
        return;
    };
    next.totals = next
        .totals
        .map(|totals| totals::with_credit(totals, &credit).map_or(totals, |(with, _)| with));
}

impl AccountContext<'_> {
    /// The deliveries to come, and those of before that still wait for their payment; by date,
    /// then address. One that has been processed for long comes last: nothing can be done about it.
    pub(crate) fn deliveries(
        &self,
        schedule: &recharge::DeliverySchedule,
        charges: &[Charge],
    ) -> Vec<Delivery> {
        let mut drafts: BTreeMap<(Date, AddressId), Draft> = BTreeMap::new();
        for delivery in &schedule.deliveries {
            let Some(date) = delivery.date else { continue };
            // Upstream lists days far ahead on which it does not know yet what comes.
            for order in delivery
                .orders
                .iter()
                .filter(|order| !order.line_items.is_empty())
            {
                drafts
                    .entry((date, order.address_id))
                    .or_default()
                    .orders
                    .push(order);
            }
        }
        for charge in charges {
            let Some(date) = charge.scheduled_at else {
                continue;
            };
            drafts
                .entry((date, charge.address_id))
                .or_default()
                .add_charge(charge);
        }
        // One write makes upstream recalculate everything at its address.
        let updating: BTreeSet<AddressId> = drafts
            .iter()
            .filter(|(_, draft)| draft.is_updating())
            .map(|((_, address_id), _)| *address_id)
            .collect();
        let mut deliveries: Vec<Delivery> = drafts
            .into_iter()
            .filter(|((date, _), draft)| *date >= self.today || draft.is_open_from_before())
            .filter_map(|((date, address_id), draft)| {
                let key = DeliveryKey { address_id, date };
                let pricing = || self.pricing(address_id, charges, schedule);
                draft.finish(self, key, updating.contains(&address_id), pricing)
            })
            .collect();
        tell_recipients(&mut deliveries);
        if let Some(most) = self.policy.subscriptions.most_skips_per_year {
            for item in deliveries.iter_mut().flat_map(|found| &mut found.items) {
                let skips = skips(charges, item.purchase_item_id, self.today);
                item.skip_limited = over_limit(&skips, most).is_some();
            }
        }
        deliveries.sort_by_key(|delivery| {
            let since = delivery.key.date.days_until(self.today);
            delivery.state == DeliveryState::Processing && since > PROCESSING_DAYS
        });
        deliveries
    }

    /// How upstream prices what goes to an address without a discount.
    fn pricing(
        &self,
        id: AddressId,
        charges: &[Charge],
        schedule: &recharge::DeliverySchedule,
    ) -> Option<Pricing> {
        let mut addresses = self.customer.include.addresses.iter();
        let address = addresses.find(|address| address.id == id && address.discounts.is_empty())?;
        Pricing::learn(address, charges, schedule, None, self.policy)
    }
}

/// Says of what is skipped who receives it instead. Upstream does not tie the two together: it is
/// what goes to somebody else once, on that day.
fn tell_recipients(deliveries: &mut [Delivery]) {
    let gifts = deliveries.iter().filter_map(|delivery| {
        let name = delivery.gift_for.clone()?;
        let once = delivery.items.iter().filter(|item| item.one_time);
        let given: Vec<(String, String)> = once.map(product_ids).collect();
        Some((delivery.key.date, name, given))
    });
    let gifts: Vec<_> = gifts.collect();
    for delivery in deliveries {
        let mut skipped = delivery.items.iter().filter(|item| item.skipped);
        let recipient = skipped.find_map(|item| {
            let same = |(day, _, given): &&(Date, String, Vec<_>)| {
                *day == delivery.key.date && given.contains(&product_ids(item))
            };
            gifts.iter().find(same).map(|(_, name, _)| name.clone())
        });
        delivery.given_to = recipient;
    }
}

/// What an item is of.
fn product_ids(item: &DeliveryItem) -> (String, String) {
    (item.title.clone(), item.variant.clone())
}
