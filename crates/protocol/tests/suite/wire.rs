//! Requests: what is written is what is read, and nothing else is read.

use proptest::collection::vec;
use proptest::prelude::*;
use protocol::*;
use serde_json::{Value, json};

use crate::requests::{intent, query, samples};

/// Path and unescaped parameters, as a server has them.
fn split(url: &str) -> (&str, Vec<(String, String)>) {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.to_owned())
    };
    (path, pairs.map(pair).collect())
}

proptest! {
    #[test]
    fn an_intent_is_read_as_it_was_written(intent in intent()) {
        prop_assert_eq!(intent.request().intent(), Ok(intent.clone()));
        let json = serde_json::to_string(&intent).unwrap();
        let kept: Intent = serde_json::from_str(&json).unwrap();
        prop_assert_eq!(serde_json::to_string(&kept).unwrap(), json);
        prop_assert!(intent.secret().is_some() || kept == intent);
    }

    #[test]
    fn a_query_is_read_as_it_was_written(query in query()) {
        let url = query.path();
        let (path, parameters) = split(&url);
        prop_assert_eq!(Query::read(path, &parameters), Ok(query));
    }

    #[test]
    fn no_path_and_no_body_makes_reading_panic(path in ".{0,60}", body in vec(any::<u8>(), 0..60)) {
        for method in ["POST", "PUT", "GET", "DELETE", ""] {
            let _ = Intent::read(method, &path, &body);
        }
        let _ = Query::read(&path, &[]);
    }
}

#[test]
fn s47_a_secret_is_in_its_request_and_nowhere_else() {
    let mut seen = 0;
    for intent in samples() {
        let Some(field) = intent.operation().secret() else {
            continue;
        };
        let mut body: Value = serde_json::from_str(&intent.request().body).unwrap();
        body[field] = json!("the-marker");
        let (method, _) = intent.operation().route();
        let body = body.to_string();
        let intent = Intent::read(method, &intent.path(), body.as_bytes()).unwrap();
        assert!(intent.request().body.contains("the-marker"));
        let sendable = Sendable::from(&intent);
        let kept = serde_json::to_string(&(&intent, &sendable)).unwrap();
        let printed = format!("{intent:?} {sendable:?} {:?}", intent.request());
        assert!(!kept.contains("the-marker"), "{kept}");
        assert!(!printed.contains("the-marker"), "{printed}");
        seen += 1;
    }
    assert!(seen > 2, "only {seen} operations have a secret");
}

/// A list that is generated names something, but a card need not pay for anything yet.
#[test]
fn a_card_may_pay_for_no_address() {
    let body = json!({"token": "t", "address_ids": [], "retry_charges": false}).to_string();
    assert!(Intent::read("POST", "/payment_methods", body.as_bytes()).is_ok());
}

/// What is generated has all there is to name, each where its place says.
#[test]
fn each_named_id_of_an_operation_is_in_its_place() {
    for operation in Operation::ALL {
        let intent = serde_json::to_value(operation.intent(&[])).unwrap();
        for id in operation.named_ids() {
            let found = intent.pointer(&id.pointer);
            assert!(found.is_some_and(Value::is_u64), "{id:?} in {intent}");
        }
    }
}

#[test]
fn every_route_of_a_query_is_read_as_one() {
    for route in Query::ROUTES {
        let query = Query::read(&route.replace("{id}", "1"), &[]);
        assert_eq!(query.map(|query| query.route()), Ok(*route));
    }
}

#[test]
fn s13_fields_that_an_operation_does_not_take_are_refused() {
    for intent in samples() {
        let (method, _) = intent.operation().route();
        for field in [
            "customer_id",
            "price",
            "status",
            "payment_method_id",
            "charge_id",
            "hash",
        ] {
            let mut body: Value = serde_json::from_str(&intent.request().body).unwrap();
            if body.get(field).is_some() {
                continue;
            }
            body[field] = json!(1);
            let read = Intent::read(method, &intent.path(), body.to_string().as_bytes());
            assert!(
                matches!(read, Err(BadRequest::Body(_))),
                "{field} in {intent:?}"
            );
        }
    }
}

