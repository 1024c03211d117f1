//! What a postal address may say.

use serde_json::{Map, Value, json};

use crate::incoming::text_in;
use crate::rows::Postal;

/// States of the US, with the capital's district.
const US: &[&str] = &[
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "District of Columbia",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
];

/// Provinces and territories of Canada.
const CA: &[&str] = &[
    "Alberta",
    "British Columbia",
    "Manitoba",
    "New Brunswick",
    "Newfoundland and Labrador",
    "Northwest Territories",
    "Nova Scotia",
    "Nunavut",
    "Ontario",
    "Prince Edward Island",
    "Quebec",
    "Saskatchewan",
    "Yukon",
];

/// States and territories of Australia.
const AU: &[&str] = &[
    "Australian Capital Territory",
    "New South Wales",
    "Northern Territory",
    "Queensland",
    "South Australia",
    "Tasmania",
    "Victoria",
    "Western Australia",
];

/// The provinces of a country whose addresses must name one.
fn provinces(country: &str) -> Option<&'static [&'static str]> {
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
    if !known.contains(&province) {
        let message = match province {
            "" => "Province is required for this country.".to_owned(),
            other => format!("{other} is not a valid province for country {country}."),
        };
        errors.entry("province").or_insert(json!([message]));
    }
}
