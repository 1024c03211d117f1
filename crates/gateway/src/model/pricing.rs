//! What upstream will charge for a delivery whose lines are known, exactly or not at all.
//!
//! Upstream says what it charges today, not what it would charge after a change. How it prices an
//! address is learned from a charge that it made itself: tax rate, discount, shipping. The rules
//! count only where they reproduce that charge to the smallest unit, and nothing is said where a
//! sum depends on what is not known, such as an unseen shipping price.

use std::collections::BTreeMap;

use protocol::view::{DeliveryItem, Totals};
use protocol::{AddressId, Currency, Money, Problem};
use recharge::{
    Address, Amount, Charge, ChargeStatus, DeliverySchedule, Discount, DiscountScope,
    DiscountValueType, LineItem, PurchaseItemType,
};

use super::totals;
use crate::policy::{Policy, ShippingRate};
use crate::upstream::catalogue::hundredths;
use crate::upstream::reader::Reader;

/// Tax rates are counted in so many parts of one.
const RATE_PARTS: i64 = 1_000_000_000;

/// One line of a charge, as far as its price depends on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// The price of all of it, before discounts.
    pub(crate) price: Money,
    /// Whether it comes once only.
    pub(crate) one_time: bool,
}

impl Line {
    /// The line of an item; `None` where its price is not known.
    pub(crate) fn of(item: &DeliveryItem) -> Option<Line> {
        Some(Line {
            price: item.total?,
            one_time: item.one_time,
        })
    }
}

/// A discount, as far as prices depend on it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Terms {
    value: Amount,
    value_type: DiscountValueType,
    scope: DiscountScope,
    minimum: Option<Amount>,
    /// Whether it ends after a number of charges.
    pub(crate) limited: bool,
}

impl Terms {
    /// The terms of a discount; `None` where it is for certain products only, or it is not known
    /// what it is for.
    pub(crate) fn of(discount: &Discount) -> Option<Terms> {
        let (applies_to, limits) = (&discount.applies_to, &discount.usage_limits);
        let is_known = !matches!(applies_to.purchase_item_type, DiscountScope::Other(_));
        (is_known && applies_to.resource.is_none()).then(|| Terms {
            value: discount.value.clone(),
            value_type: discount.value_type.clone(),
            scope: applies_to.purchase_item_type.clone(),
            minimum: discount.prerequisite_subtotal_min.clone(),
            limited: limits.max_subsequent_redemptions.is_some() || limits.redemptions.is_some(),
        })
    }

    fn is_for(&self, line: &Line) -> bool {
        match self.scope {
            DiscountScope::Onetime => line.one_time,
            DiscountScope::Subscription => !line.one_time,
            _ => true,
        }
    }
}

/// How upstream prices what goes to the customer's addresses, as far as that is sure.
pub(crate) async fn read(reader: &Reader<'_>) -> Result<BTreeMap<AddressId, Pricing>, Problem> {
    let (customer, charges) = (reader.customer().await?, reader.charges().await?.items);
    let (schedule, policy) = (reader.schedule().await?, &reader.upstream.policy);
    let mut all = BTreeMap::new();
    for address in customer.include.addresses.iter() {
        let terms = match address.discounts.as_slice() {
            [] => None,
            [discount] => {
                let Some(id) = discount.id else { continue };
                // Without its terms no figure is shown.
                let found = reader.discount(id).await.ok();
                let Some(terms) = found.as_ref().and_then(Terms::of) else {
                    continue;
                };
                Some(terms)
            }
            _ => continue,
        };
        let pricing = Pricing::learn(address, &charges, &schedule, terms, policy);
        all.extend(pricing.map(|pricing| (address.id, pricing)));
    }
    Ok(all)
}

/// How upstream prices what goes to one address.
#[derive(Debug, Clone)]
pub(crate) struct Pricing {
    /// The discount on the address; `None` for none.
    pub(crate) discount: Option<Terms>,
    tax_rate: i64,
    taxes_included: bool,
    shipping: Shipping,
}

/// What is known of an address's shipping prices.
#[derive(Debug, Clone)]
enum Shipping {
    /// One price for every delivery, chosen for the address.
    Chosen(Money),
    /// What the merchant says of the address's country.
    Rate(ShippingRate),
    /// The prices that upstream took for items of certain sums.
    Seen(Vec<(Money, Money)>),
}

