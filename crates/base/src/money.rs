//! Exact amounts of money.
//!
//! An amount is a whole number of the currency's smallest unit (cents, yen,
//! fils), so sums are exact and nothing is ever floating point.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An ISO 4217 currency code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

impl Currency {
    /// The US dollar, which upstream means where it names no currency.
    pub const USD: Currency = Currency(*b"USD");

    /// Japanese yen, which has no smaller unit.
    pub const JPY: Currency = Currency(*b"JPY");

    /// The code, three upper-case letters.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// Decimal places of the smallest unit, by ISO 4217: 0, 2, 3 or 4.
    pub fn places(self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"UYI" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            b"CLF" | b"UYW" => 4,
            _ => 2,
        }
    }
}

/// The text is not a currency code or an amount of that currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotMoney;

impl fmt::Display for NotMoney {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not an amount of money")
    }
}

impl std::error::Error for NotMoney {}

impl FromStr for Currency {
    type Err = NotMoney;

    fn from_str(text: &str) -> Result<Currency, NotMoney> {
        let code: [u8; 3] = text.as_bytes().try_into().map_err(|_| NotMoney)?;
        let upper = code.map(|b| b.to_ascii_uppercase());
        if upper.iter().all(u8::is_ascii_uppercase) {
            Ok(Currency(upper))
        } else {
            Err(NotMoney)
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// An amount in one currency. In JSON `{"amount": "41.00", "currency": "USD"}`. Amounts of
/// different currencies are never added, and have no order.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Money {
    minor: i64,
    currency: Currency,
}

impl Money {
    /// `minor` smallest units (cents, yen, fils).
    pub fn from_minor(minor: i64, currency: Currency) -> Money {
        Money { minor, currency }
    }

    /// Nothing, in `currency`.
    pub fn zero(currency: Currency) -> Money {
        Money { minor: 0, currency }
    }

    /// Reads a decimal such as `41`, `41.5` or `-0.005`. Digits beyond the currency's
    /// smallest unit are rounded half away from zero.
    ///
    /// ```
    /// use base::{Currency, Money};
    ///
    /// let price = Money::parse("41.505", Currency::USD)?;
    /// assert_eq!(price.minor(), 4151);
    /// # Ok::<(), base::NotMoney>(())
    /// ```
    pub fn parse(amount: &str, currency: Currency) -> Result<Money, NotMoney> {
        let (negative, digits) = match amount.trim().strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, amount.trim()),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !all_digits(whole) || !all_digits(fraction) {
            return Err(NotMoney);
        }
        let places = currency.places() as usize;
        let digit = |at: usize| {
            fraction
                .as_bytes()
                .get(at)
                .map_or(0, |b| i64::from(b - b'0'))
        };
        let mut minor = if whole.is_empty() {
            0
        } else {
            whole.parse::<i64>().map_err(|_| NotMoney)?
        };
        for at in 0..places {
            minor = minor
                .checked_mul(10)
                .and_then(|m| m.checked_add(digit(at)))
                .ok_or(NotMoney)?;
        }
        if digit(places) >= 5 {
            minor = minor.checked_add(1).ok_or(NotMoney)?;
        }
        Ok(Money {
            minor: if negative { -minor } else { minor },
            currency,
        })
    }

    /// The number of smallest units.
    pub fn minor(self) -> i64 {
        self.minor
    }

    /// The currency.
    pub fn currency(self) -> Currency {
        self.currency
    }

    /// The decimal with the currency's own number of places: `41.00`, `1200`, `1.250`.
    pub fn amount(self) -> String {
        let places = self.currency.places();
        let scale = 10u64.pow(places);
        let (sign, units) = (
            if self.minor < 0 { "-" } else { "" },
            self.minor.unsigned_abs(),
        );
        match places {
            0 => format!("{sign}{units}"),
            _ => format!(
                "{sign}{}.{:0width$}",
                units / scale,
                units % scale,
                width = places as usize
            ),
        }
    }

    /// The sum; `None` for different currencies, which are never added, or beyond the range.
    pub fn plus(self, other: Money) -> Option<Money> {
        let minor =
            (self.currency == other.currency).then(|| self.minor.checked_add(other.minor))??;
        Some(Money { minor, ..self })
    }

    /// The difference; `None` as for [`Money::plus`].
    pub fn minus(self, other: Money) -> Option<Money> {
        self.plus(Money {
            minor: other.minor.checked_neg()?,
            ..other
        })
    }

    /// The smaller of two amounts; `None` for different currencies.
    pub fn lesser(self, other: Money) -> Option<Money> {
        let order = self.partial_cmp(&other)?;
        Some(if order.is_gt() { other } else { self })
    }

    /// `count` times this amount, at most the largest representable.
    pub fn times(self, count: u32) -> Money {
        Money {
            minor: self.minor.saturating_mul(i64::from(count)),
            ..self
        }
    }

    /// `numerator / denominator` of this amount, rounded half away from zero
    /// (a percentage: 15 of 100; a tax rate of 8.875 %: 8_875 of 100_000), at most the largest
    /// representable. Zero for a denominator of zero.
    pub fn fraction(self, numerator: i64, denominator: i64) -> Money {
        let product = i128::from(self.minor) * i128::from(numerator);
        let denominator = i128::from(denominator);
        // Half the denominator away from zero first; the division then cuts toward zero.
        let half = denominator.abs() / 2 * product.signum();
        let rounded = (product + half).checked_div(denominator).unwrap_or(0);
        let minor = rounded.clamp(i128::from(i64::MIN), i128::from(i64::MAX)) as i64;
        Money { minor, ..self }
    }

    /// The sum of `amounts`; zero of `currency` for none, `None` as for [`Money::plus`].
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Money>) -> Option<Money> {
        amounts
            .into_iter()
            .try_fold(Money::zero(currency), Money::plus)
    }
}

impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Money) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.amount(), self.currency)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wire {
    amount: String,
    currency: Currency,
}

impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        Wire {
            amount: self.amount(),
            currency: self.currency,
        }
        .serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let wire = Wire::deserialize(deserializer)?;
        Money::parse(&wire.amount, wire.currency).map_err(serde::de::Error::custom)
    }
}
