//! Address forms by country.

use proptest::collection::vec;
use proptest::prelude::*;
use protocol::*;

const FIELDS: [&str; 10] = [
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

fn form(fields: &[(&str, &str)]) -> AddressForm {
    let mut form = AddressForm::default();
    fields
        .iter()
        .for_each(|(field, value)| form.set(field, (*value).into()));
    form
}

fn countries() -> Vec<Country> {
    let state = |name: &str| Province {
        name: name.into(),
        code: String::new(),
    };
    vec![
        Country {
            code: "US".into(),
            provinces: vec![state("California"), state("New York")],
        },
        Country {
            code: "DE".into(),
            provinces: vec![],
        },
        Country {
            code: "IE".into(),
            provinces: vec![],
        },
        Country {
            code: "BR".into(),
            provinces: vec![],
        },
    ]
}

fn brooklyn() -> AddressForm {
    form(&[
        ("first_name", "Maya"),
        ("last_name", "Lindqvist"),
        ("address1", "214 Prospect Place"),
        ("city", "Brooklyn"),
        ("province", "New York"),
        ("zip", "11238"),
        ("country_code", "US"),
    ])
}

/// The problems of Brooklyn with some fields changed.
fn problems(changes: &[(&str, &str)]) -> Vec<(String, FieldProblem)> {
    let mut form = brooklyn();
    changes
        .iter()
        .for_each(|(field, value)| form.set(field, (*value).into()));
    form.problems(&countries())
        .into_iter()
        .map(|error| (error.field, error.error))
        .collect()
}

#[test]
fn the_example_of_every_country_is_a_postcode_of_it() {
    for code in [
        "US", "CA", "AU", "GB", "IE", "DE", "AT", "CH", "FR", "NL", "SE", "JP",
    ] {
        let rules = rules_for(code);
        assert!(
            rules.accepts_postcode(rules.example),
            "{code} {}",
            rules.example
        );
        assert!(
            rules.accepts_postcode(&format!(" {} ", rules.example.to_lowercase())),
            "{code}"
        );
        for wrong in ["", "x", "12", "1234567890"] {
            assert!(!rules.accepts_postcode(wrong), "{code} {wrong:?}");
        }
    }
}

#[test]
fn a_country_without_rules_of_its_own_refuses_little() {
    assert!(rules_for("BR").accepts_postcode("20040-020"));
    let changes = [("country_code", "BR"), ("zip", ""), ("province", "")];
    assert_eq!(problems(&changes), []);
}

#[test]
fn a_good_address_has_no_problems() {
    assert_eq!(problems(&[]), []);
    let berlin = [
        ("country_code", "DE"),
        ("zip", "10115"),
        ("city", "Berlin"),
        ("province", ""),
    ];
    assert_eq!(problems(&berlin), []);
    let dublin = [
        ("country_code", "IE"),
        ("zip", ""),
        ("city", "Dublin"),
        ("province", ""),
    ];
    assert_eq!(problems(&dublin), []);
}

#[test]
fn each_field_has_its_own_problem() {
    let one = |field: &str, value: &str| problems(&[(field, value)]);
    let is = |field: &str, problem: FieldProblem| vec![(field.to_owned(), problem)];
    for field in [
        "first_name",
        "last_name",
        "address1",
        "city",
        "province",
        "zip",
    ] {
        assert_eq!(
            one(field, "  "),
            is(field, FieldProblem::Required),
            "{field}"
        );
    }
    assert_eq!(one("company", ""), []);
    assert_eq!(
        one("phone", &"1".repeat(256)),
        is("phone", FieldProblem::TooLong)
    );
    assert_eq!(one("first_name", &"é".repeat(255)), []);
    assert_eq!(one("zip", "1123"), is("zip", FieldProblem::Postcode));
    assert_eq!(
        one("province", "Bavaria"),
        is("province", FieldProblem::Province)
    );
    assert_eq!(
        one("country_code", "AQ").last().unwrap().1,
        FieldProblem::Country
    );
}

fn any_form() -> impl Strategy<Value = AddressForm> {
    vec("[ab]{0,2}", FIELDS.len()).prop_map(|values| {
        let mut form = AddressForm::default();
        FIELDS
            .iter()
            .zip(values)
            .for_each(|(field, value)| form.set(field, value));
        form
    })
}

proptest! {
    #[test]
    fn the_changes_are_enough_to_get_from_before_to_after(before in any_form(), after in any_form()) {
        let changes = after.changes_from(&before);
        let mut applied = before.clone();
        for field in FIELDS {
            if let Some(value) = changes.get(field) {
                applied.set(field, value.to_owned());
            }
        }
        prop_assert_eq!(&applied, &after);
        prop_assert_eq!(changes.is_empty(), before == after);
        // Upstream takes a country and its postcode as a pair only.
        prop_assert_eq!(changes.zip.is_some(), changes.country_code.is_some());
    }

    #[test]
    fn what_did_not_change_is_not_sent(before in any_form(), after in any_form()) {
        let changes = after.changes_from(&before);
        for field in FIELDS.into_iter().filter(|field| !["zip", "country_code"].contains(field)) {
            prop_assert_eq!(changes.get(field).is_some(), before.get(field) != after.get(field));
        }
    }
}
