//! What a delivery or an order costs, part by part.

use protocol::view::{Credit, Totals};
use protocol::{Currency, Money};
use recharge::{Amount, Charge, DeliveryLineItem, DeliveryOrder, LineItem, Order, ShippingLine};

/// The parts as upstream names them.
struct Parts<'a> {
    currency: Currency,
    /// The lines; `None` where one of them does not say its price.
    items: Option<Money>,
    discounts: &'a Amount,
    shipping: &'a [ShippingLine],
    tax: &'a Amount,
    taxes_included: bool,
    duties: &'a Amount,
    total: &'a Amount,
}

/// What a charge costs; `None` where upstream does not say.
pub(crate) fn of_charge(charge: &Charge, store: Currency) -> Option<Totals> {
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

/// What an order cost; `None` where upstream does not say.
pub(crate) fn of_order(order: &Order, store: Currency) -> Option<Totals> {
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
        items: all_of(
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
    let (on_top, included) = (add_up(parts(false))?, add_up(parts(true))?);
    Some(
        if on_top.adjustment.is_some() && included.adjustment.is_none() {
            included
        } else {
            on_top
        },
    )
}

/// Price of a line before discounts; `None` where upstream does not say.
pub(crate) fn line_total(line: &LineItem, currency: Currency) -> Option<Money> {
    let one = line.original_price.as_ref().or(line.unit_price.as_ref());
    match one {
        Some(price) => Some(price.in_currency(currency)?.times(line.quantity)),
        None => line.total_price.as_ref()?.in_currency(currency),
    }
}

/// Price of a line of the schedule before discounts; `None` where upstream does not say.
pub(crate) fn delivery_line_total(line: &DeliveryLineItem, currency: Currency) -> Option<Money> {
    let one = line.original_price.as_ref().or(line.unit_price.as_ref());
    match one {
        Some(price) => Some(price.in_currency(currency)?.times(line.quantity)),
        None => line.subtotal_price.as_ref()?.in_currency(currency),
    }
}

fn items_total(said: Option<&Amount>, lines: &[LineItem], currency: Currency) -> Option<Money> {
    let said = said.and_then(|amount| amount.in_currency(currency));
    said.or_else(|| {
        all_of(
            currency,
            lines.iter().map(|line| line_total(line, currency)),
        )
    })
}

/// The sum of amounts; `None` where one of them is unknown.
fn all_of(currency: Currency, amounts: impl Iterator<Item = Option<Money>>) -> Option<Money> {
    let amounts: Option<Vec<Money>> = amounts.collect();
    Some(sum(currency, amounts?.into_iter()))
}

fn sum(currency: Currency, amounts: impl Iterator<Item = Money>) -> Money {
    let minor = amounts.fold(0_i64, |sum, amount| sum.saturating_add(amount.minor()));
    Money::from_minor(minor, currency)
}

/// Upstream's total is what is paid, so it is what is shown. Where the parts it names do not
/// come to that (store credit is not among them), the rest is shown as a part of its own: the
/// sum always adds up, and nothing is hidden in another part. Where the lines do not say what they
/// cost, the rest is theirs.
fn add_up(parts: Parts) -> Option<Totals> {
    let Parts {
        currency,
        items,
        taxes_included,
        ..
    } = parts;
    let total = parts.total.in_currency(currency)?;
    let none = Money::zero(currency);
    // A part that upstream does not name is not charged, or shows up in the rest.
    let amount = |amount: &Amount| amount.in_currency(currency).unwrap_or(none);
    let discounts = amount(parts.discounts);
    // Discounts are shown as a positive amount, whatever sign they came with.
    let discounts = Money::from_minor(discounts.minor().saturating_abs(), currency);
    let shipping = sum(
        currency,
        parts.shipping.iter().map(|line| amount(&line.price)),
    );
    let (tax, duties) = (amount(parts.tax), amount(parts.duties));
    let added = if taxes_included { none } else { tax };
    let known = items.unwrap_or(none);
    let explained = sum(currency, [known, shipping, added, duties].into_iter());
    let rest = total
        .minor()
        .saturating_sub(explained.minor())
        .saturating_add(discounts.minor());
    let rest = Money::from_minor(rest, currency);
    Some(Totals {
        items: items.unwrap_or(rest),
        discounts,
        shipping,
        tax: added,
        duties,
        included_tax: (taxes_included && tax.minor() != 0).then_some(tax),
        adjustment: (items.is_some() && rest.minor() != 0).then_some(rest),
        total,
    })
}

/// The totals with as much of `credit` taken off as one order takes, and how much that is; `None`
/// where it is of another currency.
pub(crate) fn with_credit(totals: Totals, credit: &Credit) -> Option<(Totals, Money)> {
    let most = credit
        .limit
        .map_or(Some(totals.total), |limit| limit.lesser(totals.total))?;
    let used = credit.balance.lesser(most)?;
    let none = Money::zero(totals.total.currency());
    let with = Totals {
        total: totals.total.minus(used)?,
        adjustment: totals.adjustment.unwrap_or(none).minus(used),
        ..totals
    };
    Some((with, used))
}
