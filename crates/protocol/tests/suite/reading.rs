//! The browser's reader reads what serde writes, and refuses what serde refuses.

use proptest::prelude::*;
use protocol::*;
use serde_json::{Value, json};

/// Any JSON of the kind that views are made of.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

fn tree(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(value) => Json::Bool(*value),
        Value::Number(number) => Json::Number(number.as_i64().unwrap()),
        Value::String(text) => Json::Text(text.clone()),
        Value::Array(list) => Json::List(list.iter().map(tree).collect()),
        Value::Object(fields) => Json::Object(
            fields
                .iter()
                .map(|(name, value)| (name.clone(), tree(value)))
                .collect(),
        ),
    }
}

proptest! {
    #[test]
    fn what_serde_writes_is_read(value in value()) {
        prop_assert_eq!(Json::parse(&value.to_string()), Some(tree(&value)));
        let spaced = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(Json::parse(&spaced), Some(tree(&value)));
    }

    #[test]
    fn what_is_no_json_is_refused_without_a_panic(text in "[\\[\\]{}\",:0-9a-z\\\\ tué-]{0,24}") {
        if Json::parse(&text).is_some() {
            prop_assert!(serde_json::from_str::<Value>(&text).is_ok(), "{text}");
        }
    }

    #[test]
    fn a_text_that_breaks_off_is_refused(value in value(), at in any::<prop::sample::Index>()) {
        let text = json!([value]).to_string();
        let ends: Vec<usize> = text.char_indices().map(|(end, _)| end).collect();
        prop_assert_eq!(Json::parse(&text[..*at.get(&ends)]), None);
    }
}

#[test]
fn escapes_are_read_as_they_are_meant() {
    let text = r#""\"\\\/\b\f\n\r\tA\u00e9\ud83c\udf75""#;
    let wanted = Json::Text("\"\\/\u{8}\u{c}\n\r\tAé🍵".into());
    assert_eq!(Json::parse(text), Some(wanted));
    for broken in [
        r#""\ud83c""#,
        r#""\udf75""#,
        r#""\x""#,
        "\"\n\"",
        r#""open"#,
    ] {
        assert_eq!(Json::parse(broken), None, "{broken}");
    }
}

#[test]
fn a_text_that_nests_too_deep_is_refused() {
    assert!(Json::parse(&format!("{}{}", "[".repeat(31), "]".repeat(31))).is_some());
    assert!(Json::parse(&"[".repeat(100_000)).is_none());
}

#[test]
fn outcomes_with_every_state_and_undo_are_read() {
    let undo = [
        Intent::SkipDelivery(SkipDelivery {
            address_id: AddressId(7001),
            date: Date::from_days(20_000),
            body: DeliveryItems {
                purchase_item_ids: vec![PurchaseItemId(30_055)],
            },
        }),
        Intent::UpdateAddress(UpdateAddress {
            address_id: AddressId(7001),
            body: AddressForm {
                city: Some("Leeds".into()),
                ..AddressForm::default()
            },
        }),
        Intent::CancelSubscription(CancelSubscription {
            subscription_id: SubscriptionId(30_055),
            body: Cancellation {
                reason: "I am moving".into(),
                reason_id: None,
                comment: None,
            },
        }),
        Intent::ReactivateSubscription(ReactivateSubscription {
            subscription_id: SubscriptionId(30_055),
            body: Nothing {},
        }),
    ];
    let refused = PartState::Refused {
        reason: Refusal::InvalidFields,
        fields: vec![FieldError::new("zip", FieldProblem::Postcode)],
    };
    let states = [
        PartState::Done,
        refused,
        PartState::NotTried,
        PartState::Unknown,
    ];
    for (state, undo) in states.into_iter().zip(undo) {
        let outcome = Outcome {
            parts: vec![Part {
                subject: "Green tea".into(),
                state,
            }],
            stale: vec![Resource::Deliveries],
            settling: true,
            undo: Some(Sendable::from(undo)),
            differences: Vec::new(),
            reference: "0a1b2c".into(),
        };
        let text = serde_json::to_string(&outcome).unwrap();
        assert_eq!(read::<Outcome>(&text), Some(outcome), "{text}");
    }
}

#[test]
fn a_problem_is_read_and_anything_else_is_none() {
    let problem = Problem {
        reference: "0a1b2c".into(),
        retry_after: Some(5),
        ..Problem::not_found()
    };
    let text = serde_json::to_string(&problem).unwrap();
    assert_eq!(read::<Problem>(&text), Some(problem));
    assert_eq!(read::<Problem>("<!doctype html>"), None);
    assert_eq!(read::<Problem>("{}"), None);
    assert_eq!(read::<view::Customer>("[]"), None);
}

#[test]
fn en_5_a_flow_is_read_as_serde_writes_it() {
    use protocol::view::{AfterCompletion, Flow};
    let endings = [
        AfterCompletion::Portal,
        AfterCompletion::Confirmation { message: None },
        AfterCompletion::Confirmation {
            message: Some("See you soon.".to_owned()),
        },
        AfterCompletion::Redirect {
            return_url: "https://shop.example/".to_owned(),
        },
    ];
    for (operation, after_completion) in Operation::ALL.iter().zip(endings.into_iter().cycle()) {
        let flow = Flow {
            id: "ps_1".to_owned(),
            operation: *operation,
            subject: String::new(),
            after_completion,
        };
        let text = serde_json::to_string(&flow).unwrap();
        assert_eq!(protocol::read::<Flow>(&text), Some(flow), "{text}");
    }
}
