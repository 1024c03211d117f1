//! The sandbox, read with the types that clients use: a field
//! that either side names wrongly comes back empty and fails here.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use recharge::{Charge, DeliverySchedule, NoAnswer, Recharge, Request, Resource};
use sandbox::{Effect, Fault, Scenario, Store};
use sandbox_recharge::Upstream;
use serde_json::json;

/// A day in milliseconds.
const DAY_MS: i64 = 86_400_000;
/// Noon of 31 January 2026: months of every length lie ahead.
const NOW_MS: i64 = 20_484 * DAY_MS + DAY_MS / 2;

fn upstream(scenario: Scenario) -> (Upstream, Arc<AtomicI64>) {
    let clock = Arc::new(AtomicI64::new(NOW_MS));
    let read = Arc::clone(&clock);
    let store = Store::new(scenario, NOW_MS);
    (
        Upstream::new(store, move || read.load(Ordering::Relaxed)),
        clock,
    )
}

async fn list<T: Resource>(upstream: &Upstream, path: &str) -> Vec<T> {
    let body = upstream
        .call(Request::get(path).with("limit", 250))
        .await
        .unwrap()
        .body
        .unwrap();
    let plural = path.trim_start_matches('/');
    serde_json::from_value(body[plural].clone()).unwrap()
}

#[tokio::test]
async fn charges_are_read_with_their_sums_and_lines() {
    let (upstream, _) = upstream(Scenario::Everyday);
    let charges: Vec<Charge> = list(&upstream, "/charges").await;
    assert!(charges.len() > 8);
    for charge in &charges {
        assert!(charge.scheduled_at.is_some() && charge.currency.is_some());
        assert!(!charge.line_items.is_empty() && charge.customer.id.0 > 0);
        assert!(
            charge
                .line_items
                .iter()
                .all(|line| line.purchase_item_id.0 > 0 && line.quantity > 0)
        );
        assert!(charge.line_items.iter().all(|line| !line.title.is_empty()));
        assert_eq!(charge.processed_at.is_some(), charge.orders_count > 0);
    }
}

#[tokio::test]
async fn the_schedule_is_read_with_its_orders() {
    let (upstream, _) = upstream(Scenario::Everyday);
    let id = upstream.store().customers()[0].id;
    let answer = upstream
        .call(Request::get(format!("/customers/{id}/delivery_schedule")))
        .await
        .unwrap();
    let schedule: DeliverySchedule = serde_json::from_value(answer.body.unwrap()).unwrap();
    assert_eq!(schedule.customer.id.0, id);
    assert!(schedule.deliveries.len() > 6);
}

#[tokio::test]
async fn a_lost_answer_is_lost_whether_it_had_an_effect_or_not() {
    let (upstream, _) = upstream(Scenario::Everyday);
    let charges: Vec<Charge> = list(&upstream, "/charges").await;
    let queued = charges
        .iter()
        .find(|charge| charge.status.as_str() == "queued")
        .unwrap();
    let path = format!("/charges/{}/skip", queued.id.0);
    for effect in [Effect::LoseBefore, Effect::LoseAfter] {
        upstream
            .store()
            .add_fault(Fault::once("POST", "/charges/{id}/skip", effect));
        let lost = upstream.call(Request::post(path.as_str(), json!({}))).await;
        assert_eq!(lost, Err(NoAnswer::Lost));
    }
    let wrote: Vec<bool> = upstream
        .store()
        .log()
        .iter()
        .filter(|e| e.is_lost)
        .map(|e| e.wrote)
        .collect();
    assert_eq!(wrote, [false, true]);
}

#[tokio::test]
async fn a_refusal_for_haste_says_how_long_to_wait() {
    let (upstream, clock) = upstream(Scenario::Everyday);
    let limited = upstream.store().clone().rate_limited();
    *upstream.store() = limited;
    let read = || upstream.call(Request::get("/store"));
    for _ in 0..40 {
        assert_eq!(read().await.unwrap().status, 200);
    }
    let refused = read().await.unwrap();
    assert_eq!((refused.status, refused.retry_after_ms), (429, Some(1_000)));
    clock.fetch_add(1_000, Ordering::Relaxed);
    assert_eq!(read().await.unwrap().status, 200);
}

#[tokio::test]
async fn time_passes_between_calls() {
    let (upstream, clock) = upstream(Scenario::Everyday);
    let before: Vec<Charge> = list(&upstream, "/charges").await;
    clock.fetch_add(4 * DAY_MS, Ordering::Relaxed);
    let after: Vec<Charge> = list(&upstream, "/charges").await;
    let paid = |charges: &[Charge]| {
        charges
            .iter()
            .filter(|c| c.status.as_str() == "success")
            .count()
    };
    assert!(paid(&after) > paid(&before));
}
