//! Address forms by country: which fields, in which order, and what a postcode looks like.
//!
//! Formats are those of the Universal Postal Union's addressing sheets and the CLDR; a country
//! without rules of its own gets the general ones, which refuse little.

use serde::{Deserialize, Serialize};

use crate::intents::bodies::AddressForm;
use crate::json::Read;
use crate::problem::{FieldError, FieldProblem};

/// A country that the store ships to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Country {
    /// Two letters.
    pub code: String,
    /// Its provinces or states where the store names them; empty where an address has none.
    #[serde(default)]
    pub provinces: Vec<Province>,
}

/// A province or state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Province {
    /// The name, which upstream keeps.
    pub name: String,
    /// The abbreviation used on a parcel, such as `CA`; may be empty.
    #[serde(default)]
    pub code: String,
}

/// One field of an address form: a key into the catalogue and whether it must be filled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FieldRule {
    /// The field's name in [`AddressForm`].
    pub field: &'static str,
    /// The word for its label, such as `zip` or `postcode`.
    pub label: &'static str,
    /// Whether it must not be empty.
    pub required: bool,
    /// The value for the `autocomplete` attribute.
    pub autocomplete: &'static str,
}

/// How addresses look in one country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressRules {
    /// The fields below name and company, in the order of the country.
    pub fields: Vec<FieldRule>,
    /// Shapes of a postcode: `9` a digit, `A` a letter, anything else itself. Empty: any.
    pub postcodes: &'static [&'static str],
    /// An example of a postcode; may be empty.
    pub example: &'static str,
}

struct Row {
    code: &'static str,
    /// Order of the fields, one letter each: s street, x second line, c city, p province, z postcode.
    order: &'static str,
    province: &'static str,
    postcode: &'static str,
    shapes: &'static [&'static str],
    example: &'static str,
}

const ROWS: &[Row] = &[
    Row {
        code: "US",
        order: "sxcpz",
        province: "state",
        postcode: "zip",
        shapes: &["99999", "99999-9999"],
        example: "94107",
    },
    Row {
        code: "CA",
        order: "sxcpz",
        province: "province",
        postcode: "postal_code",
        shapes: &["A9A 9A9"],
        example: "K1A 0B1",
    },
    Row {
        code: "AU",
        order: "sxcpz",
        province: "state",
        postcode: "postcode",
        shapes: &["9999"],
        example: "2000",
    },
    Row {
        code: "GB",
        order: "sxcz",
        province: "",
        postcode: "postcode",
        shapes: &[
            "A9 9AA", "A99 9AA", "AA9 9AA", "AA99 9AA", "A9A 9AA", "AA9A 9AA",
        ],
        example: "LS1 1AA",
    },
    Row {
        code: "IE",
        order: "sxcpz",
        province: "county",
        postcode: "eircode",
        shapes: &[
            "A99 AAAA", "A99 AAA9", "A99 AA9A", "A99 A9AA", "A99 9AAA", "A99 AA99", "A99 A99A",
            "A99 A9A9", "A99 9A9A", "A99 9AA9", "A99 99AA", "A9A AAAA", "A9A AA99", "A9A A999",
            "A99 9999",
        ],
        example: "D02 AF30",
    },
    Row {
        code: "DE",
        order: "sxzc",
        province: "",
        postcode: "postcode",
        shapes: &["99999"],
        example: "10115",
    },
    Row {
        code: "AT",
        order: "sxzc",
        province: "",
        postcode: "postcode",
        shapes: &["9999"],
        example: "1010",
    },
    Row {
        code: "CH",
        order: "sxzc",
        province: "",
        postcode: "postcode",
        shapes: &["9999"],
        example: "8001",
    },
    Row {
        code: "FR",
        order: "sxzc",
        province: "",
        postcode: "postcode",
        shapes: &["99999"],
        example: "75001",
    },
    Row {
        code: "NL",
        order: "sxzc",
        province: "",
        postcode: "postcode",
        shapes: &["9999 AA"],
        example: "1012 AB",
    },
    Row {
        code: "SE",
        order: "sxzc",
        province: "",
        postcode: "postcode",
        shapes: &["999 99"],
        example: "111 22",
    },
    Row {
        code: "JP",
        order: "zpcsx",
        province: "prefecture",
        postcode: "postcode",
        shapes: &["999-9999"],
        example: "100-0001",
    },
];

const ANY: Row = Row {
    code: "",
    order: "sxcpz",
    province: "province",
    postcode: "postal_code",
    shapes: &[],
    example: "",
};

fn row(code: &str) -> &'static Row {
    ROWS.iter().find(|row| row.code == code).unwrap_or(&ANY)
}