impl Pricing {
    /// Learns how an address is priced; `terms` are those of its discount. `None` where upstream
    /// charges another sum for one of its deliveries than the rules come to.
    pub(crate) fn learn(
        address: &Address,
        charges: &[Charge],
        schedule: &DeliverySchedule,
        terms: Option<Terms>,
        policy: &Policy,
    ) -> Option<Pricing> {
        let store = policy.currency;
        let own: Vec<&Charge> = charges
            .iter()
            .filter(|charge| charge.address_id == address.id && !charge.has_uncommitted_changes)
            .filter(|charge| matches!(charge.status, ChargeStatus::Queued | ChargeStatus::Error))
            // A code on one charge alone prices that charge alone.
            .filter(|charge| charge.discounts.is_empty() == address.discounts.is_empty())
            .collect();
        let first = own.first()?;
        let rates = first.tax_lines.iter().map(|tax| rate(tax.rate.as_str()));
        let currency = first.currency.unwrap_or(store);
        let seen = || Shipping::Seen(shipping_prices(address.id, &own, schedule, store));
        let mut rates_of_country = policy.shipping_rates.iter();
        let rate = rates_of_country.find(|rate| {
            rate.country_code == address.country_code && rate.price.currency() == currency
        });
        let shipping = match address.shipping_lines_override.first() {
            Some(line) => vec![Shipping::Chosen(line.price.in_currency(currency)?)],
            // What the merchant says may be out of date.
            None => rate
                .cloned()
                .map(Shipping::Rate)
                .into_iter()
                .chain([seen()])
                .collect(),
        };
        let tax_rate = rates.sum::<Option<i64>>()?;
        let pricings = shipping.into_iter().map(|shipping| Pricing {
            discount: terms.clone(),
            tax_rate,
            taxes_included: first.taxes_included,
            shipping,
        });
        let is_right = |pricing: &Pricing, charge: &&Charge| {
            let currency = charge.currency.unwrap_or(store);
            let line = |line: &LineItem| {
                Some(Line {
                    price: totals::line_total(line, currency)?,
                    one_time: line.purchase_item_type == PurchaseItemType::Onetime,
                })
            };
            let lines: Option<Vec<Line>> = charge.line_items.iter().map(line).collect();
            let own = lines.and_then(|all| pricing.totals(&all, pricing.discount.as_ref()));
            own.is_some() && own == totals::of_charge(charge, store)
        };
        let mut right = pricings.filter(|pricing| own.iter().all(|own| is_right(pricing, own)));
        right.next()
    }

    /// The same with one shipping price for every delivery; without one, as nothing is known.
    pub(crate) fn with_shipping(self, price: Option<Money>) -> Pricing {
        let shipping = price.map_or(Shipping::Seen(Vec::new()), Shipping::Chosen);
        Pricing { shipping, ..self }
    }

    /// What `lines` cost with a discount or without; `None` where that is not sure.
    pub(crate) fn totals(&self, lines: &[Line], discount: Option<&Terms>) -> Option<Totals> {
        let reversed: Vec<Line> = lines.iter().rev().copied().collect();
        let (one, other) = (
            self.price(lines, discount)?,
            self.price(&reversed, discount)?,
        );
        // In which order upstream hands out what rounding leaves is its own affair.
        (one == other).then_some(one)
    }

    fn price(&self, lines: &[Line], discount: Option<&Terms>) -> Option<Totals> {
        let currency = lines.first()?.price.currency();
        let zero = Money::zero(currency);
        let items = Money::sum(currency, lines.iter().map(|line| line.price))?;
        let shipping = self.shipping.price(items)?;
        let eligible: Vec<Money> = lines
            .iter()
            .map(|line| match discount {
                Some(terms) if terms.is_for(line) => line.price,
                _ => zero,
            })
            .collect();
        let sum = Money::sum(currency, eligible.iter().copied())?;
        let (off_items, off_shipping) = match discount {
            Some(terms) => off(terms, sum, shipping)?,
            None => (zero, zero),
        };
        let mut tax = zero;
        for (line, off) in lines.iter().zip(shares(off_items, &eligible)) {
            let taxed = line.price.minus(off)?;
            let parts = if self.taxes_included {
                RATE_PARTS.checked_add(self.tax_rate)?
            } else {
                RATE_PARTS
            };
            tax = tax.plus(taxed.fraction(self.tax_rate, parts))?;
        }
        let (added, included) = if self.taxes_included {
            (zero, Some(tax).filter(|tax| tax.minor() != 0))
        } else {
            (tax, None)
        };
        let discounts = off_items.plus(off_shipping)?;
        Some(Totals {
            items,
            discounts,
            shipping,
            tax: added,
            duties: zero,
            included_tax: included,
            adjustment: None,
            total: Money::sum(currency, [items, shipping, added])?.minus(discounts)?,
        })
    }
}

