//! Amounts as upstream sends them: decimals that do not say their currency.

use base::{Currency, Money};
use serde_json::Value;

use crate::lenient::Lenient;

/// A decimal such as `41.00`, in a currency that is said elsewhere; unknown where upstream said nothing.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Amount(String);

impl Amount {
    /// The decimal as it came; empty where upstream said nothing.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The amount in `currency`, rounded half away from zero to its smallest unit; `None` where
    /// upstream said nothing, or a number that is out of range.
    pub fn in_currency(&self, currency: Currency) -> Option<Money> {
        Money::parse(&self.0, currency).ok()
    }
}

impl Lenient for Amount {
    /// A decimal, as text or as a number; anything else is not an amount.
    fn read(value: Value) -> Option<Amount> {
        let text = String::read(value)?;
        Money::parse(&text, Currency::USD)
            .ok()
            .map(|_| Amount(text.trim().to_owned()))
    }
}

impl Lenient for Currency {
    fn read(value: Value) -> Option<Currency> {
        value.as_str()?.trim().parse().ok()
    }
}
