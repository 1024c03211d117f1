//! Codes that prove who reads an address.

use gateway::{Caller, Email};
use protocol::view::Customer;
use protocol::*;
use sandbox::Scenario;

use crate::world::{World, uuid};

const NEW: &str = "maya@new.example";
const OTHER_SESSION: &str = "another browser";
const MINUTE_MS: i64 = 60_000;

fn request(email: &str) -> Intent {
    let email = email.into();
    Intent::RequestEmailChange(RequestEmailChange {
        body: NewEmail { email },
    })
}

fn confirm(code: &str) -> Intent {
    let code = code.into();
    Intent::ConfirmEmailChange(ConfirmEmailChange {
        body: MailedCode { code },
    })
}

/// Another code than this one.
fn wrong(code: &str) -> String {
    let other = if code.starts_with('0') { "1" } else { "0" };
    format!("{other}{}", &code[1..])
}

fn refusal(outcome: &Outcome) -> (Refusal, Vec<FieldError>) {
    match &outcome.parts[..] {
        [
            Part {
                state: PartState::Refused { reason, fields },
                ..
            },
        ] => (reason.clone(), fields.clone()),
        other => panic!("{other:?}"),
    }
}

/// A world in which a code for another address was asked for, and the code.
async fn asked() -> (World, String) {
    let world = World::new(Scenario::Everyday);
    let outcome = world.change(1, request(NEW)).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    world.clear_log();
    let code = world.post.code();
    (world, code)
}

async fn customer(world: &World) -> Customer {
    world.read(Query::Customer).await
}

#[tokio::test]
async fn cu3_the_address_changes_once_it_is_proven_and_the_old_one_is_told() {
    let (world, code) = asked().await;
    let before = customer(&world).await;
    let pending = before.email_change.unwrap();
    assert_eq!((pending.email.as_str(), pending.minutes_left), (NEW, 10));
    let sent = world.post.emails();
    assert!(matches!(&sent[..], [Email::AddressCode { to, .. }] if to == NEW));

    let typed = format!(" {}-{}", code[..3].to_lowercase(), &code[3..]);
    let outcome = world.change(2, confirm(&typed)).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
    let after = customer(&world).await;
    assert_eq!((after.email.as_str(), after.email_change), (NEW, None));
    assert_eq!(
        world.effects(),
        [format!("PUT /customers/{}", world.customer)]
    );
    let told = Email::AddressChanged {
        to: before.email,
        new: NEW.into(),
    };
    assert_eq!(world.post.emails().last(), Some(&told));
}

