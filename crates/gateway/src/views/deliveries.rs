//! Deliveries: the schedule that upstream computes, joined with the charges behind it.
//!
//! Neither says all. The schedule reaches far ahead and knows addresses and pictures; the
//! charges know what was skipped, what failed, what is being paid now, and exact totals. They
//! meet in an address and a date, which is also how the portal names a delivery.

mod draft;

use std::collections::{BTreeMap, BTreeSet};

use protocol::view::{
    AddressLines, CutOff, Delivery, DeliveryItem, DeliveryKey, DeliverySchedule, DeliveryState,
    DiscountLine, PaymentLine,
};
use protocol::{AddressId, Date, Problem};
use recharge::{Address, AppliedDiscount, Charge, ChargeStatus};

use crate::reader::Reader;
use crate::views::text::{address_lines, payment_line};
use crate::views::warnings::warnings;
use crate::views::{account, totals};
use crate::{Env, Policy};
use draft::Draft;

/// The first day that is sure to be accepted as a date to come. Upstream wants tomorrow, by a
/// clock of its own that may be ahead of the store's.
pub(crate) const DAYS_AHEAD: i32 = 2;

/// The delivery schedule.
pub(crate) async fn schedule(reader: &Reader<'_>) -> Result<DeliverySchedule, Problem> {
    let desk = Desk::open(reader).await?;
    let (schedule, charges) = (reader.schedule().await?, reader.charges().await?);
    Ok(DeliverySchedule {
        deliveries: desk.deliveries(&schedule, &charges.items),
        until: desk
            .today
            .add_days(desk.policy.horizon_days.try_into().unwrap_or(i32::MAX / 2)),
        warnings: warnings(&desk, &charges.items),
        cut: charges.cut,
    })
}

/// The same as a customer sees it, who is told at once what her credit does. Upstream takes it off
/// when it charges; what there is upstream is what everything else goes by.
pub(crate) async fn shown(reader: &Reader<'_>) -> Result<DeliverySchedule, Problem> {
    let (mut schedule, customer) = (schedule(reader).await?, reader.customer().await?);
    use_credit(reader, &customer, &mut schedule.deliveries).await;
    Ok(schedule)
}

/// Takes the credit that the customer wants to use off the next of `deliveries` that will be paid.
/// Where upstream does not tell how much she has, nothing is taken off.
pub(crate) async fn use_credit(
    reader: &Reader<'_>,
    customer: &recharge::Customer,
    deliveries: &mut [Delivery],
) {
    if !customer.apply_credit_to_next_recurring_charge {
        return;
    }
    let Ok(Some(credit)) = account::credit(reader, customer).await else {
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

/// What is needed to judge and describe deliveries: the customer, the rules, the time.
pub(crate) struct Desk<'a> {
    pub(crate) customer: recharge::Customer,
    pub(crate) policy: &'a Policy,
    pub(crate) env: &'a dyn Env,
    pub(crate) now_ms: i64,
    pub(crate) today: Date,
}

impl<'a> Desk<'a> {
    /// Reads what is needed; one call.
    pub(crate) async fn open(reader: &Reader<'a>) -> Result<Desk<'a>, Problem> {
        Ok(Desk::over(reader, reader.customer().await?))
    }

    /// The same with a customer that was read already.
    pub(crate) fn over(reader: &Reader<'a>, customer: recharge::Customer) -> Desk<'a> {
        let env = &*reader.gateway.env;
        let now_ms = env.now_ms();
        let policy = &*reader.gateway.policy;
        Desk {
            customer,
            policy,
            env,
            now_ms,
            today: env.local(now_ms).0,
        }
    }

    /// The deliveries to come, and those of before that still wait for their payment; by date,
    /// then address.
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
                draft.finish(self, key, updating.contains(&address_id))
            })
            .collect();
        tell_recipients(&mut deliveries);
        deliveries
    }

    /// Until when a delivery on `date` can be changed.
    pub(crate) fn cut_off(&self, date: Date) -> CutOff {
        cut_off(self.policy, self.env, date)
    }

    /// Whether that moment is over.
    pub(crate) fn is_cut_off(&self, date: Date) -> bool {
        self.now_ms >= self.cut_off(date).at_ms
    }

    /// An address of the customer as text.
    pub(crate) fn address(&self, id: AddressId) -> Option<AddressLines> {
        let found = self
            .customer
            .include
            .addresses
            .iter()
            .find(|address| address.id == id)?;
        address_lines(&found.postal())
    }

    /// The note on everything that goes to an address; empty for none.
    pub(crate) fn order_note(&self, id: AddressId) -> String {
        let mut addresses = self.customer.include.addresses.iter();
        let found = addresses.find(|address| address.id == id);
        found
            .map(|address| address.order_note.clone())
            .unwrap_or_default()
    }

    /// The discount codes on everything that goes to an address.
    pub(crate) fn discounts(&self, id: AddressId) -> Vec<DiscountLine> {
        let mut addresses = self.customer.include.addresses.iter();
        let found = addresses.find(|address| address.id == id);
        found.map(address_discounts).unwrap_or_default()
    }

    /// Who receives what goes to an address, where that is somebody else.
    pub(crate) fn gift_for(&self, id: AddressId) -> Option<String> {
        let mut addresses = self.customer.include.addresses.iter();
        let address = addresses.find(|address| address.id == id && address.is_gift)?;
        let name = [address.first_name.as_str(), address.last_name.as_str()].join(" ");
        Some(name.trim().to_owned())
    }

    /// What pays for everything that goes to an address.
    pub(crate) fn payment(&self, id: AddressId) -> Option<PaymentLine> {
        let include = &self.customer.include;
        let address = include.addresses.iter().find(|address| address.id == id)?;
        let method = include.payment_methods.iter();
        method
            .map(payment_line)
            .find(|line| Some(line.id) == address.payment_method_id)
    }
}

