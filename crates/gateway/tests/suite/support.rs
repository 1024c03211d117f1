//! What the merchant's staff may do in a customer's portal, and how the customer sees it.

use gateway::{Actor, Caller};
use protocol::view::*;
use protocol::*;

use crate::samples::world_for;
use crate::world::{policy, uuid};

fn staff(customer: CustomerId) -> Caller {
    Caller {
        actor: Actor::Staff("agent-7".into()),
        ..Caller::from(customer)
    }
}

#[tokio::test]
async fn mt_1_staff_change_nothing_unless_the_merchant_permits_it() {
    for &operation in Operation::ALL {
        let (world, intent) = world_for(operation).await;
        let caller = staff(world.customer);
        let looks = world.under(policy());
        let refused = looks.change(caller.clone(), &uuid(1), intent.clone()).await;
        let refused = refused.expect_err("staff only look");
        assert_eq!(
            (refused.status, refused.kind),
            (403, ProblemKind::SwitchedOff),
            "{operation:?}"
        );
        let refused = looks.preview(caller.clone(), &intent).await;
        assert!(refused.is_err(), "{operation:?}");
        assert_eq!(world.effects(), Vec::<String>::new(), "{operation:?}");
        let session: Session = world.read(Query::Session).await;
        let seen = looks.seen_by(&caller.actor, session.clone());
        assert_eq!(
            (seen.allowed, seen.staff.as_deref()),
            (vec![], Some("agent-7"))
        );
        assert_eq!(looks.seen_by(&Actor::Customer, session.clone()), session);

        let mut permitted = policy();
        permitted.support = [operation].into();
        let acts = world.under(permitted.clone());
        let seen = acts.seen_by(&caller.actor, session);
        assert_eq!(seen.allowed, [operation]);
        assert!(!seen.layout.sections.contains(&Section::PaymentMethods));
        let made = acts.preview(caller.clone(), &intent).await;
        assert!(made.is_ok(), "{operation:?}: {made:?}");

        permitted.allowed.remove(&operation);
        let off = world.under(permitted);
        assert!(off.preview(caller, &intent).await.is_err(), "{operation:?}");
    }
}

#[tokio::test]
async fn mt_1_staff_do_not_read_payment_methods_or_the_export() {
    let (world, _) = world_for(Operation::SkipDelivery).await;
    for query in world.all_queries().await {
        let is_private = matches!(query, Query::PaymentMethods | Query::Export);
        let staff = Actor::Staff("agent-7".into());
        assert_eq!(
            world.gateway.check_read(&staff, &query).is_err(),
            is_private,
            "{query:?}"
        );
        assert_eq!(
            world.gateway.check_read(&Actor::Customer, &query),
            Ok(()),
            "{query:?}"
        );
    }
}

#[tokio::test]
async fn cu_9_the_history_says_who_made_each_change() {
    for (actor, shown) in [
        (Actor::Customer, ChangeActor::Customer),
        (Actor::Staff("agent-7".into()), ChangeActor::Shop),
        (Actor::Shop, ChangeActor::Shop),
        (Actor::Rule, ChangeActor::Rule),
        (Actor::Link, ChangeActor::Link),
        (Actor::Elsewhere, ChangeActor::Elsewhere),
    ] {
        let (world, intent) = world_for(Operation::SkipDelivery).await;
        let mut policy = policy();
        policy.support = [Operation::SkipDelivery].into();
        let caller = Caller {
            actor,
            ..Caller::from(world.customer)
        };
        let outcome = world.under(policy).change(caller, &uuid(1), intent).await;
        assert!(outcome.unwrap().is_done());
        let query = Query::Changes {
            before: None,
            subscription: None,
        };
        let history: ChangeHistory = world.read(query.clone()).await;
        assert_eq!(history.changes[0].actor, shown);
        assert!(!world.text(&query).await.contains("agent-7"));
    }
}
