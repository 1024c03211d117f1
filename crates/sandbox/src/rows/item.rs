//! Purchase items: subscriptions and one-times.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Date, Interval, Money, Unit};
use serde::Serialize;
use serde_json::Value;

use super::Id;

/// What is bought, the same for both kinds of purchase item.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct ItemDetails {
    pub(crate) external_product_id: Option<String>,
    pub(crate) external_variant_id: Option<String>,
    pub(crate) product_title: String,
    pub(crate) variant_title: Option<String>,
    pub(crate) sku: Option<String>,
    pub(crate) sku_override: bool,
    pub(crate) price: Money,
    pub(crate) quantity: u32,
    pub(crate) properties: Value,
}

/// The state of a subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SubscriptionStatus {
    Active,
    Cancelled,
    /// Reached `expire_after` charges.
    Expired,
}

/// An item that comes again and again.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Subscription {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) address_id: Id,
    pub(crate) details: ItemDetails,
    pub(crate) plan_id: Option<Id>,
    /// Between deliveries.
    pub(crate) interval: Interval,
    /// Units between charges; more than `interval.every` means prepaid.
    pub(crate) charge_every: u32,
    /// How many of its charges are queued at once.
    pub(crate) queue: u32,
    pub(crate) order_day_of_month: Option<u64>,
    pub(crate) order_day_of_week: Option<u64>,
    pub(crate) status: SubscriptionStatus,
    /// The day from which cycles are counted.
    pub(crate) anchor: Date,
    /// The date of the next charge; `None` when there is none to come.
    pub(crate) next: Option<Date>,
    /// Dates of the cycle whose charge was moved to another date, or was paid ahead.
    pub(crate) exceptions: BTreeMap<Date, Option<Date>>,
    pub(crate) expire_after: Option<u32>,
    pub(crate) charges_made: u32,
    pub(crate) max_retries_reached: bool,
    pub(crate) presentment_currency: Option<Currency>,
    pub(crate) cancellation: Option<Cancellation>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}

impl Subscription {
    /// Paid for several deliveries at once.
    pub(crate) fn is_prepaid(&self) -> bool {
        self.charge_every > self.interval.every
    }

    /// Between charges.
    pub(crate) fn charge_interval(&self) -> Interval {
        Interval {
            every: self.charge_every,
            ..self.interval
        }
    }

    /// The first date of the charge cycle after `date`.
    pub(crate) fn cycle_after(&self, date: Date) -> Date {
        let interval = self.charge_interval();
        let longest_unit = match interval.unit {
            Unit::Day => 1,
            Unit::Week => 7,
            Unit::Month => 31,
        };
        let longest = i64::from(interval.every) * longest_unit;
        let passed = i64::from(self.anchor.days_until(date)).max(0) / longest.max(1);
        (passed as u32..)
            .take(4_096)
            .map(|n| interval.after(self.anchor, n))
            .find(|d| *d > date)
            .unwrap_or(date)
    }

    /// The dates of its charges up to `until`, but for those skipped.
    pub(crate) fn coming(&self, skipped: &BTreeSet<Date>, until: Date) -> BTreeSet<Date> {
        let Some(next) = self.next else {
            return BTreeSet::new();
        };
        let later = |date: &Date| Some(self.cycle_after(*date)).filter(|after| after > date);
        let cycle = std::iter::successors(Some(next), later)
            .take_while(|date| *date <= until)
            .filter(|date| *date == next || !self.exceptions.contains_key(date));
        let moved = self.exceptions.values().flatten().copied();
        let moved = moved.filter(|date| (next..=until).contains(date));
        cycle
            .chain(moved)
            .filter(|date| *date == next || !skipped.contains(date))
            .collect()
    }

    /// The dates for which charges are queued, from the next one on.
    pub(crate) fn queued(&self, skipped: &BTreeSet<Date>) -> BTreeSet<Date> {
        let Some(next) = self.next else {
            return BTreeSet::new();
        };
        if self.queue == 1 {
            return BTreeSet::from([next]);
        }
        let passed_over = skipped.len() + self.exceptions.len();
        let reach = (0..self.queue as usize + passed_over).fold(next, |d, _| self.cycle_after(d));
        let coming = self.coming(skipped, reach).into_iter();
        coming.take(self.queue as usize).collect()
    }

