//! The sums of a charge: discount, then shipping, then tax.
//!
//! Rounding is stated here once: a percentage is taken of the sum of the lines and
//! rounded half away from zero, then shared over the lines exactly; tax is rounded half
//! away from zero per line. So the parts always add up to the total, in currencies of
//! 0, 2 and 3 places alike.

use base::{Currency, Money};

use super::share;
use crate::rows::{AppliesTo, DiscountValue, Line, Totals};

/// What the sums depend on beside the lines.
pub(crate) struct Pricing<'a> {
    pub(crate) currency: Currency,
    /// What it takes off, and of which lines.
    pub(crate) discount: Option<(DiscountValue, AppliesTo)>,
    pub(crate) country: &'a str,
    pub(crate) province: &'a str,
    pub(crate) tax_exempt: bool,
    pub(crate) taxes_included: bool,
    /// What is taken for shipping in place of the table's price, and its title.
    pub(crate) shipping: Option<(Money, &'a str)>,
}

/// Fills in each line's share of discount and tax, and answers the sums.
pub(crate) fn price(lines: &mut [Line], pricing: &Pricing<'_>) -> Totals {
    let currency = pricing.currency;
    let subtotals: Vec<Money> = lines.iter().map(|line| line.subtotal).collect();
    let sum = total(currency, &subtotals);
    let shipping_before = match pricing.shipping {
        Some((price, _)) if sum.minor() > 0 => price,
        _ => shipping(sum, pricing.country),
    };
    // A line that the discount is not for weighs nothing in it.
    let eligible: Vec<Money> = lines
        .iter()
        .map(|line| match pricing.discount {
            Some((_, to)) if !to.includes(line.purchase_item_type) => Money::zero(currency),
            _ => line.subtotal,
        })
        .collect();
    let value = pricing.discount.map(|(value, _)| value);
    let (off_lines, off_shipping) = discount(value, total(currency, &eligible), shipping_before);
    let (tax_rate, tax_title) = if pricing.tax_exempt {
        (0, "Tax exempt")
    } else {
        tax_rate(pricing.country, pricing.province)
    };
    for (line, off) in lines.iter_mut().zip(share(off_lines, &eligible)) {
        line.discount = off;
        let taxable = less(line.subtotal, off);
        line.tax = if pricing.taxes_included {
            taxable.fraction(tax_rate, 100_000 + tax_rate)
        } else {
            taxable.fraction(tax_rate, 100_000)
        };
    }
    let tax = total(
        currency,
        &lines.iter().map(|line| line.tax).collect::<Vec<_>>(),
    );
    let discounts = total(currency, &[off_lines, off_shipping]);
    let added_tax = if pricing.taxes_included {
        Money::zero(currency)
    } else {
        tax
    };
    Totals {
        lines: sum,
        discounts,
        credit: Money::zero(currency),
        shipping: shipping_before,
        shipping_title: match pricing.shipping {
            Some((_, title)) => title.to_owned(),
            None => shipping_title(pricing.country, shipping_before),
        },
        tax,
        tax_rate,
        tax_title,
        taxes_included: pricing.taxes_included,
        price: less(
            total(currency, &[sum, shipping_before, added_tax]),
            discounts,
        ),
    }
}

/// The sum of amounts of one currency.
fn total(currency: Currency, amounts: &[Money]) -> Money {
    Money::from_minor(amounts.iter().map(|m| m.minor()).sum(), currency)
}

fn less(a: Money, b: Money) -> Money {
    Money::from_minor(a.minor() - b.minor(), a.currency())
}

/// What a discount takes off the lines and off shipping, never more than there is.
fn discount(value: Option<DiscountValue>, lines: Money, shipping: Money) -> (Money, Money) {
    let nothing = Money::zero(lines.currency());
    let at_most = |amount: Money, limit: Money| {
        Money::from_minor(amount.minor().min(limit.minor()), limit.currency())
    };
    match value {
        None => (nothing, nothing),
        Some(DiscountValue::Percentage(percent)) => {
            (at_most(lines.fraction(percent.into(), 100), lines), nothing)
        }
        Some(DiscountValue::Fixed(amount)) => (at_most(amount, lines), nothing),
        Some(DiscountValue::Shipping(amount)) => (nothing, at_most(amount, shipping)),
    }
}

/// The shipping table, in thousandths of the currency's main unit scaled to its places:
/// domestic parcels are free from a certain sum, parcels abroad have one price.
fn shipping(lines: Money, country: &str) -> Money {
    let (price, free_from) = match country {
        "US" => (4_900, 45_000),
        "GB" => (6_500, 60_000),
        "JP" => (7_200, 90_000),
        _ => (9_000, i64::MAX),
    };
    let amount = in_currency(price, lines.currency());
    let is_free =
        free_from != i64::MAX && lines.minor() >= in_currency(free_from, lines.currency()).minor();
    if is_free || lines.minor() == 0 {
        Money::zero(lines.currency())
    } else {
        amount
    }
}

