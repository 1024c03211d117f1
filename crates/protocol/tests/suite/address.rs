//! Address forms by country.

use proptest::collection::vec;
use proptest::prelude::*;
use protocol::*;

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

/// The countries with a shape of postcodes of their own.
const KNOWN: [&str; 12] = [
    "US", "CA", "AU", "GB", "IE", "DE", "AT", "CH", "FR", "NL", "SE", "JP",
];

/// A postcode as people type it: however its parts are set apart, in any case and any width.
fn ways_of_typing(postcode: &str) -> Vec<String> {
    let with = |gap: &str| postcode.replace([' ', '-'], gap);
    let wide = |text: &str| -> String {
        let wide = |c: char| match c {
            '!'..='~' => char::from_u32(u32::from(c) + 0xfee0).unwrap(),
            c => c,
        };
        text.chars().map(wide).collect()
    };
    let mut ways: Vec<String> = [
        "", " ", "  ", "-", "\u{a0}", "\u{2009}", "\u{2011}", "–", "—", "−",
    ]
    .map(with)
    .into();
    ways.push(wide(postcode));
    ways.push(wide(&with("")));
    ways.push(format!("\u{a0} {postcode}\t"));
    let low: Vec<String> = ways.iter().map(|text| text.to_lowercase()).collect();
    ways.into_iter().chain(low).collect()
}

/// Every shape of a country's postcodes, filled.
fn postcodes(code: &str) -> Vec<String> {
    let fill = |shape: &&str| {
        let fill = |(at, want): (usize, char)| match want {
            '9' => char::from_digit(u32::try_from(at).unwrap() % 10, 10).unwrap(),
            'A' => char::from(b'A' + u8::try_from(at).unwrap()),
            parting => parting,
        };
        shape.chars().enumerate().map(fill).collect()
    };
    rules_for(code).postcodes.iter().map(fill).collect()
}

#[test]
fn a_postcode_is_taken_however_it_is_typed_and_kept_as_its_country_writes_it() {
    for code in KNOWN {
        let rules = rules_for(code);
        for postcode in postcodes(code).iter().chain([&rules.example.to_owned()]) {
            for typed in ways_of_typing(postcode) {
                let read = rules.postcode(&typed);
                assert_eq!(read.as_ref(), Some(postcode), "{code} {typed:?}");
            }
        }
        assert_eq!(rules.postcode("!!"), None, "{code}");
    }
    for (code, typed, kept) in [
        ("GB", "SW1A1AA", "SW1A 1AA"),
        ("CA", "K1A-0B1", "K1A 0B1"),
        ("IE", "D02AF30", "D02 AF30"),
        ("JP", "１０００００１", "100-0001"),
        ("US", "941071234", "94107-1234"),
        ("US", "９４１０７", "94107"),
    ] {
        assert_eq!(rules_for(code).postcode(typed).as_deref(), Some(kept));
    }
}

#[test]
fn a_province_goes_by_its_name_or_its_code_in_any_case() {
    let province = |name: &str, code: &str| Province {
        name: name.into(),
        code: code.into(),
    };
    let country = |code: &str, provinces: Vec<Province>| Country {
        code: code.into(),
        provinces,
    };
    let countries = [
        country(
            "US",
            vec![province("California", "CA"), province("New York", "NY")],
        ),
        country("CA", vec![province("Québec", "QC")]),
        country("DE", vec![]),
    ];
    for (code, typed, kept) in [
        ("US", "CA", "California"),
        ("US", " ca ", "California"),
        ("US", "CALIFORNIA", "California"),
        ("US", "new york", "New York"),
        ("CA", "QUÉBEC", "Québec"),
        ("CA", "qc", "Québec"),
        ("US", "Bavaria", "Bavaria"),
        ("DE", "Bayern", "Bayern"),
    ] {
        let address = form(&[("country_code", code), ("province", typed)]);
        assert_eq!(address.normalized(&countries).value("province"), kept);
        let problems = address.problems(&countries);
        let is_refused = problems.iter().any(|one| one.field == "province");
        assert_eq!(is_refused, typed == "Bavaria", "{typed}: {problems:?}");
    }
}

#[test]
fn what_is_not_touched_is_neither_checked_nor_sent_however_odd_it_is() {
    let odd = [
        ("first_name", ""),
        ("last_name", "\u{202e}x"),
        ("address1", ""),
        ("city", " "),
        ("province", "Kaliforniah"),
        ("zip", "not one"),
        ("phone", "1"),
    ];
    for code in KNOWN.into_iter().chain(["", "BR", "XX"]) {
        let mut before = form(&odd);
        before.set("country_code", code.into());
        for field in ["first_name", "company", "address1", "city", "phone"] {
            let mut after = before.clone();
            after.set(field, "Leeds".into());
            assert_eq!(
                after.problems_since(&before, &countries()),
                [],
                "{code} {field}"
            );
            let sent = after.changes_from(&before);
            let others = AddressForm::FIELDS
                .into_iter()
                .filter(|other| *other != field);
            assert!(
                others.clone().all(|other| sent.get(other).is_none()),
                "{sent:?}"
            );
        }
        let mut after = before.clone();
        after.set("address1", "  ".into());
        assert_eq!(
            after.problems_since(&before, &countries()),
            [],
            "still as empty as it was"
        );
    }
    // What is touched is checked, with what depends on it.
    let mut before = brooklyn();
    before.set("province", "Kaliforniah".into());
    let mut after = before.clone();
    after.set("zip", "1".into());
    let problems = after.problems_since(&before, &countries());
    assert_eq!(problems.len(), 1, "{problems:?}");
    after.set("country_code", "DE".into());
    let problems = after.problems_since(&before, &countries());
    assert_eq!(problems[0].field, "zip", "{problems:?}");
}

#[test]
fn the_example_of_every_country_is_a_postcode_of_it() {
    for code in KNOWN {
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
    vec("[ab]{0,2}", AddressForm::FIELDS.len()).prop_map(|values| {
        let mut form = AddressForm::default();
        AddressForm::FIELDS
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
        for field in AddressForm::FIELDS {
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
        for field in AddressForm::FIELDS.into_iter().filter(|field| !["zip", "country_code"].contains(field)) {
            prop_assert_eq!(changes.get(field).is_some(), before.get(field) != after.get(field));
        }
    }
}