    /// Takes a date off what is to come: its charge was paid.
    pub(crate) fn pass(&mut self, date: Date, skipped: &BTreeSet<Date>) {
        for moved in self.exceptions.values_mut() {
            *moved = moved.filter(|to| *to != date);
        }
        if self.next != Some(date) && self.is_on_cycle(date) {
            self.exceptions.insert(date, None);
        }
        self.go_past(date, skipped);
    }

    /// Waits for the charge after `date`, if that is the one waited for.
    pub(crate) fn go_past(&mut self, date: Date, skipped: &BTreeSet<Date>) {
        if self.next != Some(date) {
            return;
        }
        let passed_over = 1 + skipped.len() + self.exceptions.len();
        let reach = (0..=passed_over).fold(date, |d, _| self.cycle_after(d));
        let coming = self.coming(skipped, reach);
        self.next = coming.into_iter().find(|coming| *coming > date);
    }

    /// Waits for a skipped date again.
    pub(crate) fn come_back(&mut self, date: Date) {
        if self.next.is_none_or(|next| next <= date) {
            return;
        }
        // After a change the skipped date may be off the cycle; then it leads again.
        let was_moved = self.exceptions.values().any(|moved| *moved == Some(date));
        if !was_moved && !self.is_on_cycle(date) {
            self.anchor = date;
        }
        self.next = Some(date);
    }

    /// Moves one charge to another date and leaves those after it. `false`, and nothing
    /// changed, where several are queued and it would meet or pass another.
    pub(crate) fn move_one(&mut self, from: Date, to: Date, skipped: &BTreeSet<Date>) -> bool {
        let queued = self.queued(skipped);
        let before = queued.range(..from).next_back();
        let after = queued.range(from.add_days(1)..).next();
        if before.is_some_and(|date| to <= *date) || after.is_some_and(|date| to >= *date) {
            return false;
        }
        let moved_before = self
            .exceptions
            .iter()
            .find(|(_, moved)| **moved == Some(from));
        let cycle = moved_before.map_or(from, |(cycle, _)| *cycle);
        self.exceptions.insert(cycle, Some(to));
        if self.next == Some(from) {
            self.next = Some(to);
        }
        true
    }

    /// Lets the fixed day of week or month lead: the next date moves on to it, and the
    /// cycle counts from there.
    pub(crate) fn align(&mut self) {
        let Some(next) = self.next else { return };
        match (
            self.interval.unit,
            self.order_day_of_week,
            self.order_day_of_month,
        ) {
            (Unit::Week, Some(day), _) => {
                let ahead = (day as i32 - next.weekday() as i32).rem_euclid(7);
                self.anchor = next.add_days(ahead);
                self.next = Some(self.anchor);
            }
            (Unit::Month, _, Some(day)) => {
                let day = day as u32;
                let first = next.add_days(1 - next.day() as i32);
                let first = first.add_months(i32::from(next.day() > day));
                let last = first.add_months(1).add_days(-1);
                self.next = Some(first.add_days(day as i32 - 1).min(last));
                // A short month must not cut the day for good: count from one that has it.
                let begin = |n: i32| {
                    let month = first.add_months(-n * self.charge_every as i32);
                    Date::new(month.year(), month.month(), day)
                };
                self.anchor = (0..12).find_map(begin).unwrap_or(last);
            }
            _ => {}
        }
    }

    /// Whether `date` is a date of the charge cycle.
    pub(crate) fn is_on_cycle(&self, date: Date) -> bool {
        self.cycle_after(date.add_days(-1)) == date
    }
}

/// Why and when a subscription was cancelled, and what reactivating brings back.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Cancellation {
    pub(crate) reason: String,
    pub(crate) comments: Option<String>,
    pub(crate) at: i64,
    pub(crate) next_was: Option<Date>,
}

/// An item that comes once, with the charge of their date.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Onetime {
    pub(crate) id: Id,
    pub(crate) customer_id: Id,
    pub(crate) address_id: Id,
    pub(crate) details: ItemDetails,
    pub(crate) next: Date,
    /// Put on a charge for nothing, by the merchant.
    pub(crate) is_free_gift: bool,
    pub(crate) presentment_currency: Option<Currency>,
    pub(crate) created_at: i64,
    pub(crate) updated_at: i64,
}
