//! What a delivery or an order costs, part by part.

use protocol::view::{Credit, Totals};
use protocol::{Currency, Money};
use recharge::{Amount, Charge, DeliveryLineItem, DeliveryOrder, LineItem, Order, ShippingLine};

/// The parts as upstream names them.
struct Parts<'a> {
    currency: Currency,
    items: Money,
    discounts: &'a Amount,
    shipping: &'a [ShippingLine],
    tax: &'a Amount,
    taxes_included: bool,
    duties: &'a Amount,
    total: &'a Amount,
}

/// What a charge costs.
pub(crate) fn of_charge(charge: &Charge, store: Currency) -> Totals {
    let currency = charge.currency.unwrap_or(store);
    add_up(Parts {
        currency,
        items: items_total(
            charge.total_line_items_price.as_ref(),
            &charge.line_items,
            currency,
        ),
        discounts: &charge.total_discounts,
        shipping: &charge.shipping_lines,
        tax: &charge.total_tax,
        taxes_included: charge.taxes_included,
        duties: &charge.total_duties,
        total: &charge.total_price,
    })
}

/// What two cost that will be sent and paid as one: shipping is paid once. `None` where the
/// amounts do not add up.
pub(crate) fn joined(one: Totals, other: Totals) -> Option<Totals> {
    let shipping = one.shipping.max(other.shipping);
    let saved = one.shipping.min(other.shipping);
    let plus = |a: Option<Money>, b: Option<Money>| match (a, b) {
        (Some(a), Some(b)) => a.plus(b),
        (a, b) => a.or(b),
    };
    Some(Totals {
        items: one.items.plus(other.items)?,
        discounts: one.discounts.plus(other.discounts)?,
        shipping,
        tax: one.tax.plus(other.tax)?,
        duties: one.duties.plus(other.duties)?,
        included_tax: plus(one.included_tax, other.included_tax),
        adjustment: plus(one.adjustment, other.adjustment),
        total: one.total.plus(other.total)?.minus(saved)?,
    })
}

/// What an order cost.
pub(crate) fn of_order(order: &Order, store: Currency) -> Totals {
    let currency = order.currency.unwrap_or(store);
    add_up(Parts {
        currency,
        items: items_total(
            order.total_line_items_price.as_ref(),
            &order.line_items,
            currency,
        ),
        discounts: &order.total_discounts,
        shipping: &order.shipping_lines,
        tax: &order.total_tax,
        // An order does not say it of itself, as its charge does: its lines do.
        taxes_included: order
            .line_items
            .iter()
            .any(|line| line.unit_price_includes_tax),
        duties: &order.total_duties,
        total: &order.total_price,
    })
}

/// What an order of the schedule will cost; `None` where upstream does not say. The schedule
/// does not say whether prices hold the tax: they do where the parts add up only without it.
pub(crate) fn of_delivery(order: &DeliveryOrder, store: Currency) -> Option<Totals> {
    let total = order.total_price.as_ref()?;
    let currency = order.currency.unwrap_or(store);
    let lines = order.line_items.iter().filter(|line| !line.is_skipped);
    let nothing = Amount::default();
    let parts = |taxes_included| Parts {
        currency,
        items: sum(
            currency,
            lines
                .clone()
                .map(|line| delivery_line_total(line, currency)),
        ),
        discounts: order.total_discounts.as_ref().unwrap_or(&nothing),
        shipping: &order.shipping_lines,
        tax: order.total_tax.as_ref().unwrap_or(&nothing),
        taxes_included,
        duties: order.total_duties.as_ref().unwrap_or(&nothing),
        total,
    };
    let (on_top, included) = (add_up(parts(false)), add_up(parts(true)));
    Some(
        if on_top.adjustment.is_some() && included.adjustment.is_none() {
            included
        } else {
            on_top
        },
    )
}

/// Price of a line before discounts.
pub(crate) fn line_total(line: &LineItem, currency: Currency) -> Money {
    let one = line.original_price.as_ref().or(line.unit_price.as_ref());
    match one {
        Some(price) => price.in_currency(currency).times(line.quantity),
        None => line
            .total_price
            .clone()
            .unwrap_or_default()
            .in_currency(currency),
    }
}

/// Price of a line of the schedule before discounts.
pub(crate) fn delivery_line_total(line: &DeliveryLineItem, currency: Currency) -> Money {
    let one = line.original_price.as_ref().or(line.unit_price.as_ref());
    match one {
        Some(price) => price.in_currency(currency).times(line.quantity),
        None => line
            .subtotal_price
            .clone()
            .unwrap_or_default()
            .in_currency(currency),
    }
}

fn items_total(said: Option<&Amount>, lines: &[LineItem], currency: Currency) -> Money {
    match said {
        Some(amount) => amount.in_currency(currency),
        None => sum(
            currency,
            lines.iter().map(|line| line_total(line, currency)),
        ),
    }
}

fn sum(currency: Currency, amounts: impl Iterator<Item = Money>) -> Money {
    let minor = amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.minor()));
    Money::from_minor(minor, currency)
}

/// Upstream's total is what is paid, so it is what is shown. Where the parts it names do not
/// come to that (store credit is not among them), the rest is shown as a part of its own: the
/// sum always adds up, and nothing is hidden in another part.
fn add_up(parts: Parts) -> Totals {
    let Parts {
        currency,
        items,
        taxes_included,
        ..
    } = parts;
    let amount = |amount: &Amount| amount.in_currency(currency);
    let discounts = amount(parts.discounts);
    // Discounts are shown as a positive amount, whatever sign they came with.
    let discounts = Money::from_minor(discounts.minor().saturating_abs(), currency);
    let shipping = sum(
        currency,
        parts.shipping.iter().map(|line| amount(&line.price)),
    );
    let (tax, duties, total) = (amount(parts.tax), amount(parts.duties), amount(parts.total));
    let added = if taxes_included {
        Money::zero(currency)
    } else {
        tax
    };
    let explained = sum(currency, [items, shipping, added, duties].into_iter());
    let rest = total
        .minor()
        .saturating_sub(explained.minor())
        .saturating_add(discounts.minor());
    Totals {
        items,
        discounts,
        shipping,
        tax: added,
        duties,
        included_tax: (taxes_included && tax.minor() != 0).then_some(tax),
        adjustment: (rest != 0).then(|| Money::from_minor(rest, currency)),
        total,
    }
}

/// The totals with as much of `credit` taken off as one order takes, and how much that is; `None`
/// where it is of another currency.
pub(crate) fn with_credit(totals: Totals, credit: &Credit) -> Option<(Totals, Money)> {
    let most = credit.limit.map_or(i64::MAX, Money::minor);
    let most = credit.balance.minor().min(most).min(totals.total.minor());
    let used = Money::from_minor(most, credit.balance.currency());
    let none = Money::zero(totals.total.currency());
    let with = Totals {
        total: totals.total.minus(used)?,
        adjustment: totals.adjustment.unwrap_or(none).minus(used),
        ..totals
    };
    Some((with, used))
}
