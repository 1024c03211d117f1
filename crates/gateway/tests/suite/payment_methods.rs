//! Adding, using, changing and removing payment methods.

use protocol::view::*;
use protocol::*;
use sandbox::{Effect, Fault, Scenario};

use crate::samples::{new_card, refusal};
use crate::world::{World, policy};

async fn methods(world: &World) -> PaymentMethods {
    world.clock.advance(60_000);
    world.read(Query::PaymentMethods).await
}

async fn addresses(world: &World) -> Vec<AddressId> {
    let methods = methods(world).await;
    methods.payable.iter().map(|address| address.id).collect()
}

fn of_last4<'a>(methods: &'a PaymentMethods, last4: &str) -> Option<&'a PaymentMethod> {
    let is_it = |method: &&PaymentMethod| method.line.last4.as_deref() == Some(last4);
    methods.methods.iter().find(is_it)
}

fn remove(payment_method_id: PaymentMethodId) -> Intent {
    Intent::RemovePaymentMethod(RemovePaymentMethod {
        payment_method_id,
        body: Nothing {},
    })
}

fn assign(payment_method_id: PaymentMethodId, address_ids: Vec<AddressId>) -> Intent {
    Intent::AssignPaymentMethod(AssignPaymentMethod {
        payment_method_id,
        body: PaidAddresses { address_ids },
    })
}

fn send_link(payment_method_id: PaymentMethodId) -> Intent {
    Intent::SendPaymentLink(SendPaymentLink {
        payment_method_id,
        body: Nothing {},
    })
}

#[tokio::test]
async fn pm4_one_method_is_the_default_and_what_pays_stays_as_it_is() {
    let world = World::new(Scenario::Everyday);
    let before = methods(&world).await;
    let (usual, other): (Vec<_>, Vec<_>) = before.methods.iter().partition(|m| m.default);
    let intent = |method: &PaymentMethod| {
        Intent::SetDefaultPaymentMethod(SetDefaultPaymentMethod {
            payment_method_id: method.line.id,
            body: Nothing {},
        })
    };
    let outcome = world.change(1, intent(other[0])).await.unwrap();
    let after = methods(&world).await;
    let defaults = after.methods.iter().filter(|method| method.default);
    let defaults: Vec<_> = defaults.map(|method| method.line.id).collect();
    assert_eq!(defaults, [other[0].line.id]);
    assert_eq!(before.payable, after.payable);
    let back = outcome.undo.unwrap().intent().unwrap();
    assert_eq!(back, intent(usual[0]));
    // What is the default already needs nothing to be sent.
    let sent = world.effects().len();
    assert!(world.change(2, intent(other[0])).await.unwrap().is_done());
    assert_eq!(world.effects().len(), sent);
}

#[tokio::test]
async fn pm2_a_new_card_pays_for_the_chosen_addresses() {
    let world = World::new(Scenario::Everyday);
    let chosen = addresses(&world).await;
    world.clear_log();
    let add = new_card("pm_mastercard_5100_1", chosen.clone());
    let outcome = world.change(1, add).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(outcome.parts.len(), chosen.len(), "a part for each address");
    assert!(outcome.undo.is_none(), "what pays for something stays");
    assert_eq!(world.effects().len(), 1 + chosen.len());
    let after = methods(&world).await;
    let card = of_last4(&after, "5100").expect("the new card");
    let paid: Vec<AddressId> = card.addresses.iter().map(|address| address.id).collect();
    assert_eq!(paid.len(), chosen.len());
    assert!(
        after
            .payable
            .iter()
            .all(|address| address.method == Some(card.line.id))
    );
}

#[tokio::test]
async fn pm2_a_lost_answer_does_not_add_a_card_twice_and_the_rest_is_done() {
    let world = World::new(Scenario::Everyday);
    let chosen = addresses(&world).await;
    for path in ["/payment_methods", "/addresses/{id}"] {
        let method = if path == "/addresses/{id}" {
            "PUT"
        } else {
            "POST"
        };
        world.fault(Fault::once(method, path, Effect::LoseAfter));
    }
    let add = new_card("pm_mastercard_5100_1", chosen.clone());
    let outcome = world.change(1, add).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let after = methods(&world).await;
    let is_new = |method: &&PaymentMethod| method.line.last4.as_deref() == Some("5100");
    assert_eq!(after.methods.iter().filter(is_new).count(), 1);
}

