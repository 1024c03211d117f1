//! Whether a value may be that of a token. What passes neither ends its declaration nor loads
//! anything: there is no `url()`, no `;` and no brace in it.

use crate::interface::Kind;
use crate::{Wrong, color};

/// The color functions of CSS that take plain numbers.
const FUNCTIONS: [&str; 9] = [
    "rgb(", "rgba(", "hsl(", "hsla(", "hwb(", "lab(", "lch(", "oklab(", "oklch(",
];

pub(crate) fn check(kind: Kind, value: &str) -> Result<(), Wrong> {
    let (fits, message, hint) = match kind {
        Kind::Color => (
            is_color(value),
            "not a color",
            "write it like #0b6e4f or oklch(0.43 0.085 165)",
        ),
        Kind::Length => (
            is_length(value),
            "not a length",
            "write it like 12px or 0.75rem",
        ),
        Kind::Weight => (
            matches!(value.parse(), Ok(100..=900_u16)),
            "not a weight",
            "write a number from 100 to 900",
        ),
        Kind::Font => (
            is_font(value),
            "not a list of fonts",
            "write it like Georgia, 'Times New Roman', serif",
        ),
        Kind::Mode => (
            matches!(value, "light" | "dark" | "light dark"),
            "not a mode",
            "write light, dark or light dark",
        ),
    };
    if fits {
        Ok(())
    } else {
        Err(Wrong::new(message, hint))
    }
}

fn is_color(value: &str) -> bool {
    let is_hex = value.strip_prefix('#').is_some_and(|digits| {
        matches!(digits.len(), 3 | 6) && digits.bytes().all(|b| b.is_ascii_hexdigit())
    });
    let of_a_function = FUNCTIONS.iter().find_map(|name| value.strip_prefix(name));
    let numbers = of_a_function.and_then(|rest| rest.strip_suffix(')'));
    let is_plain = |text: &str| {
        let plain = |c: char| c.is_ascii_digit() || " .,%/-".contains(c);
        text.replace("deg", "").chars().all(plain)
    };
    (is_hex || numbers.is_some_and(is_plain)) && color::parse(value).is_some()
}

fn is_length(value: &str) -> bool {
    let unit = ["px", "rem", "em"];
    let number = unit.iter().find_map(|unit| value.strip_suffix(unit));
    let is_number = |text: &str| {
        let digits = |c: char| c.is_ascii_digit() || c == '.';
        text.chars().all(digits) && text.parse::<f32>().is_ok()
    };
    value == "0px" || number.is_some_and(is_number)
}

fn is_font(value: &str) -> bool {
    let families = value.split(',').map(str::trim);
    let is_family = |family: &str| {
        let quoted = ['\'', '"'].into_iter().find_map(|quote| {
            let inner = family.strip_prefix(quote)?;
            inner.strip_suffix(quote)
        });
        let name = quoted.unwrap_or(family);
        let plain = |c: char| c.is_alphanumeric() || " -_".contains(c);
        !name.is_empty() && name.chars().all(plain)
    };
    families.into_iter().all(is_family)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_each_kind_are_told_from_others() {
        for (kind, fine, wrong) in [
            (
                Kind::Color,
                &["#0b6e4f", "#fff", "rgb(1 2 3)", "oklch(0.43 0.085 165)"][..],
                &[
                    "green",
                    "0b6e4f",
                    "var(--x)",
                    "url(/x)",
                    "#12",
                    "rgb(1 2 3);",
                ][..],
            ),
            (
                Kind::Length,
                &["0px", "12px", "0.5rem"],
                &["12", "-1px", "calc(1px)", "px", "1px;"],
            ),
            (Kind::Weight, &["400", "650"], &["bold", "0", "1000"]),
            (
                Kind::Font,
                &["Georgia, 'Times New Roman', serif", "\"Ä B\""],
                &["", "a;b", "url(x)", "'a", "a}"],
            ),
            (Kind::Mode, &["light", "dark", "light dark"], &["auto", ""]),
        ] {
            for value in fine {
                assert_eq!(check(kind, value), Ok(()), "{value}");
            }
            for value in wrong {
                assert!(check(kind, value).is_err(), "{value}");
            }
        }
    }
}
