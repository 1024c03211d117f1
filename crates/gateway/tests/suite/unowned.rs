//! What upstream names no owner of, or another one.

use protocol::Query;
use protocol::view::Orders;
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::upstream_reads::change_body;
use crate::world::World;

#[tokio::test]
async fn s12_what_names_no_owner_is_shown_only_where_it_was_asked_for_by_owner() {
    let world = World::new(Scenario::Dunning);
    let before: Orders = world.read(Query::Orders { cursor: None }).await;
    world.door.bend(|_, mut response| {
        if let Some(body) = &mut response.body {
            without_owner(body);
        }
        Ok(response)
    });
    let gateway = world.restarted();
    let read = async |query: Query| gateway.read(world.customer, &query).await;
    let json = read(Query::Orders { cursor: None }).await.unwrap();
    let orders: Orders = serde_json::from_str(&json).unwrap();
    assert_eq!(orders, before, "orders and failed payments stay");
    for order in &orders.orders {
        assert!(read(Query::Order(order.id)).await.is_ok(), "{order:?}");
    }
    // Another customer's order is not on the list that is asked for by owner.
    let stranger = world.beside("GET", "/orders?limit=250", None);
    let theirs = |order: &&Value| order["customer"]["id"] != json!(world.customer.0);
    if let Some(order) = stranger["orders"].as_array().unwrap().iter().find(theirs) {
        let id = protocol::OrderId(order["id"].as_u64().unwrap());
        assert!(read(Query::Order(id)).await.is_err());
    }
    // A cursor comes from the browser, and may lead into anybody's list.
    let cursor = Some("e30".to_owned());
    let page = world.beside("GET", "/orders?limit=2", None);
    world.door.bend(move |request, mut response| {
        if request.query.iter().any(|(name, _)| *name == "cursor") {
            let mut body = page.clone();
            without_owner(&mut body);
            response.status = 200;
            response.body = Some(body);
        }
        Ok(response)
    });
    let json = read(Query::Orders { cursor }).await.unwrap();
    let foreign: Orders = serde_json::from_str(&json).unwrap();
    assert!(foreign.orders.is_empty() && foreign.cut);
}

#[tokio::test]
async fn s12_a_list_that_ignored_the_owner_shows_nothing_without_one() {
    let world = World::new(Scenario::TwoCustomers);
    let all = world.beside("GET", "/charges?limit=250", None);
    change_body(&world, "/charges", move |_, body| {
        *body = all.clone();
        for charge in body["charges"].as_array_mut().unwrap() {
            charge["status"] = json!("error");
        }
        // The first names no owner, the others do.
        without_owner(&mut body["charges"][0]);
    });
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let all = world.beside("GET", "/charges?limit=250", None);
    let own = |charge: &&Value| charge["customer"]["id"] == json!(world.customer.0);
    let own = all["charges"].as_array().unwrap()[1..].iter().filter(own);
    assert_eq!(orders.charges.len(), own.count());
}

/// Takes out of an answer whose things are.
fn without_owner(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            if let Some(customer) = fields.get_mut("customer")
                && customer.get("addresses").is_none()
                && !fields.contains_key("deliveries")
                && fields.contains_key("line_items")
            {
                fields.insert("customer".into(), Value::Null);
            }
            fields.values_mut().for_each(without_owner);
        }
        Value::Array(items) => items.iter_mut().for_each(without_owner),
        _ => {}
    }
}

#[tokio::test]
async fn a_metafield_of_somebody_else_is_never_written() {
    let text = recharge::MetafieldText {
        namespace: "portal".into(),
        key: "note".into(),
        value: "new".into(),
    };
    for foreign in [
        json!({"owner_id": 4_711, "owner_resource": "customer"}),
        json!({"owner_id": 0, "owner_resource": "subscription"}),
    ] {
        let world = World::new(Scenario::Everyday);
        let owner = world.customer;
        change_body(&world, "/metafields", move |request, body| {
            if request.method.is_read() {
                let mut row =
                    json!({"id": 99, "namespace": "portal", "key": "note", "value": "old"});
                row["owner_id"] = foreign["owner_id"].clone();
                if foreign["owner_resource"] == "subscription" {
                    row["owner_id"] = json!(owner.0);
                }
                row["owner_resource"] = foreign["owner_resource"].clone();
                *body = json!({"metafields": [row]});
            }
        });
        world
            .gateway
            .set_metafield(world.customer, &text)
            .await
            .unwrap();
        assert_eq!(world.effects(), ["POST /metafields"]);
    }
}
