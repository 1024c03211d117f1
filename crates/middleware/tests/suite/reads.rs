//! Reading, and that nothing but a change changes anything.

use protocol::{Operation, Query};
use serde_json::Value;

use crate::support::{Customer, Portal, Scenario};

/// Every read that needs no id.
pub(crate) fn paths() -> impl Iterator<Item = &'static str> {
    let routes = Query::ROUTES.iter().copied();
    routes.filter(|route| !route.contains('{'))
}

/// Every read of a customer, also of each thing that a route with an id can be about.
pub(crate) async fn all_paths(customer: &Customer) -> Vec<String> {
    let mut paths = Vec::new();
    for route in Query::ROUTES {
        let Some((list, _)) = route.split_once("/{id}") else {
            paths.push((*route).to_owned());
            continue;
        };
        let rows = customer.get(list).await.json();
        let rows = rows[&list[1..]].as_array().expect(list);
        paths.extend(rows.iter().map(|row| format!("{list}/{}", row["id"])));
    }
    paths
}

#[tokio::test]
async fn all_sections_are_filled_from_upstream() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    for path in paths() {
        let reply = customer.get(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        assert_eq!(reply.header("content-type"), "application/json");
    }
    let next = &customer.get("/overview").await.json()["next"];
    assert!(
        next["items"]
            .as_array()
            .is_some_and(|items| !items.is_empty())
    );
}

#[tokio::test]
async fn orders_page_to_the_end() {
    let portal = Portal::start(Scenario::Everyday).await;
    let customer = portal.customer().await;
    let mut seen = Vec::new();
    let mut path = "/orders".to_owned();
    loop {
        let page = customer.get(&path).await.json();
        seen.extend(
            page["orders"]
                .as_array()
                .unwrap()
                .iter()
                .map(|order| order["id"].clone()),
        );
        match page["next"].as_str() {
            Some(next) => path = format!("/orders?cursor={next}"),
            None => break,
        }
    }
    let all = portal.upstream.get("/orders?limit=250").await;
    let mut all: Vec<Value> = all["orders"]
        .as_array()
        .unwrap()
        .iter()
        .map(|order| order["id"].clone())
        .collect();
    let by_id = |id: &Value| id.as_u64();
    all.sort_by_key(by_id);
    seen.sort_by_key(by_id);
    assert!(all.len() > 1);
    assert_eq!(seen, all);
}

#[tokio::test]
async fn no_get_head_or_options_changes_anything() {
    let portal = Portal::start(Scenario::TwoCustomers).await;
    let customer = portal.customer().await;
    let subscriptions = portal.upstream.get("/subscriptions").await;
    let id = subscriptions["subscriptions"][0]["id"].to_string();
    let address = subscriptions["subscriptions"][0]["address_id"].to_string();
    let filled = |route: &str| {
        let route = route
            .replace("{address_id}", &address)
            .replace("{date}", "2026-12-01");
        let end = route.find('{').zip(route.find('}'));
        end.map_or(route.clone(), |(start, end)| {
            format!("{}{id}{}", &route[..start], &route[end + 1..])
        })
    };
    let operations = Operation::ALL
        .iter()
        .map(|operation| filled(operation.route().1));
    let below_api = operations.chain(all_paths(&customer).await);
    let others = [
        "/",
        "/portal",
        "/portal/",
        "/portal/sessions",
        "/portal/return",
        "/portal/session/exchange",
        "/manage",
        "/healthz",
        "/readyz",
    ];
    let paths = below_api
        .map(|path| format!("/portal/api{path}"))
        .chain(others.map(str::to_owned));

    let before = portal.upstream.state().await;
    for path in paths {
        for method in ["GET", "HEAD", "OPTIONS"] {
            customer.send(method, &path).await;
        }
    }
    assert_eq!(portal.upstream.writes().await, 0);
    assert_eq!(
        without_clock(portal.upstream.state().await),
        without_clock(before)
    );
}

fn without_clock(mut state: Value) -> Value {
    if let Some(fields) = state.as_object_mut() {
        fields.retain(|name, _| !name.contains("now") && !name.contains("clock"));
    }
    state
}

#[tokio::test]
async fn cf3_the_address_of_a_logo_is_whole_whatever_page_shows_it() {
    let with = |config: String| config + "\n[theme]\nlogo = \"/logo.svg\"\n";
    let portal = Portal::with(Scenario::Everyday, with).await;
    let session = portal.customer().await.get("/session").await.json();
    let whole = format!("{}/logo.svg", portal.origin);
    assert_eq!(session["merchant"]["logo"], whole);
}
