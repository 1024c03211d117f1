//! How scenarios are written: rows are added at their time and the store's own clock
//! makes the history, so that every past order follows the same rules as the next one.

mod people;

use std::collections::BTreeMap;

use base::{Currency, Date, Interval, Money, Unit};
use serde_json::Value;

pub(super) use people::postal;

use super::catalogue;
use crate::charges;
use crate::clock::{DAY_MS, HOUR_MS, start_of, today};
use crate::rows::*;
use crate::settings::Settings;
use crate::tick;

/// A store being built.
pub(super) struct Build {
    pub(super) tables: Tables,
    /// The time so far.
    pub(super) at: i64,
    /// The day on which the scenario begins.
    pub(super) today: Date,
    now: i64,
}

/// What a subscription is made of.
pub(super) struct NewSubscription<'a> {
    pub(super) address_id: Id,
    pub(super) variant: &'a str,
    pub(super) quantity: u32,
    pub(super) every: u32,
    pub(super) unit: Unit,
    /// Deliveries paid at once; 1 unless prepaid.
    pub(super) prepaid: u32,
    pub(super) first: Date,
}

impl NewSubscription<'_> {
    /// One that comes and is paid every so many weeks.
    pub(super) fn weekly(
        address_id: Id,
        variant: &str,
        quantity: u32,
        every: u32,
        first: Date,
    ) -> NewSubscription<'_> {
        NewSubscription {
            address_id,
            variant,
            quantity,
            every,
            unit: Unit::Week,
            prepaid: 1,
            first,
        }
    }
}

impl Build {
    /// An empty shop with its catalogue, `days` before `now`.
    pub(super) fn begin(now: i64, days: i64, currency: Currency) -> Build {
        let at = now - days * DAY_MS;
        let shop = Shop {
            id: 30_411,
            name: "Alder & Finch".into(),
            email: "hello@alder-and-finch.example".into(),
            currency,
            taxes_included: false,
            settings: Settings::default(),
            hosted_origin: "https://alder-and-finch-sp.example".into(),
            created_at: at - 400 * DAY_MS,
        };
        let mut tables = Tables::new(shop);
        catalogue::stock(&mut tables, at);
        Build {
            tables,
            at,
            today: today(now),
            now,
        }
    }

    /// The day so many days from the scenario's own.
    pub(super) fn day(&self, offset: i32) -> Date {
        self.today.add_days(offset)
    }

    /// Lets time pass until mid-morning of a day.
    pub(super) fn until(&mut self, date: Date) {
        self.at = (start_of(date) + 9 * HOUR_MS).max(self.at);
        tick::advance(&mut self.tables, self.at);
    }

    /// Lets time pass until now and hands the rows over.
    pub(super) fn finish(mut self) -> Tables {
        tick::advance(&mut self.tables, self.now);
        for address_id in self.tables.addresses.keys().copied().collect::<Vec<_>>() {
            charges::regenerate(&mut self.tables, address_id, self.now - HOUR_MS);
        }
        self.tables
    }

    /// A subscription, whose first charge is `first`, and its charge.
    pub(super) fn subscription(&mut self, new: NewSubscription<'_>) -> Id {
        let address_id = new.address_id;
        let id = self.add_subscription(new);
        charges::regenerate(&mut self.tables, address_id, self.at);
        id
    }

    /// A subscription without its charge, which [`Build::finish`] queues.
    pub(super) fn add_subscription(&mut self, new: NewSubscription<'_>) -> Id {
        let id = self.tables.new_id();
        let customer_id = self
            .tables
            .addresses
            .get(&new.address_id)
            .map_or(0, |a| a.customer_id);
        let details = self.details(new.variant, new.quantity);
        let plan = self.tables.plans.values().find(|plan| {
            Some(&plan.external_product_id) == details.external_product_id.as_ref()
                && (plan.unit, plan.order_every, plan.charge_every)
                    == (new.unit, new.every, new.every * new.prepaid)
                && plan.kind != "onetime"
        });
        let (plan_id, queue) = (plan.map(|p| p.id), plan.map_or(1, |p| p.max_queued_charges));
        self.tables.subscriptions.insert(
            id,
            Subscription {
                id,
                customer_id,
                address_id: new.address_id,
                details,
                plan_id,
                interval: Interval {
                    unit: new.unit,
                    every: new.every,
                },
                charge_every: new.every * new.prepaid,
                queue,
                order_day_of_month: None,
                order_day_of_week: None,
                status: SubscriptionStatus::Active,
                anchor: new.first,
                next: Some(new.first),
                exceptions: BTreeMap::new(),
                expire_after: None,
                charges_made: 0,
                max_retries_reached: false,
                presentment_currency: None,
                cancellation: None,
                created_at: self.at,
                updated_at: self.at,
            },
        );
        id
    }