/// A route with this in place of each id.
fn with_ids(route: &str, id: &str) -> String {
    let part = |part: &str| {
        if part.starts_with('{') {
            id.to_owned()
        } else {
            part.to_owned()
        }
    };
    route.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn s16_an_id_is_digits_and_nothing_else() {
    let odd = [
        "",
        "..",
        ".",
        "-1",
        "+1",
        "1.0",
        "0x1",
        "1%2f2",
        "%2e%2e",
        "1?a=b",
        "1#",
        " 1",
        "١",
        "18446744073709551616",
        "1\\2",
    ];
    for intent in samples() {
        let (method, route) = intent.operation().route();
        let ids = odd.iter().filter(|_| route.contains("_id}"));
        for id in ids {
            let path = with_ids(&route.replace("{date}", "2026-12-01"), id);
            let read = Intent::read(method, &path, intent.body().as_bytes());
            assert_eq!(read, Err(BadRequest::NoRoute), "{path}");
        }
        for date in ["2026-02-30", "2026-2-3", "..", "20261201"]
            .iter()
            .filter(|_| route.contains("{date}"))
        {
            let path = with_ids(&route.replace("{date}", date), "1");
            let read = Intent::read(method, &path, intent.body().as_bytes());
            assert_eq!(read, Err(BadRequest::NoRoute), "{path}");
        }
    }
    for id in odd {
        assert!(Query::read(&format!("/orders/{id}"), &[]).is_err(), "{id}");
        assert!(
            Query::read(&format!("/subscriptions/{id}"), &[]).is_err(),
            "{id}"
        );
    }
}

#[test]
fn a_known_route_with_another_method_says_so() {
    for intent in samples() {
        let deletes = |route: (&str, &str)| route == ("DELETE", intent.operation().route().1);
        let is_deletable = Operation::ALL.iter().any(|other| deletes(other.route()));
        for method in ["GET", "DELETE", "PATCH", "post"] {
            if method == "DELETE" && is_deletable {
                continue;
            }
            let read = Intent::read(method, &intent.path(), b"{}");
            assert_eq!(read, Err(BadRequest::Method), "{method} {}", intent.path());
        }
    }
}

#[test]
fn s16_unknown_and_repeated_parameters_are_refused() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let refused = [
        ("/orders", vec![pair("cursor", "a"), pair("cursor", "b")]),
        ("/orders", vec![pair("customer_id", "1")]),
        ("/orders", vec![pair("cursor", "a b")]),
        ("/orders", vec![pair("cursor", &"a".repeat(1025))]),
        ("/overview", vec![pair("cursor", "a")]),
        ("/changes", vec![pair("before", "-1")]),
        ("/changes", vec![pair("before", "1"), pair("before", "2")]),
        ("/changes", vec![pair("customer", "1")]),
    ];
    for (path, parameters) in refused {
        let read = Query::read(path, &parameters);
        assert!(
            matches!(read, Err(BadRequest::Body(_))),
            "{path} {parameters:?}"
        );
    }
}

#[test]
fn no_two_operations_share_a_route() {
    let mut routes: Vec<_> = Operation::ALL
        .iter()
        .map(|operation| operation.route())
        .collect();
    routes.sort_unstable();
    routes.dedup();
    assert_eq!(routes.len(), Operation::ALL.len());
}

#[test]
fn a_problem_has_the_status_of_its_kind_and_reads_back() {
    let problem = Problem::new(ProblemKind::StillChecking, "Wait.");
    assert_eq!(problem.status, 409);
    let json = serde_json::to_value(&problem).unwrap();
    assert_eq!(json["type"], "still_checking");
    assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    let of_tomorrow: Problem =
        serde_json::from_value(json!({"type": "of_tomorrow", "status": 418, "title": "?"}))
            .unwrap();
    assert_eq!(of_tomorrow.kind, ProblemKind::Other("of_tomorrow".into()));
}

proptest! {
    #[test]
    fn a_request_tells_its_operation_and_the_ids_in_its_path(intent in intent()) {
        let name = serde_json::to_value(intent.operation()).unwrap();
        let request = Sendable::from(&intent);
        let (operation, ids) = request.operation().unwrap();
        prop_assert_eq!(operation, name.as_str().unwrap());
        let placeholders = intent.operation().route().1.matches('{').count();
        prop_assert_eq!(ids.len(), placeholders);
        prop_assert!(ids.iter().all(|id| request.path.contains(id.as_str())));
    }
}