impl Shipping {
    /// What sending items costs that come to `items`. Between two sums that are sent at one price
    /// it is that price, and what is sent for nothing stays so where the items cost more.
    fn price(&self, items: Money) -> Option<Money> {
        let seen = match self {
            Shipping::Chosen(price) => return (items.minor() > 0).then_some(*price),
            Shipping::Rate(rate) => {
                let is_free = rate.free_from.is_some_and(|from| items >= from);
                let price = if is_free {
                    Money::zero(items.currency())
                } else {
                    rate.price
                };
                return (items.minor() > 0).then_some(price);
            }
            Shipping::Seen(seen) => seen,
        };
        let below = seen.iter().filter(|(sum, _)| *sum <= items);
        let above = seen.iter().filter(|(sum, _)| *sum >= items);
        let below = below
            .max_by_key(|(sum, _)| sum.minor())
            .map(|(_, price)| *price)?;
        let above = above
            .min_by_key(|(sum, _)| sum.minor())
            .map(|(_, price)| *price);
        (below.minor() == 0 || above == Some(below)).then_some(below)
    }
}

/// The shipping prices that upstream takes for deliveries to an address, by what the items cost.
fn shipping_prices(
    id: AddressId,
    charges: &[&Charge],
    schedule: &DeliverySchedule,
    store: Currency,
) -> Vec<(Money, Money)> {
    let orders = schedule
        .deliveries
        .iter()
        .flat_map(|delivery| &delivery.orders);
    let forecast = orders
        .filter(|order| order.address_id == id && order.id.is_none())
        .filter(|order| !order.shipping_lines.is_empty())
        .filter_map(|order| totals::of_delivery(order, store));
    let charged = charges
        .iter()
        .filter(|charge| !charge.shipping_lines.is_empty())
        .filter_map(|charge| totals::of_charge(charge, store));
    let all = charged.chain(forecast);
    all.map(|totals| (totals.items, totals.shipping)).collect()
}

/// What a discount takes off items that come to `items`, and off shipping; `None` where its kind
/// is not known.
fn off(terms: &Terms, items: Money, shipping: Money) -> Option<(Money, Money)> {
    let currency = items.currency();
    let zero = Money::zero(currency);
    if let Some(minimum) = &terms.minimum
        && items < minimum.in_currency(currency)?
    {
        return Some((zero, zero));
    }
    let at_most = |limit: Money| terms.value.in_currency(currency)?.lesser(limit);
    Some(match terms.value_type {
        DiscountValueType::Percentage => {
            let percent = i64::from(hundredths(terms.value.as_str()));
            (items.fraction(percent, 10_000), zero)
        }
        DiscountValueType::FixedAmount => (at_most(items)?, zero),
        DiscountValueType::Shipping => (zero, at_most(shipping)?),
        DiscountValueType::Other(_) => return None,
    })
}

/// Splits `whole` in proportion to `weights`; the last that weighs something takes what rounding
/// leaves.
fn shares(whole: Money, weights: &[Money]) -> Vec<Money> {
    let all: i128 = weights
        .iter()
        .map(|weight| i128::from(weight.minor()))
        .sum();
    let last = weights.iter().rposition(|weight| weight.minor() > 0);
    let mut left = whole.minor();
    let mut shares: Vec<i64> = Vec::with_capacity(weights.len());
    for (at, weight) in weights.iter().enumerate() {
        let part = i128::from(whole.minor()) * i128::from(weight.minor());
        let part = i64::try_from(part.checked_div(all).unwrap_or(0)).unwrap_or(0);
        let part = if Some(at) == last { left } else { part };
        left -= part;
        shares.push(part);
    }
    let money = |minor| Money::from_minor(minor, whole.currency());
    shares.into_iter().map(money).collect()
}

/// A rate such as `0.08875` in [`RATE_PARTS`]; `None` where it has more digits than that.
fn rate(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = format!("{whole}{fraction:0<9}");
    let is_rate = fraction.len() <= 9 && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_rate.then(|| digits.parse().ok())?
}

#[cfg(test)]
mod tests;
