//! Money: sums are exact in currencies of 0, 2 and 3 places, and currencies never mix.

use base::{Currency, Money};
use proptest::prelude::*;

fn currency(code: &str) -> Currency {
    code.parse().expect("a currency")
}

fn any_currency() -> impl Strategy<Value = Currency> {
    prop::sample::select(vec![currency("USD"), currency("JPY"), currency("KWD")])
}

fn any_money() -> impl Strategy<Value = Money> {
    (-1_000_000_000_000i64..1_000_000_000_000, any_currency())
        .prop_map(|(minor, currency)| Money::from_minor(minor, currency))
}

proptest! {
    #[test]
    fn a_written_amount_reads_back(minor in -i64::MAX..=i64::MAX, currency in any_currency()) {
        let money = Money::from_minor(minor, currency);
        prop_assert_eq!(Money::parse(&money.amount(), currency), Ok(money));
        let json = serde_json::to_value(money).unwrap();
        prop_assert_eq!(serde_json::from_value(json).ok(), Some(money));
    }

    #[test]
    fn an_amount_has_the_places_of_its_currency(money in any_money()) {
        let places = money.amount().split_once('.').map_or(0, |(_, fraction)| fraction.len());
        prop_assert_eq!(places, money.currency().places() as usize);
    }

    #[test]
    fn adding_is_undone_by_taking_off(money in any_money(), minor in -1_000_000i64..1_000_000) {
        let other = Money::from_minor(minor, money.currency());
        let sum = money.plus(other).expect("the same currency");
        prop_assert_eq!(sum.minus(other), Some(money));
        prop_assert_eq!(money.minus(money), Some(Money::zero(money.currency())));
    }

    #[test]
    fn a_sum_does_not_depend_on_the_order(
        (minors, shuffled) in prop::collection::vec(-1_000_000i64..1_000_000, 0..20)
            .prop_flat_map(|minors| (Just(minors.clone()), Just(minors).prop_shuffle())),
        currency in any_currency(),
    ) {
        let sum = |minors: &[i64]| {
            Money::sum(currency, minors.iter().map(|minor| Money::from_minor(*minor, currency)))
        };
        prop_assert_eq!(sum(&minors), sum(&shuffled));
        prop_assert_eq!(sum(&minors).map(Money::minor), Some(minors.iter().sum()));
    }

    #[test]
    fn times_is_repeated_adding(money in any_money(), count in 0..50u32) {
        let added = Money::sum(money.currency(), std::iter::repeat_n(money, count as usize));
        prop_assert_eq!(added, Some(money.times(count)));
    }

    #[test]
    fn a_fraction_is_off_by_at_most_half_a_unit(money in any_money(), part in 0..=100_000i64) {
        let taken = i128::from(money.fraction(part, 100_000).minor());
        let exact = i128::from(money.minor()) * i128::from(part);
        prop_assert!((taken * 100_000 - exact).abs() * 2 <= 100_000);
        prop_assert!(taken.abs() <= i128::from(money.minor().abs()));
    }

    #[test]
    fn a_fraction_of_the_opposite_is_the_opposite(
        money in any_money(), part in -100_000..=100_000i64, of in 1..=100_000i64,
    ) {
        let opposite = Money::from_minor(-money.minor(), money.currency());
        let minor = money.fraction(part, of).minor();
        prop_assert_eq!(opposite.fraction(part, of).minor(), -minor);
        prop_assert_eq!(money.fraction(part, -of).minor(), -minor);
        prop_assert_eq!(money.fraction(-part, -of).minor(), minor);
    }

    #[test]
    fn currencies_are_never_added(minor: i64, other: i64) {
        let (dollars, yen) = (Money::from_minor(minor, Currency::USD), Money::from_minor(other, currency("JPY")));
        prop_assert_eq!(dollars.plus(yen), None);
        prop_assert_eq!(dollars.minus(yen), None);
        prop_assert_eq!(Money::sum(Currency::USD, [yen]), None);
    }

    #[test]
    fn nothing_overflows(minor: i64, other: i64, count: u32, part: i64, of: i64) {
        let money = Money::from_minor(minor, Currency::USD);
        money.plus(Money::from_minor(other, Currency::USD));
        money.minus(Money::from_minor(other, Currency::USD));
        money.times(count);
        money.fraction(part, of);
        prop_assert!(money.amount().contains('.'));
    }

    #[test]
    fn junk_is_no_money(text in "\\PC{0,24}", currency in any_currency()) {
        let strict = text.trim();
        let digits = strict.strip_prefix('-').unwrap_or(strict);
        let decimal = digits.bytes().any(|b| b.is_ascii_digit())
            && digits.bytes().all(|b| b.is_ascii_digit() || b == b'.')
            && digits.bytes().filter(|b| *b == b'.').count() <= 1;
        prop_assert!(decimal || Money::parse(&text, currency).is_err());
    }
}