/// Says of what is skipped who receives it instead. Upstream does not tie the two together: it is
/// what goes to somebody else once, on that day.
fn tell_recipients(deliveries: &mut [Delivery]) {
    let gifts = deliveries.iter().filter_map(|delivery| {
        let name = delivery.gift_for.clone()?;
        let once = delivery.items.iter().filter(|item| item.one_time);
        let given: Vec<(String, String)> = once.map(goods).collect();
        Some((delivery.key.date, name, given))
    });
    let gifts: Vec<_> = gifts.collect();
    for delivery in deliveries {
        let mut skipped = delivery.items.iter().filter(|item| item.skipped);
        let recipient = skipped.find_map(|item| {
            let same = |(day, _, given): &&(Date, String, Vec<_>)| {
                *day == delivery.key.date && given.contains(&goods(item))
            };
            gifts.iter().find(same).map(|(_, name, _)| name.clone())
        });
        delivery.given_to = recipient;
    }
}

/// What an item is of.
fn goods(item: &DeliveryItem) -> (String, String) {
    (item.title.clone(), item.variant.clone())
}

/// Until when a delivery on `date` can be changed.
pub(crate) fn cut_off(policy: &Policy, env: &dyn Env, date: Date) -> CutOff {
    let days = i32::try_from(policy.cut_off_days).unwrap_or_default();
    let (date, minute) = (date.add_days(-days), policy.cut_off_minute);
    CutOff {
        date,
        minute,
        at_ms: env.instant(date, minute),
    }
}

/// The first day to which something can be moved: one that upstream takes as a day to come, and
/// that can itself still be changed.
pub(crate) fn earliest(policy: &Policy, env: &dyn Env) -> Date {
    let now_ms = env.now_ms();
    let first = env.local(now_ms).0.add_days(DAYS_AHEAD);
    let days = i32::try_from(policy.cut_off_days).unwrap_or_default();
    let last = first.add_days(days);
    let mut days = (0..first.days_until(last).max(0)).map(|day| first.add_days(day));
    let is_open = |day: &Date| now_ms < cut_off(policy, env, *day).at_ms;
    days.find(is_open).unwrap_or(last)
}

/// The discount codes on an address.
pub(crate) fn address_discounts(address: &Address) -> Vec<DiscountLine> {
    discount_lines(&address.discounts, |_| true)
}

fn discount_lines(
    discounts: &[AppliedDiscount],
    is_on_address: impl Fn(&AppliedDiscount) -> bool,
) -> Vec<DiscountLine> {
    let coded = discounts
        .iter()
        .filter(|discount| !discount.code.is_empty());
    coded
        .map(|discount| DiscountLine {
            code: discount.code.clone(),
            on_address: is_on_address(discount),
        })
        .collect()
}

/// Whether a charge waits for its payment or is being paid.
pub(crate) fn is_in_payment(charge: &Charge) -> bool {
    matches!(
        charge.status,
        ChargeStatus::Pending | ChargeStatus::PendingManualPayment
    )
}
