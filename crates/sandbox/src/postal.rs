//! What a postal address may say.

use serde_json::{Map, Value, json};

use crate::incoming::text_in;
use crate::rows::Postal;

/// A province: its code and its name, which is what addresses carry.
pub(crate) type Province = (&'static str, &'static str);

/// The countries the shop sends to: code and name.
pub(crate) const COUNTRIES: &[(&str, &str)] = &[
    ("AT", "Austria"),
    ("AU", "Australia"),
    ("BE", "Belgium"),
    ("CA", "Canada"),
    ("CH", "Switzerland"),
    ("DE", "Germany"),
    ("DK", "Denmark"),
    ("ES", "Spain"),
    ("FI", "Finland"),
    ("FR", "France"),
    ("GB", "United Kingdom"),
    ("IE", "Ireland"),
    ("IN", "India"),
    ("IT", "Italy"),
    ("JP", "Japan"),
    ("KW", "Kuwait"),
    ("NL", "Netherlands"),
    ("NO", "Norway"),
    ("NZ", "New Zealand"),
    ("PL", "Poland"),
    ("PT", "Portugal"),
    ("SE", "Sweden"),
    ("US", "United States"),
];

/// The name of a country; its code where the shop does not send there.
pub(crate) fn country_name(code: &str) -> &str {
    let known = COUNTRIES.iter().find(|(known, _)| *known == code);
    known.map_or(code, |(_, name)| name)
}

/// States of the US, with the capital's district.
const US: &[Province] = &[
    ("AL", "Alabama"),
    ("AK", "Alaska"),
    ("AZ", "Arizona"),
    ("AR", "Arkansas"),
    ("CA", "California"),
    ("CO", "Colorado"),
    ("CT", "Connecticut"),
    ("DE", "Delaware"),
    ("DC", "District of Columbia"),
    ("FL", "Florida"),
    ("GA", "Georgia"),
    ("HI", "Hawaii"),
    ("ID", "Idaho"),
    ("IL", "Illinois"),
    ("IN", "Indiana"),
    ("IA", "Iowa"),
    ("KS", "Kansas"),
    ("KY", "Kentucky"),
    ("LA", "Louisiana"),
    ("ME", "Maine"),
    ("MD", "Maryland"),
    ("MA", "Massachusetts"),
    ("MI", "Michigan"),
    ("MN", "Minnesota"),
    ("MS", "Mississippi"),
    ("MO", "Missouri"),
    ("MT", "Montana"),
    ("NE", "Nebraska"),
    ("NV", "Nevada"),
    ("NH", "New Hampshire"),
    ("NJ", "New Jersey"),
    ("NM", "New Mexico"),
    ("NY", "New York"),
    ("NC", "North Carolina"),
    ("ND", "North Dakota"),
    ("OH", "Ohio"),
    ("OK", "Oklahoma"),
    ("OR", "Oregon"),
    ("PA", "Pennsylvania"),
    ("RI", "Rhode Island"),
    ("SC", "South Carolina"),
    ("SD", "South Dakota"),
    ("TN", "Tennessee"),
    ("TX", "Texas"),
    ("UT", "Utah"),
    ("VT", "Vermont"),
    ("VA", "Virginia"),
    ("WA", "Washington"),
    ("WV", "West Virginia"),
    ("WI", "Wisconsin"),
    ("WY", "Wyoming"),
];

/// Provinces and territories of Canada.
const CA: &[Province] = &[
    ("AB", "Alberta"),
    ("BC", "British Columbia"),
    ("MB", "Manitoba"),
    ("NB", "New Brunswick"),
    ("NL", "Newfoundland and Labrador"),
    ("NT", "Northwest Territories"),
    ("NS", "Nova Scotia"),
    ("NU", "Nunavut"),
    ("ON", "Ontario"),
    ("PE", "Prince Edward Island"),
    ("QC", "Quebec"),
    ("SK", "Saskatchewan"),
    ("YT", "Yukon"),
];

/// States and territories of Australia.
const AU: &[Province] = &[
    ("ACT", "Australian Capital Territory"),
    ("NSW", "New South Wales"),
    ("NT", "Northern Territory"),
    ("QLD", "Queensland"),
    ("SA", "South Australia"),
    ("TAS", "Tasmania"),
    ("VIC", "Victoria"),
    ("WA", "Western Australia"),
];

/// The provinces of a country whose addresses must name one.
pub(crate) fn provinces(country: &str) -> Option<&'static [Province]> {
    match country {
        "US" => Some(US),
        "CA" => Some(CA),
        "AU" => Some(AU),
        _ => None,
    }
}

/// `old` with the fields of `body` over it, or what is wrong with them, field by field.
pub(crate) fn changed(
    old: &Postal,
    body: &Map<String, Value>,
) -> Result<Postal, Map<String, Value>> {
    let mut postal = old.clone();
    let mut errors = Map::new();
    let fields: [(&str, &mut Option<String>, bool); 10] = [
        ("first_name", &mut postal.first_name, false),
        ("last_name", &mut postal.last_name, false),
        ("company", &mut postal.company, true),
        ("address1", &mut postal.address1, false),
        ("address2", &mut postal.address2, true),
        ("city", &mut postal.city, false),
        ("province", &mut postal.province, true),
        ("zip", &mut postal.zip, true),
        ("country_code", &mut postal.country_code, false),
        ("phone", &mut postal.phone, true),
    ];
    for (name, field, is_nullable) in fields {
        if !body.contains_key(name) {
            continue;
        }
        match text_in(body, name) {
            Err(message) => drop(errors.insert(name.into(), json!([message]))),
            Ok(None) if !is_nullable => {
                drop(errors.insert(name.into(), json!(["Field may not be null."])))
            }
            Ok(Some(text)) if !is_nullable && text.trim().is_empty() => {
                drop(errors.insert(name.into(), json!(["Shorter than minimum length 1."])));
            }
            Ok(text) => *field = text,
        }
    }
    check_region(&postal, &mut errors);
    if errors.is_empty() {
        Ok(postal)
    } else {
        Err(errors)
    }
}

/// Country and province must go together.
fn check_region(postal: &Postal, errors: &mut Map<String, Value>) {
    let country = postal.country_code.as_deref().unwrap_or_default();
    if country.len() != 2 || !country.bytes().all(|b| b.is_ascii_uppercase()) {
        errors
            .entry("country_code")
            .or_insert(json!(["Not a valid country code."]));
        return;
    }
    let Some(known) = provinces(country) else {
        return;
    };
    let province = postal.province.as_deref().unwrap_or_default();
    if !known.iter().any(|(_, name)| *name == province) {
        let message = match province {
            "" => "Province is required for this country.".to_owned(),
            other => format!("{other} is not a valid province for country {country}."),
        };
        errors.entry("province").or_insert(json!([message]));
    }
}
