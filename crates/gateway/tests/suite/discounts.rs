//! Discount codes: what may be used is used, and what may not says why.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;
use serde_json::Value as Json;

use crate::samples::{refusal, sample, schedule};
use crate::world::World;

async fn next(world: &World) -> Delivery {
    let Intent::ApplyDeliveryDiscount(ApplyDeliveryDiscount {
        address_id, date, ..
    }) = sample(world, Operation::ApplyDeliveryDiscount).await
    else {
        unreachable!()
    };
    let key = DeliveryKey { address_id, date };
    let all = schedule(world).await.deliveries;
    all.into_iter()
        .find(|delivery| delivery.key == key)
        .unwrap()
}

/// The same wishes with another code: on the address, and on the delivery.
async fn with_code(world: &World, code: &str) -> [Intent; 2] {
    let body = DiscountCode { code: code.into() };
    let DeliveryKey { address_id, date } = next(world).await.key;
    [
        Intent::ApplyDiscount(ApplyDiscount {
            address_id,
            body: body.clone(),
        }),
        Intent::ApplyDeliveryDiscount(ApplyDeliveryDiscount {
            address_id,
            date,
            body,
        }),
    ]
}

async fn told(world: &World, key: u32, intent: Intent) -> FieldProblem {
    let (reason, fields) = refusal(world.change(key, intent.clone()).await.unwrap());
    assert_eq!(reason, Refusal::InvalidFields, "{intent:?}");
    let [(field, problem)] = &fields[..] else {
        panic!("{fields:?}")
    };
    assert_eq!(field, "code");
    problem.clone()
}

#[tokio::test]
async fn su14_a_code_lowers_the_price_and_taking_it_off_restores_it() {
    let world = World::new(Scenario::Everyday);
    for (key, intent, on_address) in [
        (1, sample(&world, Operation::ApplyDiscount).await, true),
        (
            3,
            sample(&world, Operation::ApplyDeliveryDiscount).await,
            false,
        ),
    ] {
        let before = next(&world).await;
        let delivery_now = || async {
            let all = schedule(&world).await.deliveries;
            all.into_iter().find(|d| d.key == before.key).unwrap()
        };
        let preview = world
            .gateway
            .preview(world.customer, &intent)
            .await
            .unwrap();
        assert!(
            preview
                .lines
                .iter()
                .any(|line| line.topic == Topic::Discount),
            "{preview:?}"
        );
        let outcome = world.change(key, intent).await.unwrap();
        assert!(outcome.is_done(), "{outcome:?}");
        let with = delivery_now().await;
        assert!(with.totals.unwrap().total < before.totals.unwrap().total);
        assert_eq!(with.discounts.len(), 1);
        assert_eq!(with.discounts[0].on_address, on_address);
        let undone = world
            .change(key + 1, outcome.undo.unwrap().intent().unwrap())
            .await
            .unwrap();
        assert!(undone.is_done(), "{undone:?}");
        let after = delivery_now().await;
        assert_eq!((after.totals, after.discounts), (before.totals, vec![]));
    }
}

#[tokio::test]
async fn su14_a_code_that_cannot_be_used_says_why_and_nothing_changes() {
    let cases = [
        ("", FieldProblem::Required),
        ("NO-SUCH-CODE", FieldProblem::DiscountUnknown),
        ("staffonly", FieldProblem::DiscountBlocked),
        ("DISABLED", FieldProblem::DiscountDisabled),
        ("EXPIRED", FieldProblem::DiscountExpired),
        ("USED", FieldProblem::DiscountUsedUp),
        ("FIRST25", FieldProblem::DiscountNewCustomers),
    ];
    let world = World::new(Scenario::Everyday);
    let mut key = 0;
    for (code, expected) in cases {
        for intent in with_code(&world, code).await {
            key += 1;
            assert_eq!(told(&world, key, intent).await, expected, "{code}");
        }
    }
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn su14_a_code_for_larger_orders_or_for_later_is_refused() {
    for (field, value, expected) in [
        (
            "prerequisite_subtotal_min",
            "9999.00",
            FieldProblem::DiscountMinimum,
        ),
        (
            "starts_at",
            "2099-01-01T00:00:00+00:00",
            FieldProblem::DiscountNotYet,
        ),
        (
            "ends_at",
            "2020-01-01T00:00:00+00:00",
            FieldProblem::DiscountExpired,
        ),
    ] {
        let world = World::new(Scenario::Everyday);
        let intents = with_code(&world, "FINCH10").await;
        world.door.bend(move |request, mut response| {
            if request.path == "/discounts" {
                response.body.as_mut().unwrap()["discounts"][0][field] = Json::from(value);
            }
            Ok(response)
        });
        for (key, intent) in (1..).zip(intents) {
            assert_eq!(told(&world, key, intent).await, expected);
        }
        assert!(world.effects().is_empty());
    }
}

#[tokio::test]
async fn su14_a_second_code_is_refused_wherever_the_first_one_is() {
    let world = World::new(Scenario::Everyday);
    for first in [
        sample(&world, Operation::ApplyDiscount).await,
        sample(&world, Operation::ApplyDeliveryDiscount).await,
    ] {
        let world = World::new(Scenario::Everyday);
        assert!(world.change(1, first).await.unwrap().is_done());
        let intents = {
            let fresh = World::new(Scenario::Everyday);
            with_code(&fresh, "THREE15").await
        };
        for (key, intent) in (2..).zip(intents) {
            assert_eq!(
                told(&world, key, intent).await,
                FieldProblem::DiscountNotCombinable
            );
        }
        assert_eq!(world.effects().len(), 1);
    }
}

#[tokio::test]
async fn su14_a_delivery_that_is_only_forecast_takes_no_code_yet() {
    let world = World::new(Scenario::Everyday);
    let address_id = next(&world).await.key.address_id;
    let all = schedule(&world).await.deliveries;
    let charged: Vec<Date> = {
        let page = world.beside(
            "GET",
            &format!("/charges?address_id={address_id}&status=queued"),
            None,
        );
        let charges = page["charges"].as_array().unwrap().clone();
        charges
            .iter()
            .map(|c| c["scheduled_at"].as_str().unwrap().parse().unwrap())
            .collect()
    };
    let forecast = all.iter().find(|d| {
        d.key.address_id == address_id
            && d.state == DeliveryState::Planned
            && !charged.contains(&d.key.date)
    });
    let intent = Intent::ApplyDeliveryDiscount(ApplyDeliveryDiscount {
        address_id,
        date: forecast.unwrap().key.date,
        body: DiscountCode {
            code: "FINCH10".into(),
        },
    });
    let told = refusal(world.change(1, intent).await.unwrap());
    assert_eq!(told, (Refusal::NotPrepared, vec![]));
    assert!(world.effects().is_empty());
}