#[tokio::test]
async fn pm2_the_same_token_under_another_key_adds_nothing() {
    let world = World::new(Scenario::Everyday);
    let add = new_card("pm_mastercard_5100_1", Vec::new());
    world.change(1, add.clone()).await.unwrap();
    world.clear_log();
    let again = world.change(2, add).await.unwrap();
    assert!(again.is_done(), "{again:?}");
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn pm2_a_token_that_is_none_and_a_store_without_tokeniser_are_refused() {
    let world = World::new(Scenario::Everyday);
    for (key, token) in ["", "4242 4242", "pm_\u{202e}", &"x".repeat(256)]
        .iter()
        .enumerate()
    {
        let outcome = world
            .change(key as u32, new_card(token, Vec::new()))
            .await
            .unwrap();
        assert_eq!(refusal(outcome).0, Refusal::InvalidFields, "{token:?}");
    }
    let mut by_link = policy();
    by_link.tokeniser = None;
    let gateway = world.under(by_link);
    let add = new_card("pm_visa_4242_1", Vec::new());
    let outcome = gateway
        .change(world.customer, &crate::world::uuid(9), add)
        .await
        .unwrap();
    assert_eq!(refusal(outcome).0, Refusal::ByLinkOnly);
}

#[tokio::test]
async fn pm2_somebody_whom_the_processor_does_not_know_is_told_so() {
    let world = World::new(Scenario::ShopifyCheckout);
    let outcome = world
        .change(1, new_card("pm_visa_4242_1", Vec::new()))
        .await
        .unwrap();
    assert_eq!(refusal(outcome).0, Refusal::NoProcessorAccount);
    assert!(!methods(&world).await.can_add);
    let account = world.gateway.processor_account(world.customer).await;
    assert_eq!(account.unwrap_err().kind, ProblemKind::NotFound);
}

#[tokio::test]
async fn pm4_a_method_pays_for_other_addresses_and_undo_gives_them_back() {
    let world = World::new(Scenario::Everyday);
    let before = methods(&world).await;
    let first = before
        .payable
        .iter()
        .find(|paid| paid.method.is_some())
        .unwrap();
    world
        .change(1, new_card("pm_mastercard_5100_1", Vec::new()))
        .await
        .unwrap();
    let card = of_last4(&methods(&world).await, "5100").unwrap().line.id;
    let outcome = world.change(2, assign(card, vec![first.id])).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let undo = outcome
        .undo
        .expect("one method paid before")
        .intent()
        .unwrap();
    assert_eq!(undo, assign(first.method.unwrap(), vec![first.id]));
    world.change(3, undo).await.unwrap();
    assert_eq!(methods(&world).await.payable, before.payable);
}

#[tokio::test]
async fn pm4_the_next_charge_of_each_address_is_known() {
    let world = World::new(Scenario::Everyday);
    let methods = methods(&world).await;
    let active = methods.payable.iter().find(|paid| paid.active).unwrap();
    assert!(
        active.next.is_some() && active.total.is_some(),
        "{active:?}"
    );
}

#[tokio::test]
async fn pm5_what_pays_for_an_address_stays() {
    let world = World::new(Scenario::Everyday);
    let before = methods(&world).await;
    let used = before
        .methods
        .iter()
        .find(|m| !m.addresses.is_empty())
        .unwrap();
    world.clear_log();
    let outcome = world.change(1, remove(used.line.id)).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::MethodInUse);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn pm7_a_billing_address_may_lie_where_nothing_is_shipped_to() {
    let world = World::new(Scenario::Everyday);
    let method = methods(&world).await.methods[0].clone();
    let body = AddressForm {
        first_name: Some("Maya".into()),
        last_name: Some("Lindqvist".into()),
        address1: Some("Drottninggatan 5".into()),
        city: Some("Stockholm".into()),
        province: Some(String::new()),
        zip: Some("111 51".into()),
        country_code: Some("SE".into()),
        ..AddressForm::default()
    };
    let update = |body| {
        Intent::UpdateBillingAddress(UpdateBillingAddress {
            payment_method_id: method.line.id,
            body,
        })
    };
    let outcome = world.change(1, update(body)).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let after = methods(&world).await;
    let changed = after
        .methods
        .iter()
        .find(|m| m.line.id == method.line.id)
        .unwrap();
    assert_eq!(changed.billing.value("city"), "Stockholm");
    world
        .change(2, outcome.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    let back = methods(&world).await;
    let back = back
        .methods
        .iter()
        .find(|m| m.line.id == method.line.id)
        .unwrap();
    assert_eq!(back.billing, method.billing);
    let empty = AddressForm {
        city: Some(String::new()),
        ..AddressForm::default()
    };
    let refused = world.change(3, update(empty)).await.unwrap();
    let (reason, fields) = refusal(refused);
    assert_eq!(reason, Refusal::InvalidFields);
    assert_eq!(fields, [("city".to_owned(), FieldProblem::Required)]);
}

#[tokio::test]
async fn pm8_a_backup_is_agreed_to_and_taken_back() {
    let world = World::new(Scenario::Everyday);
    assert!(!methods(&world).await.backup);
    let enable = Intent::SetBackupPayment(SetBackupPayment {
        body: BackupPayment { enabled: true },
    });
    let outcome = world.change(1, enable).await.unwrap();
    assert!(methods(&world).await.backup);
    world
        .change(2, outcome.undo.unwrap().intent().unwrap())
        .await
        .unwrap();
    assert!(!methods(&world).await.backup);
}

#[tokio::test]
async fn pm3_the_link_goes_to_a_masked_address_and_not_twice_within_a_minute() {
    let world = World::new(Scenario::ShopifyCheckout);
    let before = methods(&world).await;
    assert_eq!(before.email, "n…@example.com");
    assert!(before.methods[0].by_link);
    let send = send_link(before.methods[0].line.id);
    world.clear_log();
    assert!(world.change(1, send.clone()).await.unwrap().is_done());
    world.clock.advance(59_000);
    let refused = world.change(2, send.clone()).await.unwrap();
    assert_eq!(refusal(refused).0, Refusal::TooOften);
    world.clock.advance(1_000);
    assert!(world.change(3, send).await.unwrap().is_done());
    let sent = world
        .log()
        .iter()
        .filter(|call| call.path.ends_with("/notifications"))
        .count();
    assert_eq!(sent, 2);
}

#[tokio::test]
async fn pm3_a_link_is_for_cards_that_the_processor_keeps_to_itself() {
    let world = World::new(Scenario::Everyday);
    let id = methods(&world).await.methods[0].line.id;
    let refused = world.change(1, send_link(id)).await.unwrap();
    assert_eq!(refusal(refused).0, Refusal::StateChanged);
    let kept = World::new(Scenario::ShopifyCheckout);
    let id = methods(&kept).await.methods[0].line.id;
    let refused = kept.change(1, remove(id)).await.unwrap();
    assert_eq!(refusal(refused).0, Refusal::ByLinkOnly);
}

/// The failed delivery, and what it costs.
async fn failed(world: &World) -> Option<(DeliveryKey, Money)> {
    let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
    let mut all = schedule.deliveries.into_iter();
    let failed = all.find(|delivery| delivery.state == DeliveryState::Failed)?;
    Some((failed.key, failed.due?))
}

fn paid_by_new_card(token: &str, address_ids: Vec<AddressId>) -> Intent {
    let Intent::AddPaymentMethod(AddPaymentMethod { body }) = new_card(token, address_ids) else {
        unreachable!("adds a card")
    };
    Intent::AddPaymentMethod(AddPaymentMethod {
        body: NewPaymentMethod {
            retry_charges: true,
            ..body
        },
    })
}

#[tokio::test]
async fn pm2_ph5_a_failed_payment_is_retried_once_the_address_has_the_new_card() {
    let world = World::new(Scenario::Dunning);
    let (key, due) = failed(&world).await.expect("a failed payment");
    let add = paid_by_new_card("pm_mastercard_5100_1", vec![key.address_id]);
    let asked = world.gateway.preview(world.customer, &add).await.unwrap();
    assert_eq!(asked.pays_now, Some(due));
    let orders: Orders = world.read(Query::Orders { cursor: None }).await;
    let outcome = world.change(1, add).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(failed(&world).await, None);
    let now: Orders = world.read(Query::Orders { cursor: None }).await;
    let is_new = |row: &&OrderRow| !orders.orders.iter().any(|old| old.id == row.id);
    let paid: Vec<Money> = now
        .orders
        .iter()
        .filter(is_new)
        .filter_map(|row| row.total)
        .collect();
    assert!(paid.contains(&due), "{paid:?}");
}

#[tokio::test]
async fn pm2_ph5_nothing_is_retried_for_an_address_that_keeps_its_card() {
    let world = World::new(Scenario::Dunning);
    let before = failed(&world).await;
    let add = paid_by_new_card("pm_mastercard_5100_1", Vec::new());
    let asked = world.gateway.preview(world.customer, &add).await.unwrap();
    assert_eq!(asked.pays_now, None);
    assert!(world.change(1, add).await.unwrap().is_done());
    assert_eq!(failed(&world).await, before);
}

#[tokio::test]
async fn pm2_ph5_a_declined_retry_is_reported_and_the_card_stays() {
    let world = World::new(Scenario::Dunning);
    let (key, due) = failed(&world).await.expect("a failed payment");
    let add = paid_by_new_card("pm_declined_9995_1", vec![key.address_id]);
    let outcome = world.change(1, add).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::PaymentDeclined);
    assert_eq!(failed(&world).await, Some((key, due)));
    let after = methods(&world).await;
    assert!(of_last4(&after, "9995").is_some());
}

#[tokio::test]
async fn ph5_a_failed_payment_can_be_paid_with_another_card_of_the_customer() {
    let world = World::new(Scenario::Dunning);
    let (key, amount) = failed(&world).await.expect("a failed payment");
    let add = new_card("pm_mastercard_5100_1", Vec::new());
    assert!(world.change(1, add).await.unwrap().is_done());
    let card = of_last4(&methods(&world).await, "5100").unwrap().line.id;
    let pay = Intent::ProcessDelivery(ProcessDelivery {
        address_id: key.address_id,
        date: key.date,
        body: ConfirmedAmount {
            amount,
            payment_method_id: Some(card),
        },
    });
    let asked = world.gateway.preview(world.customer, &pay).await.unwrap();
    assert_eq!((asked.refused, asked.pays_now), (None, Some(amount)));
    let outcome = world.change(2, pay).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    assert_eq!(failed(&world).await, None);
    let paid = methods(&world).await.payable;
    let paid = paid.iter().find(|address| address.id == key.address_id);
    assert_eq!(paid.unwrap().method, Some(card));
}

#[tokio::test]
async fn ph5_another_amount_than_was_agreed_to_changes_no_card() {
    let world = World::new(Scenario::Dunning);
    let (key, amount) = failed(&world).await.expect("a failed payment");
    let add = new_card("pm_mastercard_5100_1", Vec::new());
    assert!(world.change(1, add).await.unwrap().is_done());
    let card = of_last4(&methods(&world).await, "5100").unwrap().line.id;
    world.clear_log();
    let pay = Intent::ProcessDelivery(ProcessDelivery {
        address_id: key.address_id,
        date: key.date,
        body: ConfirmedAmount {
            amount: amount.plus(amount).unwrap(),
            payment_method_id: Some(card),
        },
    });
    let outcome = world.change(2, pay).await.unwrap();
    assert_eq!(refusal(outcome).0, Refusal::AmountChanged);
    assert!(world.effects().is_empty());
}
