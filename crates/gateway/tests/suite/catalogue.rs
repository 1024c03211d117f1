//! What is on offer: eligible products and plans only, read once for everybody.

use std::sync::{Arc, Mutex};

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::{Value, json};

use crate::world::{World, policy};

async fn catalogue(world: &World) -> Catalogue {
    world.read(Query::Catalogue).await
}

fn product<'a>(catalogue: &'a Catalogue, title: &str) -> Option<&'a CatalogueProduct> {
    catalogue
        .products
        .iter()
        .find(|product| product.title == title)
}

/// Changes every row of a list on its way.
fn bend_rows(world: &World, plural: &'static str, bend: impl Fn(&mut Value) + Send + 'static) {
    world.door.bend(move |request, mut response| {
        if request.path == format!("/{plural}") {
            let rows = response
                .body
                .as_mut()
                .and_then(|body| body[plural].as_array_mut());
            rows.into_iter().flatten().for_each(&bend);
        }
        Ok(response)
    });
}

/// Changes the stock of every product on its way.
fn bend_stock(world: &World, bend: impl Fn(&mut Value) + Send + 'static) {
    world.door.bend(move |request, mut response| {
        if request.path == "/product_search" {
            let rows = response.body.as_mut().unwrap()["products"].as_array_mut();
            rows.into_iter().flatten().for_each(&bend);
        }
        Ok(response)
    });
}

#[tokio::test]
async fn su8_the_catalogue_has_prices_and_the_ways_to_buy() {
    let world = World::new(Scenario::Everyday);
    let catalogue = catalogue(&world).await;
    let espresso = product(&catalogue, "House Espresso").unwrap();
    let kilo = catalogue.variant("43120003").unwrap().1;
    assert_eq!(kilo.price, Money::parse("49.00", Currency::USD).unwrap());
    assert_eq!(kilo.stock, Stock::Available);
    assert!(espresso.image.is_some());
    let titles: Vec<&str> = espresso
        .plans_of(kilo, &PlanKind::Subscription)
        .map(|plan| plan.title.as_str())
        .collect();
    assert_eq!(titles[..2], ["Every 2 weeks", "Every 4 weeks"]);
    assert!(espresso.sells_once(kilo));

    let mug = product(&catalogue, "Travel Mug").unwrap();
    assert_eq!(
        mug.plans_of(&mug.variants[0], &PlanKind::Subscription)
            .count(),
        0
    );
    assert!(mug.sells_once(&mug.variants[0]));
}

#[tokio::test]
async fn a_product_names_its_collections_and_is_offered_without_them() {
    let world = World::new(Scenario::Everyday);
    let shown = catalogue(&world).await;
    let collections = |title| &product(&shown, title).unwrap().collections;
    assert_eq!(*collections("Masala Chai"), ["Tea"]);
    assert_eq!(*collections("House Espresso"), ["Coffee"]);
    assert!(collections("Travel Mug").is_empty());

    let world = World::new(Scenario::Everyday);
    world.door.bend(|request, mut response| {
        if request.path == "/collection_products" {
            response.status = 403;
            response.body = None;
        }
        Ok(response)
    });
    let shown = catalogue(&world).await;
    assert!(
        product(&shown, "Masala Chai")
            .unwrap()
            .collections
            .is_empty()
    );
}

#[tokio::test]
async fn plans_that_are_withdrawn_or_hidden_are_not_offered() {
    let world = World::new(Scenario::Everyday);
    bend_rows(&world, "plans", |plan| match plan["title"].as_str() {
        Some("Every 2 weeks") => plan["deleted_at"] = json!("2026-01-01T00:00:00+00:00"),
        Some("Just this once") => {
            plan["channel_settings"]["customer_portal"]["display"] = json!(false)
        }
        _ => {}
    });
    let catalogue = catalogue(&world).await;
    assert!(
        product(&catalogue, "Travel Mug").is_none(),
        "there is no other way to buy it"
    );
    let espresso = product(&catalogue, "House Espresso").unwrap();
    assert!(!espresso.sells_once(&espresso.variants[0]));
    assert!(
        espresso
            .plans
            .iter()
            .all(|plan| plan.title != "Every 2 weeks")
    );
}

#[tokio::test]
async fn a_plan_for_some_variants_is_for_no_other_and_takes_its_discount_off() {
    let world = World::new(Scenario::Everyday);
    bend_rows(&world, "plans", |plan| {
        if plan["title"] == "Every 2 weeks" {
            plan["has_variant_restrictions"] = json!(true);
            plan["external_variant_ids"] = json!(["43120003"]);
            plan["discount_amount"] = json!("12.5");
            plan["discount_type"] = json!("percentage");
        }
    });
    let catalogue = catalogue(&world).await;
    let (espresso, kilo) = catalogue.variant("43120003").unwrap();
    let plan = espresso
        .plans_of(kilo, &PlanKind::Subscription)
        .next()
        .unwrap();
    assert_eq!(
        plan.price_of(kilo),
        Money::parse("42.87", Currency::USD).unwrap()
    );
    let bag = catalogue.variant("43120002").unwrap().1;
    assert!(!plan.is_for(bag));
}

#[tokio::test]
async fn su20_what_is_out_of_stock_waits_or_is_sold_out_as_the_merchant_has_it() {
    let out = json!({"level": 0, "policy": "deny", "tracking": "shopify"});
    for (zero_inventory_purchase, expected) in [(false, Stock::SoldOut), (true, Stock::Waits)] {
        let world = World::with(
            Scenario::Everyday,
            gateway::Policy {
                zero_inventory_purchase,
                ..policy()
            },
        );
        let out = out.clone();
        bend_stock(&world, move |product| {
            product["variants"][0]["inventory"] = out.clone();
        });
        let catalogue = catalogue(&world).await;
        assert_eq!(catalogue.products[0].variants[0].stock, expected);
    }
}

#[tokio::test]
async fn the_catalogue_is_read_once_for_all_customers() {
    let world = World::new(Scenario::TwoCustomers);
    let reads = Arc::new(Mutex::new(0));
    let counted = Arc::clone(&reads);
    world.door.bend(move |request, response| {
        *counted.lock().unwrap() += usize::from(request.path == "/products");
        Ok(response)
    });
    let ids: Vec<u64> = world
        .door
        .upstream
        .store()
        .customers()
        .iter()
        .map(|c| c.id)
        .collect();
    for id in &ids {
        world
            .gateway
            .read(CustomerId(*id), &Query::Catalogue)
            .await
            .unwrap();
    }
    assert_eq!((ids.len() > 1, *reads.lock().unwrap()), (true, 1));
    world.clock.advance(60_000);
    catalogue(&world).await;
    assert_eq!(
        *reads.lock().unwrap(),
        2,
        "a price may have changed by then"
    );
}
