//! Addresses and the customer's own record.

use protocol::view::*;
use protocol::*;
use sandbox::{Effect, Fault, Scenario};

use crate::samples::{new_address, refusal, sample};
use crate::world::World;

async fn addresses(world: &World) -> Vec<Address> {
    world.read::<Addresses>(Query::Addresses).await.addresses
}

async fn customer(world: &World) -> Customer {
    world.read(Query::Customer).await
}

#[tokio::test]
async fn ad2_a_new_address_has_its_payment_method_from_the_first_moment() {
    let world = World::new(Scenario::Everyday);
    let body = new_address(&world).await;
    let intent = Intent::AddAddress(AddAddress { body: body.clone() });
    let outcome = world.change(1, intent).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(world.effects(), ["POST /addresses"]);
    let all = addresses(&world).await;
    let added = all.iter().find(|a| a.lines.street == "1 Pike Place");
    let method = added.and_then(|added| added.payment.as_ref());
    assert_eq!(method.map(|line| line.id), body.payment_method_id);

    let undone = world.change(2, outcome.undo.unwrap().intent().unwrap());
    assert!(undone.await.unwrap().is_done());
    assert_eq!(addresses(&world).await.len(), all.len() - 1);
}

#[tokio::test]
async fn ad2_a_bad_address_or_a_missing_method_is_refused_by_field_and_nothing_is_made() {
    let world = World::new(Scenario::Everyday);
    let mut body = new_address(&world).await;
    body.payment_method_id = None;
    body.address.set("zip", "98".into());
    let (reason, fields) = refusal(
        world
            .change(1, Intent::AddAddress(AddAddress { body }))
            .await
            .unwrap(),
    );
    assert_eq!(reason, Refusal::InvalidFields);
    assert_eq!(
        fields,
        [
            ("zip".into(), FieldProblem::Postcode),
            ("payment_method_id".into(), FieldProblem::Required)
        ]
    );
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn ad2_two_equal_addresses_are_told_apart_when_an_answer_is_lost() {
    let world = World::new(Scenario::Everyday);
    let body = new_address(&world).await;
    let intent = Intent::AddAddress(AddAddress { body });
    assert!(world.change(1, intent.clone()).await.unwrap().is_done());
    world.fault(Fault {
        method: Some("POST".into()),
        path: String::new(),
        effect: Effect::LoseBefore,
        times: 1,
    });
    let outcome = world.change(2, intent).await.unwrap();
    assert!(crate::once::is_unavailable(&outcome), "{outcome:?}");
}

#[tokio::test]
async fn ad4_an_address_in_use_is_not_deleted_and_says_so_before_it_is_tried() {
    let world = World::new(Scenario::Everyday);
    let used = addresses(&world).await.remove(0);
    let intent = Intent::DeleteAddress(DeleteAddress {
        address_id: used.id,
        body: Nothing {},
    });
    let preview = world
        .gateway
        .preview(world.customer, &intent)
        .await
        .unwrap();
    assert_eq!(preview.refused, Some(Refusal::AddressInUse));
    let (reason, _) = refusal(world.change(1, intent).await.unwrap());
    assert_eq!(reason, Refusal::AddressInUse);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn ad7_a_chosen_way_of_shipping_has_the_merchants_price_whatever_is_sent() {
    let world = World::new(Scenario::Everyday);
    let intent = sample(&world, Operation::SetShippingMethod).await;
    let preview = world
        .gateway
        .preview(world.customer, &intent)
        .await
        .unwrap();
    let is_total = |line: &&PreviewLine| line.topic == Topic::Total;
    let total = preview.lines.iter().find(is_total).unwrap().after.clone();
    let outcome = world.change(1, intent.clone()).await.unwrap();
    assert!(outcome.is_done() && outcome.differences.is_empty());
    let home = addresses(&world).await.remove(0);
    assert_eq!(home.shipping_method.as_deref(), Some("pickup"));
    let schedule = crate::samples::schedule(&world).await;
    let next = schedule
        .deliveries
        .iter()
        .find(|d| d.key.address_id == home.id);
    let totals = next.and_then(|delivery| delivery.totals).unwrap();
    assert_eq!(totals.shipping, Money::from_minor(250, Currency::USD));
    assert_eq!(total, Some(Value::Money(totals.total)));

    let Intent::SetShippingMethod(SetShippingMethod { address_id, .. }) = intent else {
        panic!("{intent:?}")
    };
    let body = ShippingChoice {
        code: "by balloon".into(),
    };
    let unknown = Intent::SetShippingMethod(SetShippingMethod { address_id, body });
    let (_, fields) = refusal(world.change(2, unknown).await.unwrap());
    assert_eq!(fields, [("code".into(), FieldProblem::Refused)]);
}

fn moving(from: &Address, to: &Address) -> Intent {
    Intent::MoveSubscriptions(MoveSubscriptions {
        address_id: to.id,
        body: SubscriptionsMove {
            subscription_ids: from.subscriptions.iter().map(|s| s.id).collect(),
        },
    })
}

#[tokio::test]
async fn ad5_every_subscription_is_moved_once_and_can_be_moved_back() {
    let world = World::new(Scenario::Everyday);
    let before = addresses(&world).await;
    let (from, to) = (&before[0], &before[1]);
    let intent = moving(from, to);
    let preview = world
        .gateway
        .preview(world.customer, &intent)
        .await
        .unwrap();
    assert!(!preview.lines.is_empty());
    let outcome = world.change(1, intent).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(world.effects().len(), from.subscriptions.len());
    let after = addresses(&world).await;
    let of = |id: AddressId| {
        after
            .iter()
            .find(|a| a.id == id)
            .unwrap()
            .subscriptions
            .len()
    };
    let all = from.subscriptions.len() + to.subscriptions.len();
    assert_eq!((of(from.id), of(to.id)), (0, all));

    let undone = world.change(2, outcome.undo.unwrap().intent().unwrap());
    assert!(undone.await.unwrap().is_done());
    assert_eq!(addresses(&world).await, before);
}

#[tokio::test]
async fn ad5_one_refused_subscription_keeps_no_other_and_the_rest_is_tried_again() {
    let world = World::new(Scenario::Everyday);
    let before = addresses(&world).await;
    let (from, to) = (&before[0], &before[1]);
    let refused = from.subscriptions[0].id;
    world.fault(Fault {
        method: Some("POST".into()),
        path: format!("/subscriptions/{refused}/change_address"),
        effect: Effect::Status(422),
        times: 1,
    });
    let outcome = world.change(1, moving(from, to)).await.unwrap();
    let done: Vec<bool> = outcome
        .parts
        .iter()
        .map(|part| part.state == PartState::Done)
        .collect();
    let all = from.subscriptions.len();
    assert_eq!((done[0], done.len()), (false, all));
    assert!(done[1..].iter().all(|done| *done), "{outcome:?}");

    world.clear_log();
    assert!(world.change(2, moving(from, to)).await.unwrap().is_done());
    assert_eq!(world.effects().len(), 1, "only the rest");
}

#[tokio::test]
async fn ad5_an_address_that_nothing_pays_for_takes_nothing() {
    let world = World::new(Scenario::Everyday);
    let all = addresses(&world).await;
    let path = format!("/addresses/{}", all[1].id);
    let none = serde_json::json!({ "payment_method_id": null });
    world.beside("PUT", &path, Some(none));
    let outcome = world.change(1, moving(&all[0], &all[1])).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::NoPaymentMethod);
    assert!(world.effects().iter().all(|write| write.starts_with("PUT")));
}

#[tokio::test]
async fn cu2_only_changed_fields_are_sent_and_an_empty_name_is_refused() {
    let world = World::new(Scenario::Everyday);
    let before = customer(&world).await;
    let sent = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let bodies = std::sync::Arc::clone(&sent);
    world.door.bend(move |request, response| {
        bodies.lock().unwrap().extend(request.body.clone());
        Ok(response)
    });
    let form = |first: &str, phone: &str| {
        Intent::UpdateCustomer(UpdateCustomer {
            body: CustomerForm {
                first_name: Some(first.into()),
                phone: Some(phone.into()),
                ..CustomerForm::default()
            },
        })
    };
    let outcome = world.change(1, form(&before.first_name, " +1 555 ")).await;
    assert!(outcome.unwrap().is_done());
    let expected = serde_json::json!({ "phone": "+1 555" });
    assert_eq!(*sent.lock().unwrap(), [expected]);
    assert_eq!(customer(&world).await.phone.as_deref(), Some("+1 555"));

    let (_, fields) = refusal(world.change(2, form(" ", "")).await.unwrap());
    assert_eq!(fields, [("first_name".into(), FieldProblem::Required)]);
}

#[tokio::test]
async fn cu4_a_tax_id_stands_on_receipts_from_its_day_on_and_nothing_is_sent_upstream() {
    let world = World::new(Scenario::Everyday);
    let set = |tax_id: &str| {
        Intent::SetTaxId(SetTaxId {
            body: TaxId {
                tax_id: tax_id.into(),
            },
        })
    };
    let (_, fields) = refusal(world.change(1, set("DE 12")).await.unwrap());
    assert_eq!(fields, [("tax_id".into(), FieldProblem::TaxId)]);
    assert!(
        world
            .change(2, set("de 123 456 789"))
            .await
            .unwrap()
            .is_done()
    );
    let id = customer(&world).await.tax_id;
    assert_eq!(id.as_deref(), Some("DE123456789"));
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let old: OrderDetail = world.read(Query::Order(orders.orders[0].id)).await;
    assert!(old.row.date < Some(world.today()));
    assert_eq!(old.tax_id, None, "it was paid before");
    assert!(world.change(3, set("")).await.unwrap().is_done());
    assert_eq!(customer(&world).await.tax_id, None);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn cu5_credit_is_shown_with_its_currency_and_used_on_request() {
    let world = World::new(Scenario::Credits);
    let credit = customer(&world).await.credit.expect("some credit");
    assert_eq!(
        credit.balance,
        Money::parse("37.00", Currency::USD).unwrap()
    );
    assert!(!credit.next_order);
    let intent = sample(&world, Operation::UseCredit).await;
    assert!(world.change(1, intent).await.unwrap().is_done());
    assert!(customer(&world).await.credit.unwrap().next_order);
    let none = customer(&World::new(Scenario::Everyday)).await;
    assert_eq!(none.credit, None, "no credit, no card");
}

#[tokio::test]
async fn cu6_rewards_are_there_where_upstream_has_them() {
    let leo = customer(&World::new(Scenario::Credits)).await;
    assert_eq!(leo.punch_card, Some((4, 6)));
    assert!(leo.referral_url.unwrap().starts_with("https://"));
    assert!(leo.streak > 1);
    let maya = customer(&World::new(Scenario::NewCustomer)).await;
    assert_eq!(
        (maya.punch_card, maya.referral_url, maya.streak),
        (None, None, 0)
    );
}

#[tokio::test]
async fn su16_gifts_that_were_bought_say_whether_they_are_redeemed_and_keep_their_link() {
    let world = World::new(Scenario::Prepaid);
    let gifts = customer(&world).await.gifts;
    let told: Vec<_> = gifts
        .iter()
        .map(|gift| (gift.note.as_str(), gift.redeemed.is_some()))
        .collect();
    assert_eq!(
        told,
        [
            ("For your new kitchen", false),
            ("Happy birthday, Rosa!", true)
        ]
    );
    let worth = Money::parse("45.00", Currency::USD).ok();
    assert!(gifts.iter().all(|gift| gift.amount == worth));
    // Whoever has the link can redeem it.
    assert!(!world.text(&Query::Customer).await.contains("redeem\""));
    assert!(!world.text(&Query::Customer).await.contains("gifts/redeem"));
}

async fn changes(world: &World, before: Option<i64>, id: Option<u64>) -> ChangeHistory {
    let subscription = id.map(SubscriptionId);
    let query = Query::Changes {
        before,
        subscription,
    };
    world.read(query).await
}

#[tokio::test]
async fn cu9_the_history_says_what_was_changed_from_what_to_what_and_what_became_of_it() {
    let world = World::new(Scenario::Everyday);
    for (key, operation) in [
        (1, Operation::UpdateAddress),
        (2, Operation::CancelSubscription),
    ] {
        let intent = sample(&world, operation).await;
        world.clock.advance(60_000);
        world.change(key, intent).await.unwrap();
    }
    let history = changes(&world, None, None).await;
    let operations: Vec<&str> = history
        .changes
        .iter()
        .map(|c| c.operation.as_str())
        .collect();
    assert_eq!(operations, ["cancel_subscription", "update_address"]);
    let [cancelled, moved] = &history.changes[..] else {
        panic!("{history:?}")
    };
    assert_eq!(moved.state, ChangeState::Done);
    assert_eq!(moved.subject, "214 Prospect Place");
    assert_eq!(moved.date, world.today());
    let value = &moved.values[0];
    assert_eq!(
        (
            value.field.as_str(),
            value.before.as_deref(),
            value.after.as_str()
        ),
        ("city", Some("Brooklyn"), "Queens")
    );
    assert!(!cancelled.subject.is_empty() && !cancelled.reference.is_empty());
}

#[tokio::test]
async fn cu9_it_comes_in_pages_and_for_one_subscription() {
    let world = World::new(Scenario::Everyday);
    let cancel = sample(&world, Operation::CancelSubscription).await;
    let Intent::CancelSubscription(CancelSubscription {
        subscription_id, ..
    }) = cancel
    else {
        panic!("{cancel:?}")
    };
    world.change(1, cancel).await.unwrap();
    for n in 2..25 {
        world.clock.advance(1_000);
        let phone = Some(format!("+1 555 {n}"));
        let body = CustomerForm {
            phone,
            ..CustomerForm::default()
        };
        world
            .change(n, Intent::UpdateCustomer(UpdateCustomer { body }))
            .await
            .unwrap();
    }
    let first = changes(&world, None, None).await;
    assert_eq!(first.changes.len(), 20);
    let second = changes(&world, first.next, None).await;
    assert_eq!((second.changes.len(), second.next), (4, None));
    assert_eq!(second.changes[3].operation, "cancel_subscription");
    let own = changes(&world, None, Some(subscription_id.0)).await;
    assert_eq!(own.changes.len(), 1);
    let other = changes(&world, None, Some(1)).await;
    assert!(other.changes.is_empty());
}

#[tokio::test]
async fn cu10_the_export_has_everything_and_no_formula() {
    let world = World::new(Scenario::HostileText);
    let export: Export = world.read(Query::Export).await;
    let names: Vec<&str> = export.files.iter().map(|file| file.name.as_str()).collect();
    for name in [
        "account.json",
        "orders.csv",
        "subscriptions.csv",
        "changes.csv",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    let all: serde_json::Value = serde_json::from_str(&export.files[0].text).unwrap();
    let list: Subscriptions = world.read(Query::Subscriptions).await;
    let exported = all["subscriptions"].as_array().unwrap().len();
    assert_eq!(exported, list.subscriptions.len());
    for file in &export.files[1..] {
        for cell in file.text.split([',', '\n']) {
            let cell = cell.trim_start_matches('"');
            assert!(!cell.starts_with(['=', '@']), "{}: {cell}", file.name);
        }
    }
}