#[tokio::test]
async fn cu3_an_address_of_another_customer_is_refused_once_it_is_proven() {
    let world = World::new(Scenario::TwoCustomers);
    let mut others = world.door.upstream.store().customers();
    others.retain(|other| other.id != world.customer.0);
    let asked = world.change(1, request(&others[0].email)).await.unwrap();
    assert!(
        asked.is_done(),
        "who else is a customer is not told: {asked:?}"
    );
    let outcome = world.change(2, confirm(&world.post.code())).await.unwrap();
    assert_eq!(refusal(&outcome).0, Refusal::EmailInUse);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn s10_a_code_works_once() {
    let (world, code) = asked().await;
    assert!(world.change(2, confirm(&code)).await.unwrap().is_done());
    let again = world.change(3, confirm(&code)).await.unwrap();
    assert_eq!(refusal(&again).0, Refusal::CodeExpired);
    assert_eq!(world.effects().len(), 1);
}

#[tokio::test]
async fn s10_after_five_wrong_tries_the_right_code_does_not_count() {
    let (world, code) = asked().await;
    for n in 0..5 {
        let outcome = world.change(10 + n, confirm(&wrong(&code))).await.unwrap();
        let (reason, fields) = refusal(&outcome);
        assert_eq!(reason, Refusal::InvalidFields);
        assert_eq!(fields[0].error, FieldProblem::Code);
    }
    let outcome = world.change(20, confirm(&code)).await.unwrap();
    assert_eq!(refusal(&outcome).0, Refusal::CodeExpired);
    assert!(world.effects().is_empty());
}

#[tokio::test]
async fn s10_four_wrong_tries_leave_one() {
    let (world, code) = asked().await;
    for n in 0..4 {
        let outcome = world.change(10 + n, confirm(&wrong(&code))).await.unwrap();
        assert!(!outcome.is_done());
    }
    assert!(world.change(20, confirm(&code)).await.unwrap().is_done());
}

#[tokio::test]
async fn s10_the_tries_left_are_told_and_a_used_up_code_gives_way_to_a_new_one() {
    let (world, code) = asked().await;
    for left in (0..5).rev() {
        let outcome = world.change(10 + left, confirm(&wrong(&code))).await;
        assert!(!outcome.unwrap().is_done());
        let pending = customer(&world).await.email_change;
        let told = pending.map(|pending| pending.tries_left);
        assert_eq!(told, (left > 0).then_some(left));
    }
    let again = world.change(20, request(NEW)).await.unwrap();
    assert!(again.is_done(), "{again:?}");
    let fresh = world.post.code();
    assert!(world.change(21, confirm(&fresh)).await.unwrap().is_done());
    assert_eq!(customer(&world).await.email, NEW);
}

#[tokio::test]
async fn s10_looking_at_the_preview_is_no_try_and_sends_nothing() {
    let (world, code) = asked().await;
    for _ in 0..9 {
        let intent = confirm(&wrong(&code));
        let preview = world.gateway.preview(world.customer, &intent).await;
        assert_eq!(preview.unwrap().refused, None);
    }
    let fresh = World::new(Scenario::Everyday);
    let intent = request(NEW);
    fresh
        .gateway
        .preview(fresh.customer, &intent)
        .await
        .unwrap();
    assert!(fresh.post.emails().is_empty());
    assert!(world.change(20, confirm(&code)).await.unwrap().is_done());
}

#[tokio::test]
async fn s10_a_code_counts_for_ten_minutes() {
    let (world, code) = asked().await;
    world.clock.advance(10 * MINUTE_MS);
    let outcome = world.change(2, confirm(&code)).await.unwrap();
    assert_eq!(refusal(&outcome).0, Refusal::CodeExpired);
    assert_eq!(customer(&world).await.email_change, None);
}

#[tokio::test]
async fn s10_a_code_counts_in_the_session_that_asked_for_it() {
    let (world, code) = asked().await;
    let caller = Caller {
        session: OTHER_SESSION.into(),
        ..Caller::from(world.customer)
    };
    for key in 2..10 {
        let typed = confirm(&if key == 2 { code.clone() } else { wrong(&code) });
        let elsewhere = world
            .gateway
            .change(caller.clone(), &uuid(key), typed)
            .await;
        assert_eq!(refusal(&elsewhere.unwrap()).0, Refusal::CodeExpired);
    }
    assert!(world.effects().is_empty());
    // Nor does it use up the tries of the session that asked.
    assert!(world.change(10, confirm(&code)).await.unwrap().is_done());
}

#[tokio::test]
async fn cu3_a_second_change_waits_until_the_first_has_expired() {
    let (world, _) = asked().await;
    let outcome = world.change(2, request("else@new.example")).await.unwrap();
    assert_eq!(refusal(&outcome).0, Refusal::StillPending);
    assert_eq!(world.post.emails().len(), 1);
    world.clock.advance(10 * MINUTE_MS);
    let outcome = world.change(3, request("else@new.example")).await.unwrap();
    assert!(outcome.is_done(), "{outcome:?}");
}

#[tokio::test]
async fn cu3_an_address_that_is_none_or_hers_already_is_refused_at_its_field() {
    let world = World::new(Scenario::Everyday);
    let own = customer(&world).await.email;
    for (n, email, error) in [
        (1, "maya", FieldProblem::Email),
        (
            2,
            "maya@new.example\r\nBcc: x@y.example",
            FieldProblem::Characters,
        ),
        (3, own.as_str(), FieldProblem::Unchanged),
    ] {
        let outcome = world.change(n, request(email)).await.unwrap();
        assert_eq!(refusal(&outcome).1[0].error, error, "{email:?}");
    }
    assert!(world.post.emails().is_empty());
}

#[tokio::test]
async fn cu10_deletion_is_asked_for_with_a_code_sent_to_the_customer() {
    let world = World::new(Scenario::Everyday);
    let own = customer(&world).await.email;
    let body = Nothing {};
    let asked = world
        .change(1, Intent::RequestDeletion(RequestDeletion { body }))
        .await;
    assert!(asked.unwrap().is_done());
    assert!(matches!(&world.post.emails()[..],
        [Email::DeletionCode { to, .. }] if *to == own));
    let code = world.post.code();
    let confirm = |code: String| {
        Intent::ConfirmDeletion(ConfirmDeletion {
            body: MailedCode { code: code.into() },
        })
    };
    let refused = world.change(2, confirm(wrong(&code))).await.unwrap();
    assert!(!refused.is_done());
    assert!(world.change(3, confirm(code)).await.unwrap().is_done());
    assert!(world.effects().is_empty(), "who deletes is the merchant");
}

#[tokio::test]
async fn s06_a_preview_tells_nothing_about_a_code() {
    let (world, code) = asked().await;
    let preview = |code: String| {
        let world = &world;
        async move {
            let intent = confirm(&code);
            world.gateway.preview(world.customer, &intent).await
        }
    };
    let (right, other) = (
        preview(code.clone()).await.unwrap(),
        preview(wrong(&code)).await.unwrap(),
    );
    assert_eq!(right, other);
}