    /// A one-time on a date.
    pub(super) fn onetime(
        &mut self,
        address_id: Id,
        variant: &str,
        quantity: u32,
        date: Date,
    ) -> Id {
        let id = self.tables.new_id();
        let customer_id = self
            .tables
            .addresses
            .get(&address_id)
            .map_or(0, |a| a.customer_id);
        let details = self.details(variant, quantity);
        self.tables.onetimes.insert(
            id,
            Onetime {
                id,
                customer_id,
                address_id,
                details,
                next: date,
                is_free_gift: false,
                presentment_currency: None,
                created_at: self.at,
                updated_at: self.at,
            },
        );
        charges::regenerate(&mut self.tables, address_id, self.at);
        id
    }

    /// Cancels a subscription now.
    pub(super) fn cancel(&mut self, subscription_id: Id, reason: &str, comments: Option<&str>) {
        let address_id = self.end(subscription_id, reason, comments);
        charges::regenerate(&mut self.tables, address_id, self.at);
    }

    /// Cancels a subscription and leaves its charge for [`Build::finish`].
    pub(super) fn cancel_quietly(&mut self, subscription_id: Id, reason: &str) {
        self.end(subscription_id, reason, None);
    }

    fn end(&mut self, subscription_id: Id, reason: &str, comments: Option<&str>) -> Id {
        let Some(subscription) = self.tables.subscriptions.get_mut(&subscription_id) else {
            return 0;
        };
        subscription.status = SubscriptionStatus::Cancelled;
        subscription.cancellation = Some(Cancellation {
            reason: reason.into(),
            comments: comments.map(str::to_owned),
            at: self.at,
            next_was: subscription.next.take(),
        });
        subscription.updated_at = self.at;
        subscription.address_id
    }

    /// Gives money back on the charge that was paid on a date; all of it without an amount.
    pub(super) fn refund(&mut self, address_id: Id, date: Date, amount: Option<Money>) {
        let charge =
            self.tables.charges.values_mut().find(|c| {
                c.address_id == address_id && c.scheduled_at == date && c.status.is_paid()
            });
        if let Some(charge) = charge {
            charge.status = match amount {
                Some(_) => ChargeStatus::PartiallyRefunded,
                None => ChargeStatus::Refunded,
            };
            charge.refunded = Some(amount.unwrap_or(charge.content.totals.price));
            charge.updated_at = start_of(date) + 3 * DAY_MS;
        }
    }

    /// Leaves the charge that was paid on a date waiting for its money instead: no order yet.
    pub(super) fn unpaid(&mut self, address_id: Id, date: Date, status: ChargeStatus) {
        let paid = |c: &&mut Charge| {
            c.address_id == address_id && c.scheduled_at == date && c.status.is_paid()
        };
        if let Some(charge) = self.tables.charges.values_mut().find(paid) {
            charge.status = status;
            charge.processed_at = None;
            charge.external_order_id = None;
            charge.orders_count = 0;
            let charge_id = charge.id;
            self.tables
                .orders
                .retain(|_, order| order.charge_id != charge_id);
        }
    }

    fn details(&self, external_variant_id: &str, quantity: u32) -> ItemDetails {
        let found = self.tables.variant(external_variant_id);
        ItemDetails {
            external_product_id: found.map(|(product, _)| product.external_product_id.clone()),
            external_variant_id: Some(external_variant_id.into()),
            product_title: found.map_or_else(String::new, |(product, _)| product.title.clone()),
            variant_title: found.map(|(_, variant)| variant.title.clone()),
            sku: found.map(|(_, variant)| variant.sku.clone()),
            sku_override: false,
            price: found.map_or(Money::zero(self.tables.shop.currency), |(_, variant)| {
                variant.price
            }),
            quantity,
            properties: Value::Array(Vec::new()),
        }
    }
}
