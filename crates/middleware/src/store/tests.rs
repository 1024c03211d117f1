//! The contract that every store keeps, and what the file adds to it.

mod bounds;
mod upgrade;

use gateway::{Actor, Begun, EntryState, Journal};
use protocol::CustomerId;

use super::{Bearer, Link, LinkUse, Session, SqliteStore, Store, Sweep, Terms, TokenHash};

const MAYA: CustomerId = CustomerId(7);
/// Beyond what a signed number holds.
const FAR: CustomerId = CustomerId(u64::MAX);

async fn store() -> (tempfile::TempDir, SqliteStore) {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(&folder.path().join("portal.db")).await;
    (folder, store.unwrap())
}

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

#[tokio::test]
async fn a_link_is_taken_once_and_in_time() {
    let (_folder, store) = store().await;
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

#[tokio::test]
async fn a_session_lives_until_it_is_ended() {
    let (_folder, store) = store().await;
    let token = TokenHash::of("session");
    store.add_session(token, &session(1, 1)).await.unwrap();
    store.touch_session(token, 5).await.unwrap();
    assert_eq!(store.session(token).await, Ok(Some(session(1, 5))));
    store.end_session(token).await.unwrap();
    assert_eq!(store.session(token).await, Ok(None));
    store.touch_session(token, 9).await.unwrap();
    assert_eq!(store.session(token).await, Ok(None));
}

fn bearer(session: &str, expires_ms: i64) -> Bearer {
    Bearer {
        session: TokenHash::of(session),
        origin: "https://shop.example".into(),
        expires_ms,
    }
}

#[tokio::test]
async fn a_bearer_token_replaces_those_before_it_and_ends_with_its_session() {
    let (_folder, store) = store().await;
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

#[tokio::test]
async fn the_sweep_forgets_what_has_expired_and_nothing_else() {
    let (_folder, store) = store().await;
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

#[tokio::test]
async fn a_change_goes_from_open_to_finished_and_survives_a_restart() {
    let (folder, store) = store().await;
    assert_eq!(
        store.begin(FAR, "key", "{1}", &Actor::Customer, 5).await,
        Ok(Begun::New)
    );
    store.note(FAR, "key", "proof").await.unwrap();
    store.close().await;

    let store = SqliteStore::open(&folder.path().join("portal.db"))
        .await
        .unwrap();
    let open = store.open(Some(FAR)).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!((open[0].customer, open[0].begun_ms), (FAR, 5));
    assert_eq!(
        (open[0].intent.as_str(), open[0].evidence.as_str()),
        ("{1}", "proof")
    );
    assert_eq!(store.open(Some(MAYA)).await, Ok(Vec::new()));

    store.finish(FAR, "key", "done", 9).await.unwrap();
    assert_eq!(store.open(None).await, Ok(Vec::new()));
    let Ok(Begun::Known(entry)) = store.begin(FAR, "key", "{2}", &Actor::Customer, 9).await else {
        panic!("the key is known");
    };
    assert_eq!(entry.state, EntryState::Finished("done".into()));
    assert_eq!(entry.intent, "{1}");
    assert!(
        store.note(FAR, "key", "later").await.is_err(),
        "it is finished"
    );
}

#[tokio::test]
async fn an_open_change_may_be_forgotten_a_finished_one_not() {
    let (_folder, store) = store().await;
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

#[tokio::test]
async fn of_many_who_begin_the_same_change_one_does() {
    let (_folder, store) = store().await;
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

#[tokio::test]
async fn a_link_is_not_good_before_it_was_made() {
    let (_folder, store) = store().await;
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

#[tokio::test]
async fn s50_an_open_change_belongs_to_one_process() {
    let (folder, first) = store().await;
    assert_eq!(
        first.begin(MAYA, "key", "{}", &Actor::Customer, 1).await,
        Ok(Begun::New)
    );
    // A second process that the lease did not keep out.
    let options = super::sqlite::options(&folder.path().join("portal.db"));
    let second = SqliteStore::connect(options, None).await.unwrap();
    assert_eq!(
        second.begin(MAYA, "key", "{}", &Actor::Customer, 2).await,
        Ok(Begun::Held)
    );
    assert_eq!(second.open(None).await, Ok(Vec::new()));
    assert!(second.note(MAYA, "key", "proof").await.is_err());
    assert!(second.finish(MAYA, "key", "done", 2).await.is_err());
    second.forget(MAYA, "key").await.unwrap();
    assert_eq!(first.open(None).await.unwrap().len(), 1);

    // One that was taken over writes nothing more.
    second.take_over().await.unwrap();
    assert!(first.note(MAYA, "key", "proof").await.is_err());
    assert_eq!(second.open(None).await.unwrap().len(), 1);
}
