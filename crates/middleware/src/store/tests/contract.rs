//! What every database does.

use gateway::{Actor, Begun};

use super::{FAR, MAYA};
use crate::store::{Bearer, Database, Link, LinkUse, Outbox, Session, Sweep, Terms, TokenHash};

fn link(expires_ms: i64) -> Link {
    Link {
        id: "ps_link".into(),
        customer: FAR,
        terms: Terms {
            return_url: Some("https://shop.example/".into()),
            ..Terms::default()
        },
        made_ms: 0,
        expires_ms,
    }
}

fn session(begun_ms: i64, seen_ms: i64) -> Session {
    Session {
        id: "ps_session".into(),
        customer: MAYA,
        terms: Terms::default(),
        begun_ms,
        seen_ms,
    }
}

fn bearer(session: &str, expires_ms: i64) -> Bearer {
    Bearer {
        session: TokenHash::of(session),
        origin: "https://shop.example".into(),
        expires_ms,
    }
}

pub(super) async fn a_link_is_taken_once_and_in_time(store: impl Database + Clone) {
    let (good, late) = (TokenHash::of("good"), TokenHash::of("late"));
    store.add_link(good, &link(100)).await.unwrap();
    store.add_link(late, &link(100)).await.unwrap();
    assert_eq!(store.link(good, 99).await, Ok(LinkUse::Good(link(100))));
    assert_eq!(
        store.take_link(good, 99).await,
        Ok(LinkUse::Good(link(100)))
    );
    assert_eq!(
        store.link(good, 99).await,
        Ok(LinkUse::AlreadyUsed(link(100)))
    );
    assert_eq!(
        store.link(late, 100).await,
        Ok(LinkUse::AlreadyUsed(link(100)))
    );
    assert_eq!(
        store.take_link(good, 99).await,
        Ok(LinkUse::AlreadyUsed(link(100)))
    );
    assert_eq!(
        store.take_link(late, 100).await,
        Ok(LinkUse::AlreadyUsed(link(100)))
    );
    let never = TokenHash::of("never");
    assert_eq!(store.take_link(never, 0).await, Ok(LinkUse::Unknown));
}

pub(super) async fn a_session_lives_until_it_is_ended(store: impl Database + Clone) {
    let token = TokenHash::of("session");
    store.add_session(token, &session(1, 1)).await.unwrap();
    store.touch_session(token, 5).await.unwrap();
    assert_eq!(store.session(token).await, Ok(Some(session(1, 5))));
    store.end_session(token).await.unwrap();
    assert_eq!(store.session(token).await, Ok(None));
    store.touch_session(token, 9).await.unwrap();
    assert_eq!(store.session(token).await, Ok(None));
}

pub(super) async fn a_bearer_token_replaces_those_before_it_and_ends_with_its_session(
    store: impl Database + Clone,
) {
    let token = TokenHash::of;
    for name in ["maya", "other"] {
        store
            .add_session(token(name), &session(1, 1))
            .await
            .unwrap();
    }
    for (name, session, expires_ms) in [("first", "maya", 900), ("of other", "other", 900)] {
        let bearer = bearer(session, expires_ms);
        let added = store.add_bearer(token(name), &bearer, 10).await;
        assert_eq!(added, Ok(true));
    }
    let second = bearer("maya", 1_800);
    assert_eq!(
        store.add_bearer(token("second"), &second, 950).await,
        Ok(true)
    );
    let third = bearer("maya", 2_700);
    assert_eq!(
        store.add_bearer(token("third"), &third, 1_000).await,
        Ok(true)
    );
    for (name, session, expires_ms) in [
        ("first", "maya", 900),
        ("second", "maya", 1_000),
        ("third", "maya", 2_700),
        ("of other", "other", 900),
    ] {
        let found = store.bearer(token(name)).await;
        assert_eq!(found, Ok(Some(bearer(session, expires_ms))), "{name}");
    }
    store.end_session(token("maya")).await.unwrap();
    for name in ["first", "second", "third"] {
        assert_eq!(store.bearer(token(name)).await, Ok(None), "{name}");
    }
    assert!(store.bearer(token("of other")).await.unwrap().is_some());
    let late = store.add_bearer(token("late"), &third, 1_000).await;
    assert_eq!(late, Ok(false));
    assert_eq!(store.bearer(token("late")).await, Ok(None));
}

