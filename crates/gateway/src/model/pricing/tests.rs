use super::*;
use proptest::prelude::*;

fn pricing(taxes_included: bool, tax_rate: i64, shipping: Money) -> Pricing {
    Pricing {
        discount: None,
        tax_rate,
        taxes_included,
        shipping: Shipping::Chosen(shipping),
    }
}

fn terms(value: &str, value_type: DiscountValueType, scope: DiscountScope) -> Terms {
    let discount = serde_json::json!({
        "id": 1,
        "value": value,
        "value_type": value_type,
        "applies_to": {"purchase_item_type": scope, "resource": null},
    });
    Terms::of(&serde_json::from_value(discount).unwrap()).unwrap()
}

proptest! {
    /// The parts come to the total in currencies of 0, 2 and 3 places, whatever the discount.
    #[test]
    fn the_parts_of_a_sum_come_to_it_in_every_currency(
        code in prop::sample::select(vec!["USD", "JPY", "KWD"]),
        prices in prop::collection::vec((1_i64..200_000, any::<bool>()), 1..6),
        value in prop::sample::select(vec!["10.00", "33.5", "0.01", "99999"]),
        value_type in prop::sample::select(vec![
            DiscountValueType::Percentage,
            DiscountValueType::FixedAmount,
            DiscountValueType::Shipping,
        ]),
        scope in prop::sample::select(vec![
            DiscountScope::All,
            DiscountScope::Onetime,
            DiscountScope::Subscription,
        ]),
        (included, rate) in (any::<bool>(), 0_i64..300_000_000),
    ) {
        let currency: Currency = code.parse().unwrap();
        let lines: Vec<Line> = prices
            .iter()
            .map(|(minor, one_time)| Line {
                price: Money::from_minor(*minor, currency),
                one_time: *one_time,
            })
            .collect();
        let pricing = pricing(included, rate, Money::from_minor(490, currency));
        let terms = terms(value, value_type, scope);
        if let Some(totals) = pricing.totals(&lines, Some(&terms)) {
            let minor = totals.items.minor() + totals.shipping.minor() + totals.tax.minor()
                - totals.discounts.minor();
            prop_assert_eq!(totals.total.minor(), minor);
            prop_assert!(totals.total.minor() >= 0);
            prop_assert_eq!(included && rate > 0 && totals.tax.minor() != 0, false);
        }
    }
}

#[test]
fn a_sum_of_two_currencies_is_not_said() {
    let line = |currency| Line {
        price: Money::from_minor(500, currency),
        one_time: false,
    };
    let pricing = pricing(false, 0, Money::zero(Currency::USD));
    let lines = [line(Currency::USD), line(Currency::JPY)];
    assert_eq!(pricing.totals(&lines, None), None);
}

#[test]
fn shipping_is_known_between_two_sums_of_one_price_and_above_what_is_free() {
    let dollars = |cents| Money::from_minor(cents, Currency::USD);
    let seen = [(2_000, 490), (3_000, 490), (5_000, 0)];
    let seen = seen.map(|(sum, price)| (dollars(sum), dollars(price)));
    let shipping = Shipping::Seen(seen.to_vec());
    for (items, price) in [
        (1_999, None),
        (2_000, Some(490)),
        (2_500, Some(490)),
        (3_001, None),
        (4_999, None),
        (9_000, Some(0)),
    ] {
        assert_eq!(
            shipping.price(dollars(items)),
            price.map(dollars),
            "{items}"
        );
    }
}