/// The rules for the country `code`.
pub fn rules_for(code: &str) -> AddressRules {
    let row = row(code);
    let known = !row.code.is_empty();
    let fields = row.order.chars().filter_map(|letter| {
        let rule = |field, label, required, autocomplete| {
            Some(FieldRule {
                field,
                label,
                required,
                autocomplete,
            })
        };
        match letter {
            's' => rule("address1", "address1", true, "address-line1"),
            'x' => rule("address2", "address2", false, "address-line2"),
            'c' => rule("city", "city", true, "address-level2"),
            'p' => rule(
                "province",
                row.province,
                known && row.code != "IE",
                "address-level1",
            ),
            'z' => rule(
                "zip",
                row.postcode,
                known && row.code != "IE",
                "postal-code",
            ),
            _ => None,
        }
    });
    AddressRules {
        fields: fields.collect(),
        postcodes: row.shapes,
        example: row.example,
    }
}

impl AddressRules {
    /// Whether `text` is a postcode of the country, however it is typed.
    pub fn accepts_postcode(&self, text: &str) -> bool {
        self.postcode(text).is_some()
    }

    /// A postcode as the country writes it, from what people type: in any case, full width or not,
    /// with its parts set apart by anything or nothing. `None` where it is none.
    pub fn postcode(&self, text: &str) -> Option<String> {
        if self.postcodes.is_empty() {
            return Some(text.trim().to_owned());
        }
        let signs: String = text.chars().filter_map(sign).collect();
        let mut shapes = self.postcodes.iter();
        shapes.find_map(|shape| shaped(shape, &signs))
    }
}

/// A sign of a postcode as ASCII has it; `None` for what only sets parts apart.
fn sign(c: char) -> Option<char> {
    match c {
        '\u{ff01}'..='\u{ff5e}' => {
            let ascii = u32::from(c) - 0xfee0;
            sign(char::from_u32(ascii)?)
        }
        '-'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2010}'..='\u{2015}'
        | '\u{2060}'
        | '\u{2212}'
        | '\u{30fc}'
        | '\u{fe58}'
        | '\u{fe63}'
        | '\u{feff}' => None,
        c if c.is_whitespace() => None,
        c => Some(c.to_ascii_uppercase()),
    }
}

/// The signs in a shape, where they fill it.
fn shaped(shape: &str, signs: &str) -> Option<String> {
    let parted = |c: char| c == ' ' || c == '-';
    fits(&shape.replace(parted, ""), signs).then_some(())?;
    let mut signs = signs.chars();
    let all = shape.chars();
    all.map(|want| {
        if parted(want) {
            Some(want)
        } else {
            signs.next()
        }
    })
    .collect()
}

/// Whether `text` has a shape: `9` is a digit, `A` an ASCII letter, `*` either, anything else
/// itself.
pub(crate) fn fits(shape: &str, text: &str) -> bool {
    let mut given = text.chars();
    shape.chars().all(|want| match (want, given.next()) {
        ('9', Some(have)) => have.is_ascii_digit(),
        ('*', Some(have)) => have.is_ascii_alphanumeric(),
        ('A', Some(have)) => have.is_ascii_alphabetic(),
        (want, have) => have == Some(want),
    }) && given.next().is_none()
}

/// The longest value that a field takes, in characters.
const LONGEST: usize = 255;

impl Country {
    /// The province that `text` names, by its name or its code, in any case.
    pub fn province(&self, text: &str) -> Option<&Province> {
        let text = text.trim().to_lowercase();
        let is = |known: &str| !text.is_empty() && known.to_lowercase() == text;
        let mut provinces = self.provinces.iter();
        let named = provinces.find(|province| is(&province.name));
        named.or_else(|| self.provinces.iter().find(|province| is(&province.code)))
    }
}

impl AddressForm {
    /// The names of its fields.
    pub const FIELDS: [&str; 10] = [
        "first_name",
        "last_name",
        "company",
        "address1",
        "address2",
        "city",
        "province",
        "zip",
        "country_code",
        "phone",
    ];

    /// The value of a field by its name; `None` where it is not set, or no field.
    pub fn get(&self, field: &str) -> Option<&str> {
        let value = match field {
            "first_name" => &self.first_name,
            "last_name" => &self.last_name,
            "company" => &self.company,
            "address1" => &self.address1,
            "address2" => &self.address2,
            "city" => &self.city,
            "province" => &self.province,
            "zip" => &self.zip,
            "country_code" => &self.country_code,
            "phone" => &self.phone,
            _ => &None,
        };
        value.as_deref()
    }

    /// The value of a field by its name; empty where it is not set.
    pub fn value(&self, field: &str) -> &str {
        self.get(field).unwrap_or_default()
    }

