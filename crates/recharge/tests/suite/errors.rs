//! Refusals of upstream, in every shape that has been seen.

use proptest::prelude::*;
use recharge::{ErrorKind, FieldMessage, Response, UpstreamError};
use serde_json::{Value, json};

fn field(path: &str, message: &str) -> FieldMessage {
    FieldMessage {
        path: path.to_owned(),
        message: message.to_owned(),
    }
}

fn parse(status: u16, body: Value) -> UpstreamError {
    UpstreamError::parse(status, Some(&body))
}

#[test]
fn an_error_in_a_word() {
    let error = parse(401, json!({ "error": "bad authentication" }));
    assert_eq!(
        (error.messages, error.fields),
        (vec!["bad authentication".to_owned()], vec![])
    );
}

#[test]
fn errors_as_one_text() {
    let error = parse(404, json!({ "errors": "Not Found" }));
    assert_eq!(
        (error.messages.as_slice(), error.kind()),
        (&["Not Found".to_owned()][..], ErrorKind::NotFound)
    );
}

#[test]
fn errors_by_field_as_lists_and_as_text() {
    let error = parse(
        422,
        json!({ "errors": { "date": ["too soon", "too soon", "not a workday"], "email": "taken" } }),
    );
    let expected = [
        field("date", "too soon"),
        field("date", "not a workday"),
        field("email", "taken"),
    ];
    assert_eq!(error.fields, expected);
    assert_eq!(error.messages, [""; 0]);
}

#[test]
fn nested_errors_join_their_path_with_dots() {
    let error = parse(
        422,
        json!({ "errors": { "billing_address": { "address1": ["Field may not be null."] } } }),
    );
    assert_eq!(
        error.fields,
        [field("billing_address.address1", "Field may not be null.")]
    );
}

#[test]
fn the_whole_body_is_told_once() {
    let error = parse(
        422,
        json!({ "errors": { "_schema": ["Too old.", "Too old."], "a": { "_schema": "Odd." } } }),
    );
    assert_eq!(error.messages, ["Too old."]);
    assert_eq!(error.fields, [field("a", "Odd.")]);
}

#[test]
fn a_body_that_is_not_json_still_has_a_kind() {
    let error = UpstreamError::parse(502, None);
    assert_eq!(
        (error.kind(), error.to_string().as_str()),
        (ErrorKind::Unavailable, "upstream answered 502")
    );
}

#[test]
fn every_status_has_its_kind() {
    let kinds = [
        (200, ErrorKind::Invalid),
        (400, ErrorKind::Invalid),
        (401, ErrorKind::Unauthorised),
        (402, ErrorKind::Invalid),
        (403, ErrorKind::Unauthorised),
        (404, ErrorKind::NotFound),
        (406, ErrorKind::Rejected),
        (409, ErrorKind::Conflict),
        (415, ErrorKind::Rejected),
        (422, ErrorKind::Invalid),
        (426, ErrorKind::Rejected),
        (429, ErrorKind::RateLimited),
        (500, ErrorKind::Unavailable),
        (504, ErrorKind::Unavailable),
    ];
    for (status, kind) in kinds {
        assert_eq!(UpstreamError::parse(status, None).kind(), kind, "{status}");
    }
}

#[test]
fn the_wait_is_kept() {
    let response = Response {
        status: 429,
        body: None,
        retry_after_ms: Some(1_500),
    };
    assert_eq!(UpstreamError::of(&response).retry_after_ms, Some(1_500));
}

#[test]
fn an_error_is_told_in_one_line() {
    let error = parse(
        422,
        json!({ "errors": { "_schema": "No.", "date": ["too soon"] } }),
    );
    assert_eq!(
        error.to_string(),
        "upstream answered 422: No.; date: too soon"
    );
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        let key = prop_oneof![
            Just("_schema".to_owned()),
            Just("errors".to_owned()),
            "[a-z.]{0,6}"
        ];
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map(key, inner, 0..5)
                .prop_map(|fields| Value::Object(fields.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn no_body_upsets_the_parser(status: u16, errors in any_json(), bare: bool) {
        let body = if bare { errors } else { json!({ "errors": errors }) };
        let error = parse(status, body);
        error.kind();
        let mut messages = error.messages.clone();
        messages.sort();
        messages.dedup();
        prop_assert_eq!(messages.len(), error.messages.len());
        prop_assert!(error.to_string().contains(&status.to_string()));
    }
}

#[test]
fn an_empty_place_for_errors_is_no_error() {
    for nothing in [
        json!({}),
        json!([]),
        json!(""),
        json!(" "),
        json!(null),
        json!(false),
    ] {
        for key in ["error", "errors"] {
            let body = json!({ key: nothing, "customer": { "id": 1 } });
            assert!(!UpstreamError::is_in(&body), "{body}");
        }
    }
    for something in [
        json!("no"),
        json!({ "a": ["no"] }),
        json!({ "a": "no" }),
        json!(["no"]),
    ] {
        assert!(
            UpstreamError::is_in(&json!({ "errors": something })),
            "{something}"
        );
    }
}

#[test]
fn what_strict_json_refuses_costs_the_value_that_it_is_in() {
    let cases: [(&[u8], Value); 8] = [
        (
            b"{\"a\": \"x\\ud800y\", \"b\": 1}",
            json!({ "a": "x\u{fffd}y", "b": 1 }),
        ),
        (
            b"{\"a\": \"\\udc00\", \"b\": 1}",
            json!({ "a": "\u{fffd}", "b": 1 }),
        ),
        (
            b"{\"a\": \"\\ud83d\\ude00\\ud83d\", \"b\": NaN}",
            json!({ "a": "\u{1f600}\u{fffd}", "b": null }),
        ),
        (b"\xef\xbb\xbf{\"b\": 1}", json!({ "b": 1 })),
        (
            b"{\"a\": -Infinity, \"b\": Infinity, \"c\": \"NaN\"}",
            json!({ "a": null, "b": null, "c": "NaN" }),
        ),
        (
            b"{\"a\": \"\xff\", \"b\": 1}",
            json!({ "a": "\u{fffd}", "b": 1 }),
        ),
        (
            b"{\"a\": \"one\ntwo\", \"b\": 1}",
            json!({ "a": "one two", "b": 1 }),
        ),
        (
            b"{\"a\": \"\\\\ud800 \\\" NaN\", \"b\": NaN}",
            json!({ "a": "\\ud800 \" NaN", "b": null }),
        ),
    ];
    for (body, value) in cases {
        assert_eq!(
            recharge::read_body(body),
            Some(value),
            "{}",
            String::from_utf8_lossy(body)
        );
    }
    for body in [&b"<html>NaN</html>"[..], b"", b"{", b"\"\\u12"] {
        assert_eq!(recharge::read_body(body), None);
    }
}
