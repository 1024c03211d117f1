use std::sync::Arc;

use tokio::time::{sleep, timeout};

use super::*;

async fn ask(budget: &Budget, purpose: Purpose, seconds: u64) -> Result<(), Duration> {
    let deadline = Instant::now() + Duration::from_secs(seconds);
    budget.turn(purpose, deadline).await
}

async fn view(budget: &Budget, customer: u64, seconds: u64) -> Result<(), Duration> {
    ask(budget, Purpose::View(customer), seconds).await
}

/// Both calls of a first screen, one after the other, within half a minute in all.
async fn screen(budget: &Budget, customer: u64) -> Result<(), Duration> {
    let deadline = Instant::now() + Duration::from_secs(30);
    for _ in 0..2 {
        budget.turn(Purpose::View(customer), deadline).await?;
        sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_full_bucket_grants_at_once_and_then_at_the_leak() {
    let budget = Budget::new(5, 2);
    let start = Instant::now();
    for _ in 0..4 {
        assert!(view(&budget, 1, 1).await.is_ok());
    }
    assert_eq!(start.elapsed(), Duration::ZERO);
    for _ in 0..4 {
        assert!(view(&budget, 1, 30).await.is_ok());
    }
    assert!(start.elapsed() >= Duration::from_secs(2));
    assert!(start.elapsed() < Duration::from_millis(2_100));
}

#[tokio::test(start_paused = true)]
async fn one_customers_queue_delays_another_by_one_call() {
    let budget = Arc::new(Budget::new(2, 2));
    for _ in 0..200 {
        let budget = Arc::clone(&budget);
        tokio::spawn(async move { view(&budget, 1, 600).await });
    }
    tokio::time::sleep(Duration::from_millis(100)).await;
    let start = Instant::now();
    assert!(view(&budget, 2, 600).await.is_ok());
    assert!(
        start.elapsed() < Duration::from_secs(2),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn s36_fifty_customers_at_once_are_served_in_half_a_minute_within_the_bucket() {
    let (bucket, leak) = (40_u32, 2_u32);
    let budget = Arc::new(Budget::new(bucket, leak));
    let start = Instant::now();
    // The first screen of each needs two calls.
    let calls = (0..50).flat_map(|customer| [customer; 2]).map(|customer| {
        let budget = Arc::clone(&budget);
        tokio::spawn(async move {
            assert!(view(&budget, customer, 60).await.is_ok());
            (customer, start.elapsed())
        })
    });
    let mut granted = Vec::new();
    for call in calls.collect::<Vec<_>>() {
        granted.push(call.await.unwrap());
    }
    granted.sort_by_key(|(_, at)| *at);
    // Upstream's own bucket, in thousandths of a call.
    let (mut level, mut before) = (0, Duration::ZERO);
    for (_, at) in &granted {
        let leaked = (*at - before).as_millis() * u128::from(leak);
        level = level.max(leaked) - leaked + 1_000;
        assert!(level <= u128::from(bucket) * 1_000, "{level} at {at:?}");
        before = *at;
    }
    let last = granted.last().unwrap().1;
    assert!(last <= Duration::from_secs(31), "{last:?}");
}

#[tokio::test(start_paused = true)]
async fn who_gives_up_leaves_its_turn_to_the_next() {
    let budget = Budget::new(2, 1);
    assert!(view(&budget, 1, 1).await.is_ok());
    let given_up = timeout(Duration::from_millis(10), view(&budget, 1, 10)).await;
    assert!(given_up.is_err());
    let start = Instant::now();
    assert!(view(&budget, 2, 10).await.is_ok());
    assert!(start.elapsed() <= Duration::from_secs(1));
}

#[tokio::test(start_paused = true)]
async fn a_refusal_of_upstream_empties_the_budget() {
    let budget = Budget::new(40, 2);
    budget.exhausted();
    let start = Instant::now();
    assert!(view(&budget, 1, 10).await.is_ok());
    assert!(start.elapsed() >= Duration::from_millis(500));
}

#[tokio::test(start_paused = true)]
async fn s36_of_two_hundred_customers_at_once_as_many_as_the_bucket_allows_get_their_screen() {
    let budget = Arc::new(Budget::new(40, 2));
    let start = Instant::now();
    let customers = (0..200).map(|customer| {
        let budget = Arc::clone(&budget);
        tokio::spawn(async move {
            let first = screen(&budget, customer).await;
            let told = start.elapsed();
            let Err(wait) = first else {
                return (told, None);
            };
            // They come back when they were told to, and a little later.
            sleep(wait + Duration::from_millis(customer % 7 * 100)).await;
            (told, Some((wait, screen(&budget, customer).await)))
        })
    });
    let (mut served, mut waits) = (0, Vec::new());
    for customer in customers.collect::<Vec<_>>() {
        match customer.await.unwrap() {
            (_, None) => served += 1,
            (told, Some((wait, second))) => {
                assert!(told < Duration::from_secs(5), "told after {told:?}");
                assert!(second.is_ok(), "told to wait {wait:?}, then {second:?}");
                waits.push(wait);
            }
        }
    }
    // 39 calls at once and 60 more in half a minute make 49 pairs.
    assert!((47..=49).contains(&served), "{served}");
    waits.sort();
    let seconds = |wait: Option<&Duration>| wait.unwrap().as_secs();
    assert!((25..=35).contains(&seconds(waits.first())), "{waits:?}");
    assert!((170..=185).contains(&seconds(waits.last())), "{waits:?}");
    assert!(
        start.elapsed() < Duration::from_secs(230),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn links_come_before_customers_and_customers_before_the_background() {
    let budget = Arc::new(Budget::new(2, 1));
    assert!(view(&budget, 1, 30).await.is_ok());
    let mut order = Vec::new();
    let start = Instant::now();
    let asked = [
        Purpose::Background,
        Purpose::Change(2),
        Purpose::View(3),
        Purpose::Link,
        Purpose::Link,
    ];
    for (number, purpose) in asked.into_iter().enumerate() {
        let budget = Arc::clone(&budget);
        order.push(tokio::spawn(async move {
            assert!(ask(&budget, purpose, 30).await.is_ok());
            (start.elapsed(), number)
        }));
        tokio::task::yield_now().await;
    }
    let mut granted = Vec::new();
    for call in order {
        granted.push(call.await.unwrap());
    }
    granted.sort();
    let numbers: Vec<usize> = granted.iter().map(|(_, number)| *number).collect();
    assert_eq!(numbers, [3, 4, 1, 2, 0]);
}

#[tokio::test(start_paused = true)]
async fn twenty_links_are_made_while_customers_read_and_work_in_the_background_is_not_starved() {
    let budget = Arc::new(Budget::new(40, 2));
    for customer in 0..25 {
        for _ in 0..20 {
            let budget = Arc::clone(&budget);
            tokio::spawn(async move { view(&budget, customer, 30).await });
        }
    }
    tokio::task::yield_now().await;
    let spawn = |purpose| {
        let budget = Arc::clone(&budget);
        tokio::spawn(async move { ask(&budget, purpose, 30).await })
    };
    let links: Vec<_> = (0..20).map(|_| spawn(Purpose::Link)).collect();
    let background = spawn(Purpose::Background);
    for link in links {
        assert!(link.await.unwrap().is_ok());
    }
    assert!(background.await.unwrap().is_ok());
}

#[tokio::test(start_paused = true)]
async fn a_change_that_has_begun_comes_before_new_visits() {
    let budget = Arc::new(Budget::new(2, 1));
    assert!(ask(&budget, Purpose::Change(1), 30).await.is_ok());
    for customer in 10..30 {
        let budget = Arc::clone(&budget);
        tokio::spawn(async move { screen(&budget, customer).await });
    }
    tokio::task::yield_now().await;
    let start = Instant::now();
    for _ in 0..5 {
        assert!(ask(&budget, Purpose::Change(1), 30).await.is_ok());
    }
    assert!(
        start.elapsed() < Duration::from_secs(7),
        "{:?}",
        start.elapsed()
    );
}

#[tokio::test(start_paused = true)]
async fn what_cannot_be_made_in_time_is_refused_at_once_with_the_true_time() {
    let budget = Arc::new(Budget::new(2, 1));
    budget.exhausted();
    let start = Instant::now();
    let wait = view(&budget, 1, 1).await.unwrap_err();
    assert_eq!(start.elapsed(), Duration::ZERO);
    assert_eq!(wait, Duration::from_secs(2), "both calls of a screen");
    let wait = ask(&budget, Purpose::Link, 0).await.unwrap_err();
    assert!(wait >= Duration::from_secs(1));
    sleep(Duration::from_secs(2)).await;
    assert!(view(&budget, 1, 1).await.is_ok());
}

#[tokio::test(start_paused = true)]
async fn s39_visits_that_are_over_are_forgotten() {
    let budget = Budget::new(40, 1_000);
    for customer in 0..1_000 {
        assert!(view(&budget, customer, 30).await.is_ok());
    }
    sleep(VISIT).await;
    assert!(view(&budget, 1, 30).await.is_ok());
    assert_eq!(budget.lock().customers.len(), 1);
}
