//! What several views show, or a view shows and an intent names.

use base::{Date, Money};
use protocol_derive::Generate;
use recharge::{AddressId, PaymentMethodId, open_enum};
use serde::{Deserialize, Serialize};

use crate::json::{Read, words};

/// What goes to one address on one day: the stable name of a delivery.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Read,
)]
pub struct DeliveryKey {
    /// The address.
    pub address_id: AddressId,
    /// The day on which it is charged and sent.
    pub date: Date,
}

/// A text of the merchant's, in the shop's language and in others.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Read)]
pub struct Translated {
    /// The text in the shop's language.
    pub text: String,
    /// The tag of each other language, such as `de` or `pt-BR`, with the text in it.
    #[serde(default)]
    pub translations: Vec<(String, String)>,
}

impl Translated {
    /// The text for whoever reads `locale`, such as `de-CH`: in that language or, where there is
    /// none, in the shop's.
    pub fn in_language(&self, locale: &str) -> &str {
        let find = |tag: &str| {
            let mut translations = self.translations.iter();
            let found = translations.find(|(known, _)| known.eq_ignore_ascii_case(tag))?;
            Some(found.1.as_str())
        };
        let language = locale.split('-').next().unwrap_or_default();
        find(locale)
            .or_else(|| find(language))
            .unwrap_or(&self.text)
    }
}

impl From<&str> for Translated {
    /// A text in the shop's language alone.
    fn from(text: &str) -> Translated {
        Translated {
            text: text.to_owned(),
            translations: Vec::new(),
        }
    }
}

/// A discount code on something that is to come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct DiscountLine {
    /// The code.
    pub code: String,
    /// Whether it is on everything that goes to the address, and not on one delivery only.
    pub on_address: bool,
}

/// What a delivery or an order costs. `total` is exactly the sum of the rest, discounts
/// taken off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Totals {
    /// The items before discounts.
    pub items: Money,
    /// Discounts, as a positive amount.
    pub discounts: Money,
    /// Shipping.
    pub shipping: Money,
    /// Tax that comes on top.
    pub tax: Money,
    /// Duties.
    pub duties: Money,
    /// Tax that the prices already hold; not part of the sum.
    pub included_tax: Option<Money>,
    /// What the total holds beyond the parts that upstream names, store credit above all:
    /// negative where it lowers the total; `None` where the parts explain it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub adjustment: Option<Money>,
    /// What is paid.
    pub total: Money,
}

/// An address as text.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Read)]
pub struct AddressLines {
    /// Name of the recipient; may be empty.
    pub name: String,
    /// Street and number, for a short mention.
    pub street: String,
    /// The remaining lines in the order of the country, without the name; the first is the street.
    pub lines: Vec<String>,
    /// Country, two letters; may be empty.
    pub country_code: String,
}

/// A payment method in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct PaymentLine {
    /// The method.
    pub id: PaymentMethodId,
    /// Its kind, upstream's word: `CREDIT_CARD`, `PAYPAL`, `APPLE_PAY`, …
    pub kind: PaymentKind,
    /// The card's brand, lower case, such as `visa`.
    pub brand: Option<String>,
    /// The last four digits.
    pub last4: Option<String>,
    /// The last month of validity: year and month 1 to 12.
    pub expiry: Option<(i32, u32)>,
    /// The PayPal account, masked.
    pub account: Option<String>,
    /// Whether another of the customer's methods has the same kind, brand and number.
    #[serde(default)]
    pub alike: bool,
    /// When it was added, where its expiry does not tell it from the other either.
    #[serde(default)]
    pub added: Option<Date>,
}

open_enum! {
    /// The kind of a payment method.
    pub enum PaymentKind {
        /// A card.
        Card = "CREDIT_CARD",
        /// PayPal.
        Paypal = "PAYPAL",
        /// Apple Pay.
        ApplePay = "APPLE_PAY",
        /// Google Pay.
        GooglePay = "GOOGLE_PAY",
        /// Shop Pay.
        ShopPay = "SHOP_PAY",
        /// SEPA direct debit.
        Sepa = "SEPA_DEBIT",
    }
}

/// A named value on a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct Property {
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
}

/// How many of one variant are in a box.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read, Generate)]
#[serde(deny_unknown_fields)]
pub struct BoxItem {
    /// The variant in the shop.
    pub external_variant_id: String,
    /// How many.
    pub quantity: u32,
}

words!(PaymentKind);

#[cfg(test)]
mod tests {
    use super::Translated;

    #[test]
    fn re_1_a_text_is_in_the_readers_language_or_else_in_the_shops() {
        let text = Translated {
            text: "Too much".into(),
            translations: vec![
                ("de".into(), "Zu viel".into()),
                ("pt-BR".into(), "Demais".into()),
            ],
        };
        for (locale, expected) in [
            ("de", "Zu viel"),
            ("de-CH", "Zu viel"),
            ("pt-br", "Demais"),
            ("pt-PT", "Too much"),
            ("en-US", "Too much"),
            ("", "Too much"),
        ] {
            assert_eq!(text.in_language(locale), expected, "{locale}");
        }
    }
}