#[test]
fn amounts_are_rounded_half_away_from_zero() {
    let minor = |text, code| Money::parse(text, currency(code)).expect(text).minor();
    assert_eq!(minor("41", "USD"), 4_100);
    assert_eq!(minor("41.5", "USD"), 4_150);
    assert_eq!(minor("0.005", "USD"), 1);
    assert_eq!(minor("0.0049", "USD"), 0);
    assert_eq!(minor("-0.005", "USD"), -1);
    assert_eq!(minor("1200.50", "JPY"), 1_201);
    assert_eq!(minor("1.25", "KWD"), 1_250);
    assert_eq!(minor(".5", "USD"), 50);
}

#[test]
fn what_is_no_decimal_is_refused() {
    for text in [
        "",
        "-",
        ".",
        "--1",
        "+1",
        "1e3",
        "1,00",
        "1.0.0",
        "NaN",
        "99999999999999999999",
    ] {
        assert!(Money::parse(text, Currency::USD).is_err(), "{text}");
    }
    for code in ["", "US", "USDX", "U$D", "ÄB"] {
        assert!(code.parse::<Currency>().is_err(), "{code}");
    }
}

#[test]
fn a_percentage_of_a_price() {
    let price = Money::parse("36.00", Currency::USD).expect("an amount");
    assert_eq!(price.fraction(15, 100).amount(), "5.40");
    assert_eq!(price.fraction(8_875, 100_000).amount(), "3.20");
    assert_eq!(price.fraction(1, 0).amount(), "0.00");
}

proptest! {
    /// Nothing that compares or adds takes two currencies for one.
    #[test]
    fn amounts_of_two_currencies_have_no_order_and_no_sum(one in any::<i64>(), other in any::<i64>()) {
        let (dollars, yen) = (
            Money::from_minor(one, Currency::USD),
            Money::from_minor(other, Currency::JPY),
        );
        prop_assert_eq!(dollars.partial_cmp(&yen), None);
        prop_assert!(dollars != yen && dollars.lesser(yen).is_none());
        prop_assert_eq!(dollars.plus(yen), None);
        prop_assert_eq!(dollars.minus(yen), None);
        prop_assert_eq!(Money::sum(Currency::USD, [dollars, yen]), None);
    }
}

/// The currencies of ISO 4217 whose smallest unit is not a hundredth.
#[test]
fn every_currency_has_the_digits_of_iso_4217() {
    let digits = |code: &str| code.parse::<Currency>().unwrap().places();
    for code in [
        "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND",
        "VUV", "XAF", "XOF", "XPF",
    ] {
        assert_eq!(digits(code), 0, "{code}");
    }
    for code in ["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"] {
        assert_eq!(digits(code), 3, "{code}");
    }
    for code in ["CLF", "UYW"] {
        assert_eq!(digits(code), 4, "{code}");
    }
    for code in ["HUF", "TWD", "IDR", "COP", "UZS", "USD", "MGA", "MRU"] {
        assert_eq!(digits(code), 2, "{code}");
    }
}
