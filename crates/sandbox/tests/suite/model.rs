//! Random sequences of what customers do, and what must hold after each of them.

use proptest::prelude::*;
use sandbox::Scenario;
use serde_json::json;

use crate::shop::{DAY_MS, Shop};

#[path = "model/beside.rs"]
mod beside;
#[path = "model/check.rs"]
mod check;
#[path = "model/command.rs"]
mod command;
#[path = "model/run.rs"]
mod run;

use command::{Command, command};

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_done_the_store_stays_consistent(
        scenario in prop::sample::select(&[
            Scenario::Everyday,
            Scenario::TwoCustomers,
            Scenario::Dunning,
            Scenario::Prepaid,
            Scenario::SeveralQueued,
            Scenario::TaxIncludedJpy,
            Scenario::Bundles,
            Scenario::Credits,
        ][..]),
        commands in prop::collection::vec(command(), 1..14),
    ) {
        let mut shop = Shop::open(scenario);
        check::rows(&mut shop);
        for command in &commands {
            run::run(&mut shop, command);
            shop.settle();
            check::rows(&mut shop);
        }
        check::reading(&mut shop);
    }

    #[test]
    fn every_scenario_is_consistent_on_any_day(
        scenario in prop::sample::select(&Scenario::ALL[..]).prop_filter("too much to read", |s| *s != Scenario::Large),
        day in 19_000i64..22_000,
        hour in 0i64..24,
    ) {
        let mut shop = Shop::open_at(scenario, day * DAY_MS + hour * DAY_MS / 24);
        check::rows(&mut shop);
        if scenario == Scenario::Everyday {
            let orders = shop.list("orders").len();
            prop_assert!(orders >= 14, "{orders} orders");
            for status in ["refunded", "partially_refunded", "skipped"] {
                let charges = shop.list(&format!("charges?status={status}"));
                prop_assert!(!charges.is_empty(), "no charge is {}", status);
            }
            let next = &shop.deliveries()[0];
            prop_assert!(next["line_items"].as_array().unwrap().len() >= 4, "{}", next);
        }
    }

    #[test]
    fn skip_then_unskip_restores_the_schedule(
        commands in prop::collection::vec(command(), 0..6),
        which in any::<prop::sample::Index>(),
        mask in 1u8..,
    ) {
        let mut shop = Shop::open(Scenario::Everyday);
        commands.iter().for_each(|command| run::run(&mut shop, command));
        shop.settle();
        let before = check::schedule(&mut shop);
        if let Some((charge, items)) = run::skippable(&mut shop, which, mask) {
            let skipped = shop.send("POST", &format!("/charges/{charge}/skip"), items.clone());
            prop_assert_eq!(skipped.status, 200);
            let id = skipped.body.unwrap()["charge"]["id"].as_u64().unwrap();
            prop_assert_ne!(&before, &check::schedule(&mut shop));
            let back = shop.send("POST", &format!("/charges/{id}/unskip"), items.clone());
            prop_assert_eq!(back.status, 200);
            prop_assert_eq!(before, check::schedule(&mut shop));
        }
    }

    #[test]
    fn skipping_ahead_then_unskipping_restores_the_schedule(
        commands in prop::collection::vec(command(), 0..6),
        which in any::<prop::sample::Index>(),
    ) {
        let mut shop = Shop::open(Scenario::Everyday);
        commands.iter().for_each(|command| run::run(&mut shop, command));
        shop.settle();
        let before = check::schedule(&mut shop);
        if let Some((subscription, date)) = run::ahead(&mut shop, which) {
            let body = json!({"date": date, "subscription_id": subscription.to_string()});
            let skipped = shop.send("POST", &format!("/subscriptions/{subscription}/charges/skip"), body.clone());
            prop_assert_eq!(skipped.status, 200);
            let charge = skipped.body.unwrap()["charge"].clone();
            prop_assert_eq!(&charge["status"], "skipped");
            prop_assert_eq!(&charge["scheduled_at"], &json!(date));
            let items = json!({"purchase_item_ids": [subscription]});
            let back = shop.send("POST", &format!("/charges/{}/unskip", charge["id"]), items.clone());
            prop_assert_eq!(back.status, 200);
            prop_assert_eq!(before, check::schedule(&mut shop));
        }
    }
}

/// A plain case of the above, so that a broken generator shows.
#[test]
fn the_generators_reach_every_state() {
    let mut shop = Shop::open(Scenario::Everyday);
    for command in [
        Command::Skip {
            which: 0,
            mask: 1,
            commit: false,
        },
        Command::Advance { days: 30 },
        Command::Cancel {
            which: 0,
            commit: true,
        },
    ] {
        run::run(&mut shop, &command);
    }
    let charges = shop.list("charges");
    let has = |status: &str| charges.iter().any(|charge| charge["status"] == status);
    assert!(
        has("skipped") && has("queued") && has("success"),
        "{charges:?}"
    );
}
