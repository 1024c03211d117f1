//! Tax ids: what they look like, so far as that can be said without asking an authority.

use crate::country::fits;

/// What follows the two letters of a country: `9` a digit, `A` a letter, `*` either.
const SHAPES: &[(&str, &[&str])] = &[
    ("AT", &["U99999999"]),
    ("BE", &["9999999999"]),
    (
        "CH",
        &[
            "E999999999",
            "E999999999MWST",
            "E999999999TVA",
            "E999999999IVA",
        ],
    ),
    ("DE", &["999999999"]),
    ("DK", &["99999999"]),
    ("ES", &["*9999999*"]),
    ("FI", &["99999999"]),
    ("FR", &["**999999999"]),
    ("GB", &["999999999", "999999999999"]),
    ("IE", &["9*99999A", "9999999AA"]),
    ("IT", &["99999999999"]),
    ("NL", &["999999999B99"]),
    ("PL", &["9999999999"]),
    ("PT", &["999999999"]),
    ("SE", &["999999999999"]),
];

/// The countries an id may begin with, where it begins with letters: those of ISO 3166, and what
/// stands for Greece, the Union and Northern Ireland there.
const COUNTRIES: &str = "\
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN \
    BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ \
    DE DJ DK DM DO DZ EC EE EG EH EL ER ES ET EU FI FJ FK FM FO FR GA GB GD GE GF GG GH \
    GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT \
    JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC \
    MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL \
    NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB \
    SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM \
    TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XI YE YT ZA ZM ZW";

/// Letters and digits of the shortest and the longest id of a country without a shape here.
const LENGTHS: std::ops::RangeInclusive<usize> = 5..=20;

/// The id in its plain form, capitals and digits without what people put between them; `None`
/// where it cannot be one.
pub fn tax_id(text: &str) -> Option<String> {
    let mut plain = String::new();
    for letter in text.trim().chars() {
        match letter {
            ' ' | '-' | '.' | '/' => {}
            letter if letter.is_ascii_alphanumeric() => plain.push(letter.to_ascii_uppercase()),
            _ => return None,
        }
    }
    let (country, rest) = plain.split_at_checked(2)?;
    let shapes = SHAPES.iter().find(|(code, _)| *code == country);
    let is_one = match shapes {
        Some((_, shapes)) => shapes.iter().any(|shape| fits(shape, rest)),
        None => {
            let is_known = COUNTRIES.split(' ').any(|code| code == country);
            (is_known || country.bytes().any(|byte| byte.is_ascii_digit()))
                && LENGTHS.contains(&plain.len())
                && plain.bytes().any(|byte| byte.is_ascii_digit())
        }
    };
    is_one.then_some(plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cu4_a_tax_id_is_taken_in_the_ways_in_which_people_write_it() {
        for (typed, plain) in [
            ("DE 123 456 789", "DE123456789"),
            ("de123456789", "DE123456789"),
            ("FR XX-999.999.999", "FRXX999999999"),
            ("CHE-123.456.789 MWST", "CHE123456789MWST"),
            ("12-3456789", "123456789"),
            ("EL 123456789", "EL123456789"),
        ] {
            assert_eq!(tax_id(typed).as_deref(), Some(plain), "{typed}");
        }
    }

    #[test]
    fn cu4_what_cannot_be_a_tax_id_is_refused() {
        let wrong = [
            "",
            "DE12345678",
            "DE1234567890",
            "hello",
            "=1+2",
            "ÄÖ123456",
            "ATX12345678",
            "XX123456789",
            "QQ 123 456 789",
        ];
        for typed in wrong {
            assert_eq!(tax_id(typed), None, "{typed}");
        }
    }
}