pub(super) async fn the_sweep_forgets_what_has_expired_and_nothing_else(
    store: impl Database + Clone,
) {
    let token = |name: &str| TokenHash::of(name);
    store.add_link(token("old"), &link(10)).await.unwrap();
    store.add_link(token("new"), &link(100)).await.unwrap();
    for (name, begun_ms, seen_ms) in [("idle", 50, 10), ("old", 10, 50), ("live", 50, 50)] {
        let session = session(begun_ms, seen_ms);
        store.add_session(token(name), &session).await.unwrap();
    }
    for (name, expires_ms) in [("expired", 20), ("good", 21)] {
        let bearer = bearer("live", expires_ms);
        let added = store.add_bearer(token(name), &bearer, expires_ms).await;
        assert_eq!(added, Ok(true));
    }
    for key in ["finished", "open"] {
        store
            .begin(MAYA, key, "{}", &Actor::Customer, 10)
            .await
            .unwrap();
    }
    store.finish(MAYA, "finished", "{}", 10).await.unwrap();

    let before = Sweep {
        links_before_ms: 20,
        seen_before_ms: 20,
        begun_before_ms: 20,
        changes_before_ms: 20,
        now_ms: 20,
    };
    store.sweep(before).await.unwrap();
    assert_eq!(store.take_link(token("old"), 0).await, Ok(LinkUse::Unknown));
    assert!(matches!(
        store.take_link(token("new"), 0).await,
        Ok(LinkUse::Good(_))
    ));
    assert_eq!(store.session(token("idle")).await, Ok(None));
    assert_eq!(store.session(token("old")).await, Ok(None));
    assert!(store.session(token("live")).await.unwrap().is_some());
    assert_eq!(store.bearer(token("expired")).await, Ok(None));
    assert!(store.bearer(token("good")).await.unwrap().is_some());
    assert_eq!(
        store
            .begin(MAYA, "finished", "{}", &Actor::Customer, 20)
            .await,
        Ok(Begun::New)
    );
    assert!(matches!(
        store.begin(MAYA, "open", "{}", &Actor::Customer, 20).await,
        Ok(Begun::Known(_))
    ));
}

pub(super) async fn an_open_change_may_be_forgotten_a_finished_one_not(
    store: impl Database + Clone,
) {
    store
        .begin(MAYA, "key", "{}", &Actor::Customer, 1)
        .await
        .unwrap();
    store.forget(MAYA, "key").await.unwrap();
    assert_eq!(
        store.begin(MAYA, "key", "{}", &Actor::Customer, 1).await,
        Ok(Begun::New)
    );
    store.finish(MAYA, "key", "done", 1).await.unwrap();
    store.forget(MAYA, "key").await.unwrap();
    assert!(matches!(
        store.begin(MAYA, "key", "{}", &Actor::Customer, 1).await,
        Ok(Begun::Known(_))
    ));
}

pub(super) async fn of_many_who_begin_the_same_change_one_does(store: impl Database + Clone) {
    let begun = (0..10).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.begin(MAYA, "key", "{}", &Actor::Customer, 1).await })
    });
    let mut new = 0;
    for begun in begun.collect::<Vec<_>>() {
        new += usize::from(begun.await.unwrap() == Ok(Begun::New));
    }
    assert_eq!(new, 1);
}

pub(super) async fn a_link_is_not_good_before_it_was_made(store: impl Database + Clone) {
    let made = Link {
        made_ms: 200_000,
        ..link(500_000)
    };
    store.add_link(TokenHash::of("link"), &made).await.unwrap();
    let taken = store.take_link(TokenHash::of("link"), 100_000).await;
    assert_eq!(taken, Ok(LinkUse::AlreadyUsed(made.clone())));
    // A small step is no reason.
    let taken = store.take_link(TokenHash::of("link"), 150_000).await;
    assert_eq!(taken, Ok(LinkUse::Good(made)));
}

pub(super) async fn a_job_is_due_until_it_is_done(store: impl Database + Clone) {
    Outbox::add(&store, "first", "{}", 5).await.unwrap();
    Outbox::add(&store, "first", "{}", 9).await.unwrap();
    Outbox::add(&store, "second", "{}", 7).await.unwrap();
    assert!(store.due(4, 8).await.unwrap().is_empty());
    let due = store.due(7, 8).await.unwrap();
    let ids: Vec<&str> = due.iter().map(|job| job.id.as_str()).collect();
    assert_eq!(ids, ["first", "second"]);
    store.done("first").await.unwrap();
    store
        .failed("second", "no answer", Some(100))
        .await
        .unwrap();
    assert!(store.due(99, 8).await.unwrap().is_empty());
    let due = store.due(100, 8).await.unwrap();
    assert_eq!(
        (due[0].tries, due[0].error.as_deref()),
        (1, Some("no answer"))
    );
    let backlog = store.backlog().await.unwrap();
    assert_eq!(
        (backlog.waiting, backlog.failing, backlog.given_up),
        (1, 1, 0)
    );
}