/// A price list kept in thousandths of a dollar, in round prices of another currency.
pub(crate) fn in_currency(thousandths: i64, currency: Currency) -> Money {
    let minor = match currency.code() {
        "JPY" => thousandths * 150 / 1000 / 10 * 10,
        "KWD" => thousandths * 3 / 10 / 50 * 50,
        _ => thousandths * 10_i64.pow(currency.places()) / 1000,
    };
    Money::from_minor(minor, currency)
}

fn shipping_title(country: &str, price: Money) -> String {
    match (country, price.minor()) {
        (_, 0) => "Free delivery",
        ("US", _) => "Standard delivery (2 to 4 days)",
        _ => "International, tracked",
    }
    .into()
}

/// Tax by region, in hundred-thousandths, and its name.
fn tax_rate(country: &str, province: &str) -> (i64, &'static str) {
    match (country, province) {
        ("US", "California") => (7_250, "CA State Tax"),
        ("US", "New York") => (8_875, "NY Sales Tax"),
        ("US", "Washington") => (6_500, "WA State Tax"),
        ("US", "Illinois") => (6_250, "IL State Tax"),
        ("GB", _) => (20_000, "VAT"),
        ("DE", _) => (19_000, "MwSt."),
        ("FR", _) => (20_000, "TVA"),
        ("DK" | "SE" | "NO", _) => (25_000, "VAT"),
        ("JP", _) => (10_000, "Consumption tax"),
        ("CA", _) => (5_000, "GST"),
        _ => (0, "Tax"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(minor: i64, quantity: u32, currency: Currency) -> Line {
        let unit_price = Money::from_minor(minor, currency);
        Line {
            purchase_item_id: 1,
            purchase_item_type: "subscription",
            is_free_gift: false,
            is_prepaid: false,
            external_product_id: None,
            external_variant_id: None,
            title: "Kenya filter".into(),
            variant_title: None,
            sku: None,
            properties: serde_json::json!([]),
            quantity,
            unit_price,
            subtotal: unit_price.times(quantity),
            discount: Money::zero(currency),
            tax: Money::zero(currency),
            grams: 250,
        }
    }

    /// Every sum holds to the smallest unit, whatever the places, discount and tax mode.
    #[test]
    fn sums_hold_exactly_in_currencies_of_zero_two_and_three_places() {
        for code in ["USD", "JPY", "KWD"] {
            let currency: Currency = code.parse().unwrap();
            let fixed = DiscountValue::Fixed(Money::from_minor(501, currency));
            let shipping = DiscountValue::Shipping(Money::from_minor(99_999, currency));
            for discount in [
                None,
                Some(DiscountValue::Percentage(15)),
                Some(fixed),
                Some(shipping),
            ] {
                for taxes_included in [false, true] {
                    let mut lines = [
                        line(1_333, 3, currency),
                        line(999, 1, currency),
                        line(7, 7, currency),
                    ];
                    let pricing = Pricing {
                        currency,
                        discount: discount.map(|value| (value, AppliesTo::All)),
                        country: "GB",
                        province: "",
                        tax_exempt: false,
                        taxes_included,
                        shipping: None,
                    };
                    let totals = price(&mut lines, &pricing);
                    let sum = |pick: fn(&Line) -> Money| {
                        lines.iter().map(|l| pick(l).minor()).sum::<i64>()
                    };
                    assert_eq!(sum(|l| l.subtotal), totals.lines.minor());
                    assert_eq!(sum(|l| l.tax), totals.tax.minor());
                    let off_lines = match discount {
                        Some(DiscountValue::Shipping(_)) => 0,
                        _ => totals.discounts.minor(),
                    };
                    assert_eq!(sum(|l| l.discount), off_lines);
                    let added = if taxes_included {
                        0
                    } else {
                        totals.tax.minor()
                    };
                    let expected = totals.lines.minor() - totals.discounts.minor()
                        + totals.shipping.minor()
                        + added;
                    assert_eq!(totals.price.minor(), expected);
                }
            }
        }
    }

    #[test]
    fn a_discount_never_takes_off_more_than_there_is() {
        let usd = Currency::USD;
        let mut lines = [line(300, 1, usd)];
        let discount = Some((
            DiscountValue::Fixed(Money::from_minor(5_000, usd)),
            AppliesTo::All,
        ));
        let pricing = Pricing {
            currency: usd,
            discount,
            country: "US",
            province: "",
            tax_exempt: false,
            taxes_included: false,
            shipping: None,
        };
        let totals = price(&mut lines, &pricing);
        assert_eq!(
            (totals.discounts.amount(), totals.price.amount()),
            ("3.00".into(), "4.90".into())
        );
    }
}
