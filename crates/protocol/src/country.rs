//! Address forms by country: which fields, in which order, and what a postcode looks like.
//!
//! Formats are those of the Universal Postal Union's addressing sheets and the CLDR; a country
//! without rules of its own gets the general ones, which refuse little.

use serde::{Deserialize, Serialize};

use crate::json::wire;
use crate::{AddressForm, FieldError, FieldProblem};

wire! {
    /// A country that the store ships to.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Country {
        /// Two letters.
        pub code: String,
        /// Its provinces or states where the store names them; empty where an address has none.
        #[serde(default)]
        pub provinces: Vec<Province>,
    }
}

wire! {
    /// A province or state.
    #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
    pub struct Province {
        /// The name, which upstream keeps.
        pub name: String,
        /// The abbreviation used on a parcel, such as `CA`; may be empty.
        #[serde(default)]
        pub code: String,
    }
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
        postcode: "postcode",
        shapes: &["A9A 9A9", "A9A9A9"],
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
        shapes: &["9999 AA", "9999AA"],
        example: "1012 AB",
    },
    Row {
        code: "SE",
        order: "sxzc",
        province: "",
        postcode: "postcode",
        shapes: &["999 99", "99999"],
        example: "111 22",
    },
    Row {
        code: "JP",
        order: "zpcsx",
        province: "prefecture",
        postcode: "postcode",
        shapes: &["999-9999", "9999999"],
        example: "100-0001",
    },
];

const ANY: Row = Row {
    code: "",
    order: "sxcpz",
    province: "province",
    postcode: "postcode",
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
    /// Whether `text` looks like a postcode of the country; case and outer spaces do not matter.
    pub fn accepts_postcode(&self, text: &str) -> bool {
        let fits = |shape: &&str| fits(shape, text.trim());
        self.postcodes.is_empty() || self.postcodes.iter().any(fits)
    }
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

impl AddressForm {
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

    /// What is wrong with a complete form, by the rules of its country, where the store ships
    /// to `countries`; the first problem of each field, in the order of the form.
    pub fn problems(&self, countries: &[Country]) -> Vec<FieldError> {
        let rules = rules_for(self.value("country_code"));
        let country = countries
            .iter()
            .find(|c| c.code == self.value("country_code"));
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
                    && !provinces.iter().any(|p| p.name == value)
                {
                    Some(FieldProblem::Province)
                } else {
                    None
                };
            errors.extend(error.map(|error| FieldError {
                field: field.into(),
                error,
            }));
        }
        if country.is_none() {
            errors.push(FieldError {
                field: "country_code".into(),
                error: FieldProblem::Country,
            });
        }
        errors
    }

    /// Only the fields that differ from `before`; country and postcode go together where either
    /// differs, since upstream takes them only as a pair.
    pub fn changes_from(&self, before: &AddressForm) -> AddressForm {
        let changed = |new: &Option<String>, old: &Option<String>| {
            let same = new.as_deref().unwrap_or_default() == old.as_deref().unwrap_or_default();
            if same { None } else { new.clone() }
        };
        let pair = self.value("zip") != before.value("zip")
            || self.value("country_code") != before.value("country_code");
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