    /// Sets a field by its name; a name that is no field does nothing.
    pub fn set(&mut self, field: &str, value: String) {
        let place = match field {
            "first_name" => &mut self.first_name,
            "last_name" => &mut self.last_name,
            "company" => &mut self.company,
            "address1" => &mut self.address1,
            "address2" => &mut self.address2,
            "city" => &mut self.city,
            "province" => &mut self.province,
            "zip" => &mut self.zip,
            "country_code" => &mut self.country_code,
            "phone" => &mut self.phone,
            _ => return,
        };
        *place = Some(value);
    }

    /// The form as upstream keeps it: postcode and province as its country writes them, where
    /// they are known there, and nothing with spaces around it.
    #[must_use]
    pub fn normalized(&self, countries: &[Country]) -> AddressForm {
        let mut form = AddressForm::default();
        let rules = rules_for(self.value("country_code"));
        for field in AddressForm::FIELDS {
            let Some(typed) = self.get(field).map(str::trim) else {
                continue;
            };
            let known = match field {
                "zip" => rules.postcode(typed),
                "province" => {
                    let country = self.country(countries);
                    country.and_then(|country| Some(country.province(typed)?.name.clone()))
                }
                _ => None,
            };
            form.set(field, known.unwrap_or_else(|| typed.to_owned()));
        }
        form
    }

    fn country<'a>(&self, countries: &'a [Country]) -> Option<&'a Country> {
        let mut countries = countries.iter();
        countries.find(|country| country.code == self.value("country_code"))
    }

    /// What is wrong with what the customer changed, as [`problems`](AddressForm::problems) of the
    /// whole form finds it. What they did not touch stays as odd as it is, unless another country
    /// makes rules for it; and a postcode needs its country.
    pub fn problems_since(&self, before: &AddressForm, countries: &[Country]) -> Vec<FieldError> {
        let changed = |field: &str| self.value(field).trim() != before.value(field).trim();
        let moved = changed("country_code");
        let mut problems = self.problems(countries);
        problems.retain(|error| match error.field.as_str() {
            "country_code" => moved || changed("zip"),
            "zip" | "province" => moved || changed(&error.field),
            field => changed(field),
        });
        problems
    }

    /// What is wrong with a complete form, by the rules of its country, where the store ships
    /// to `countries`; the first problem of each field, in the order of the form.
    pub fn problems(&self, countries: &[Country]) -> Vec<FieldError> {
        let rules = rules_for(self.value("country_code"));
        let country = self.country(countries);
        let names = [
            ("first_name", true),
            ("last_name", true),
            ("company", false),
            ("phone", false),
        ];
        let own = rules.fields.iter().map(|rule| (rule.field, rule.required));
        let mut errors = Vec::new();
        for (field, required) in names.into_iter().chain(own) {
            let value = self.value(field).trim();
            let provinces = country.map(|c| c.provinces.as_slice()).unwrap_or_default();
            let error =
                if required && value.is_empty() && (field != "province" || !provinces.is_empty()) {
                    Some(FieldProblem::Required)
                } else if value.chars().count() > LONGEST {
                    Some(FieldProblem::TooLong)
                } else if field == "zip" && !value.is_empty() && !rules.accepts_postcode(value) {
                    Some(FieldProblem::Postcode)
                } else if field == "province"
                    && !provinces.is_empty()
                    && !value.is_empty()
                    && country.and_then(|c| c.province(value)).is_none()
                {
                    Some(FieldProblem::Province)
                } else {
                    None
                };
            errors.extend(error.map(|error| match error {
                FieldProblem::TooLong => FieldError::too_long(field, LONGEST),
                error => FieldError::new(field, error),
            }));
        }
        if country.is_none() {
            errors.push(FieldError::new("country_code", FieldProblem::Country));
        }
        errors
    }

    /// Only the fields that differ from `before`; country and postcode go together where either
    /// differs, since upstream takes them only as a pair.
    pub fn changes_from(&self, before: &AddressForm) -> AddressForm {
        let changed = |new: &Option<String>, old: &Option<String>| {
            let same = new.as_deref().unwrap_or_default().trim()
                == old.as_deref().unwrap_or_default().trim();
            if same { None } else { new.clone() }
        };
        let differs = |field: &str| self.value(field).trim() != before.value(field).trim();
        let pair = differs("zip") || differs("country_code");
        AddressForm {
            first_name: changed(&self.first_name, &before.first_name),
            last_name: changed(&self.last_name, &before.last_name),
            company: changed(&self.company, &before.company),
            address1: changed(&self.address1, &before.address1),
            address2: changed(&self.address2, &before.address2),
            city: changed(&self.city, &before.city),
            province: changed(&self.province, &before.province),
            phone: changed(&self.phone, &before.phone),
            zip: if pair { self.zip.clone() } else { None },
            country_code: if pair {
                self.country_code.clone()
            } else {
                None
            },
        }
    }

    /// Whether no field is set.
    pub fn is_empty(&self) -> bool {
        *self == AddressForm::default()
    }
}
