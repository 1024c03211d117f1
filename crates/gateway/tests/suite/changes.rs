//! Editing an address, cancelling, coming back: what was asked for is what upstream then has.

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::samples::{refusal, schedule};
use crate::world::World;

async fn home(world: &World) -> Address {
    let addresses = world.read::<Addresses>(Query::Addresses).await.addresses;
    addresses
        .into_iter()
        .find(|address| address.lines.country_code == "US")
        .unwrap()
}

fn form(fields: &[(&str, &str)]) -> AddressForm {
    let mut form = AddressForm::default();
    fields
        .iter()
        .for_each(|(field, value)| form.set(field, (*value).into()));
    form
}

#[tokio::test]
async fn ad3_editing_one_field_sends_that_field_and_wipes_no_other() {
    let world = World::new(Scenario::Everyday);
    let before = home(&world).await;
    let sent = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let bodies = std::sync::Arc::clone(&sent);
    world.door.bend(move |request, response| {
        bodies.lock().unwrap().extend(request.body.clone());
        Ok(response)
    });
    let body = form(&[("address2", " Apt 5 "), ("city", "Brooklyn")]);
    let outcome = world
        .change(
            1,
            Intent::UpdateAddress(UpdateAddress {
                address_id: before.id,
                body,
            }),
        )
        .await
        .unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(
        *sent.lock().unwrap(),
        [serde_json::json!({"address2": "Apt 5"})]
    );
    let mut expected = before.form.clone();
    expected.set("address2", "Apt 5".into());
    assert_eq!(home(&world).await.form, expected);

    let undone = world
        .change(2, outcome.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    assert!(undone.is_done());
    assert_eq!(home(&world).await.form, before.form);
}

#[tokio::test]
async fn ad6_a_new_postcode_goes_together_with_its_country() {
    let world = World::new(Scenario::Everyday);
    let before = home(&world).await;
    let body = form(&[
        ("country_code", "DE"),
        ("zip", "10115"),
        ("city", "Berlin"),
        ("province", ""),
    ]);
    let outcome = world
        .change(
            1,
            Intent::UpdateAddress(UpdateAddress {
                address_id: before.id,
                body,
            }),
        )
        .await
        .unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let addresses = world.read::<Addresses>(Query::Addresses).await.addresses;
    let moved = addresses
        .iter()
        .find(|address| address.id == before.id)
        .unwrap();
    assert_eq!(moved.lines.lines.last().unwrap(), "10115 Berlin");
}

#[tokio::test]
async fn ad6_an_address_that_its_country_does_not_have_is_refused_by_field() {
    let world = World::new(Scenario::Everyday);
    let address_id = home(&world).await.id;
    let cases = [
        (form(&[("zip", "ABC")]), "zip", FieldProblem::Postcode),
        (form(&[("city", " ")]), "city", FieldProblem::Required),
        (
            form(&[("province", "Bavaria")]),
            "province",
            FieldProblem::Province,
        ),
        (
            form(&[("country_code", "AQ"), ("zip", "")]),
            "country_code",
            FieldProblem::Country,
        ),
        (
            form(&[("company", &"x".repeat(256))]),
            "company",
            FieldProblem::TooLong,
        ),
    ];
    for (at, (body, field, problem)) in (0..).zip(cases) {
        let outcome = world
            .change(
                at,
                Intent::UpdateAddress(UpdateAddress { address_id, body }),
            )
            .await
            .unwrap();
        let (reason, fields) = refusal(outcome);
        assert_eq!(reason, Refusal::InvalidFields, "{field}");
        assert!(
            fields.contains(&(field.into(), problem)),
            "{field}: {fields:?}"
        );
    }
    assert!(world.effects().is_empty());
}

fn cancel(subscription_id: SubscriptionId, reason: &str, comment: &str) -> Intent {
    let body = Cancellation {
        reason: reason.into(),
        reason_id: None,
        comment: Some(comment.into()),
    };
    Intent::CancelSubscription(CancelSubscription {
        subscription_id,
        body,
    })
}

#[tokio::test]
async fn su12_a_cancellation_needs_a_reason_of_a_length_that_upstream_keeps() {
    let world = World::new(Scenario::Everyday);
    let id = world
        .read::<Subscriptions>(Query::Subscriptions)
        .await
        .subscriptions[0]
        .id;
    let cases = [
        (cancel(id, "  ", ""), "reason", FieldProblem::Required),
        (
            cancel(id, &"x".repeat(256), ""),
            "reason",
            FieldProblem::TooLong,
        ),
        (
            cancel(id, "Other", &"x".repeat(501)),
            "comment",
            FieldProblem::TooLong,
        ),
    ];
    for (at, (intent, field, problem)) in (0..).zip(cases) {
        let (reason, fields) = refusal(world.change(at, intent).await.unwrap());
        assert_eq!(
            (reason, fields),
            (Refusal::InvalidFields, vec![(field.into(), problem)])
        );
    }
    assert!(world.effects().is_empty());
    let longest = cancel(id, &"ß".repeat(255), &"ß".repeat(500));
    assert!(world.change(9, longest).await.unwrap().is_done());
}

#[tokio::test]
async fn su12_su13_a_cancelled_subscription_leaves_every_view_and_comes_back_as_it_was() {
    let world = World::new(Scenario::Everyday);
    let before = world
        .read::<Subscriptions>(Query::Subscriptions)
        .await
        .subscriptions;
    let card = &before[0];
    let outcome = world
        .change(1, cancel(card.id, "Too expensive", ""))
        .await
        .unwrap();
    assert!(outcome.is_done());
    let detail: SubscriptionDetail = world.read(Query::Subscription(card.id)).await;
    assert_eq!(detail.card.state, SubscriptionState::Cancelled);
    assert_eq!(detail.cancellation_reason.as_deref(), Some("Too expensive"));
    assert!(detail.next_dates.is_empty());
    let item = PurchaseItemId::from(card.id);
    let comes = |schedule: &DeliverySchedule| {
        schedule
            .deliveries
            .iter()
            .any(|d| d.items.iter().any(|i| i.purchase_item_id == item))
    };
    assert!(!comes(&schedule(&world).await));

    let back = world
        .change(2, outcome.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    assert!(back.is_done());
    assert!(comes(&schedule(&world).await));
    let after = world
        .read::<Subscriptions>(Query::Subscriptions)
        .await
        .subscriptions;
    assert_eq!(after, before);
}

/// Shows a date of the past in place of the one that activating sets.
fn activates_with_a_past_date(world: &World) {
    let mut set_by_activating = None;
    world.door.bend(move |_, mut response| {
        let body = response
            .body
            .as_mut()
            .and_then(|body| body.get_mut("subscription"));
        if let Some(subscription) = body.filter(|subscription| subscription["status"] == "active") {
            let date = &mut subscription["next_charge_scheduled_at"];
            if set_by_activating.get_or_insert(date.clone()) == date {
                *date = serde_json::json!("2026-01-30");
            }
        }
        Ok(response)
    });
}

#[tokio::test]
async fn su13_a_subscription_that_comes_back_with_a_date_of_the_past_is_moved_to_one_ahead() {
    let world = World::new(Scenario::Everyday);
    let intent = crate::samples::sample(&world, Operation::ReactivateSubscription).await;
    activates_with_a_past_date(&world);
    let outcome = world.change(1, intent.clone()).await.unwrap();
    assert_eq!(
        outcome.parts.len(),
        1,
        "two writes, one action: {outcome:?}"
    );
    assert!(outcome.is_done());
    assert_eq!(world.effects().len(), 2);
    assert_eq!(
        outcome.undo.map(|undo| undo.intent().unwrap().operation()),
        Some(Operation::CancelSubscription)
    );
    let Intent::ReactivateSubscription(ReactivateSubscription {
        subscription_id, ..
    }) = intent
    else {
        unreachable!()
    };
    let detail: SubscriptionDetail = world.read(Query::Subscription(subscription_id)).await;
    assert!(detail.card.next_date.unwrap() > world.today());
}

#[tokio::test]
async fn a_lost_answer_to_the_second_write_of_an_action_is_read_back_too() {
    for effect in [sandbox::Effect::LoseAfter, sandbox::Effect::LoseBefore] {
        let world = World::new(Scenario::Everyday);
        let intent = crate::samples::sample(&world, Operation::ReactivateSubscription).await;
        activates_with_a_past_date(&world);
        let path = "/subscriptions/{id}/set_next_charge_date";
        world.fault(sandbox::Fault::once("POST", path, effect));
        let outcome = world.change(1, intent).await.unwrap();
        match effect {
            sandbox::Effect::LoseAfter => {
                assert!(outcome.is_done(), "{outcome:?}");
                assert_eq!(world.effects().len(), 2);
            }
            _ => {
                let unavailable = PartState::Refused {
                    reason: Refusal::Unavailable,
                    fields: vec![],
                };
                let states: Vec<_> = outcome.parts.into_iter().map(|part| part.state).collect();
                assert_eq!(states, [PartState::Done, unavailable]);
                assert_eq!(world.effects().len(), 1);
            }
        }
    }
}
