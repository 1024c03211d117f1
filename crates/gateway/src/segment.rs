//! Segments: which customers a merchant's rule is for.

use protocol::{Currency, CustomerId, Problem, ProblemKind};
use recharge::{Customer, Order, Subscription, SubscriptionStatus};

use crate::env::day_of;
use crate::gateway::Gateway;
use crate::upstream::reader::Reader;

/// The customer's latest orders whose tags are looked at.
const TAGGED_ORDERS: u32 = 50;
/// Orders that one call of upstream answers at most.
const MOST_ORDERS: u32 = 250;

/// Conditions about a customer. An empty one holds for everybody; all of them have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Segment {
    /// One of the customer's addresses is in one of these countries, two letters each.
    pub countries: Vec<String>,
    /// One of the customer's latest 50 orders has one of these tags, in any case.
    pub tags: Vec<String>,
    /// One of the active subscriptions is for one of these: external product ids, or titles.
    pub products: Vec<String>,
    /// One of the active subscriptions is paid in one of these.
    pub currencies: Vec<Currency>,
    /// How many orders the customer has had.
    pub orders: Bounds,
    /// How many days ago the oldest active subscription was made.
    pub subscription_days: Bounds,
}

/// A range of numbers, both ends included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Bounds {
    /// The least, where there is one.
    pub min: Option<u32>,
    /// The most, where there is one.
    pub max: Option<u32>,
}

impl Bounds {
    fn is_given(self) -> bool {
        self != Bounds::default()
    }

    fn hold(self, number: u32) -> bool {
        self.min.is_none_or(|min| min <= number) && self.max.is_none_or(|max| number <= max)
    }
}

impl Segment {
    /// How many orders have to be read to decide; 0 where none do.
    fn orders_needed(&self) -> u32 {
        let Bounds { min, max } = self.orders;
        let counted = min.unwrap_or(0).max(max.map_or(0, |max| max + 1));
        let tagged = if self.tags.is_empty() {
            0
        } else {
            TAGGED_ORDERS
        };
        counted.max(tagged).min(MOST_ORDERS)
    }

    async fn holds(&self, facts: &mut Facts<'_>) -> Result<bool, Problem> {
        let of_customer = [&self.countries, &self.products];
        let has_conditions = of_customer.iter().any(|list| !list.is_empty())
            || !self.currencies.is_empty()
            || self.subscription_days.is_given();
        if has_conditions && !self.holds_for_account(facts).await? {
            return Ok(false);
        }
        if self.tags.is_empty() && !self.orders.is_given() {
            return Ok(true);
        }
        let orders = facts.orders().await?;
        let count = u32::try_from(orders.len()).unwrap_or(u32::MAX);
        Ok(self.orders.hold(count) && self.holds_for_tags(orders))
    }

    async fn holds_for_account(&self, facts: &mut Facts<'_>) -> Result<bool, Problem> {
        let (store_currency, today) = (facts.reader.upstream.policy.currency, facts.reader.today());
        let env = &*facts.reader.upstream.env;
        let include = &facts.customer().await?.include;
        let active: Vec<&Subscription> = include
            .subscriptions
            .iter()
            .filter(|subscription| subscription.status == SubscriptionStatus::Active)
            .collect();
        let mut addresses = include.addresses.iter();
        let is_in_country = self.countries.is_empty()
            || addresses.any(|address| self.countries.contains(&address.country_code));
        let is_of_product = |subscription: &&Subscription| {
            let id = subscription.external_product_id.as_ref();
            self.products.iter().any(|product| {
                id.is_some_and(|id| id.as_str() == product)
                    || product.eq_ignore_ascii_case(&subscription.product_title)
            })
        };
        let has_product = self.products.is_empty() || active.iter().any(is_of_product);
        let pays_in = |subscription: &&Subscription| {
            let currency = subscription.presentment_currency.unwrap_or(store_currency);
            self.currencies.contains(&currency)
        };
        let has_currency = self.currencies.is_empty() || active.iter().any(pays_in);
        let made = active.iter().filter_map(|one| one.created_at.as_ref());
        let oldest = made.map(|at| day_of(env, at).days_until(today)).max();
        let is_of_age = !self.subscription_days.is_given()
            || oldest.is_some_and(|days| {
                self.subscription_days
                    .hold(u32::try_from(days).unwrap_or(0))
            });
        Ok(is_in_country && has_product && has_currency && is_of_age)
    }

    fn holds_for_tags(&self, orders: &[Order]) -> bool {
        let latest = orders.iter().take(TAGGED_ORDERS as usize);
        let mut tags = latest.flat_map(|order| order.tags.split(',').map(str::trim));
        self.tags.is_empty()
            || tags.any(|tag| self.tags.iter().any(|one| one.eq_ignore_ascii_case(tag)))
    }
}

/// What is known about one customer, read when it is first asked for.
struct Facts<'a> {
    reader: Reader<'a>,
    /// How many orders the segments that are tried have to read.
    orders_needed: u32,
    customer: Option<Customer>,
    orders: Option<Vec<Order>>,
}

impl Facts<'_> {
    async fn customer(&mut self) -> Result<&Customer, Problem> {
        if self.customer.is_none() {
            self.customer = Some(self.reader.customer().await?);
        }
        self.customer.as_ref().ok_or_else(Problem::not_found)
    }

    async fn orders(&mut self) -> Result<&[Order], Problem> {
        if self.orders.is_none() {
            let request = Order::list(self.reader.customer, self.orders_needed);
            self.orders = Some(self.reader.orders(request).await?.items);
        }
        Ok(self.orders.as_deref().unwrap_or_default())
    }
}

impl Gateway {
    /// The first of `segments` that `customer` is in, by its place. Reads only what the segments
    /// up to that one ask about, from the cache where it is there.
    ///
    /// # Errors
    /// 503 where upstream cannot be asked: whoever decides by segments must not guess. 404 where
    /// there is no such customer.
    pub async fn first_segment(
        &self,
        customer: CustomerId,
        segments: &[&Segment],
    ) -> Result<Option<usize>, Problem> {
        let needed = segments.iter().map(|segment| segment.orders_needed());
        let mut facts = Facts {
            reader: Reader::cached(&self.upstream, customer),
            orders_needed: needed.max().unwrap_or(0),
            customer: None,
            orders: None,
        };
        for (place, segment) in segments.iter().enumerate() {
            match segment.holds(&mut facts).await {
                Ok(true) => return Ok(Some(place)),
                Ok(false) => {}
                Err(missing) if missing.kind == ProblemKind::NotFound => return Err(missing),
                Err(_) => {
                    let title = "The store cannot be asked which rules are for this customer.";
                    return Err(Problem::new(ProblemKind::Unavailable, title));
                }
            }
        }
        Ok(None)
    }
}
