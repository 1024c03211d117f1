use std::sync::atomic::{AtomicI64, Ordering};

use base::{BoxFuture, Date};

use super::*;

/// A clock that is set by hand.
#[derive(Default)]
struct Hand(AtomicI64);

impl Env for Hand {
    fn now_ms(&self) -> i64 {
        self.0.load(Ordering::SeqCst)
    }
    fn local(&self, _: i64) -> (Date, u16) {
        (Date::from_days(0), 0)
    }
    fn instant(&self, _: Date, _: u16) -> i64 {
        0
    }
    fn sleep(&self, _: u64) -> BoxFuture<'static, ()> {
        Box::pin(std::future::ready(()))
    }
    fn random(&self) -> [u8; 16] {
        [0; 16]
    }
}

fn limits() -> (Limits, Arc<Hand>) {
    let example = include_str!("../../../../examples/portal.toml");
    let config = Config::parse(example, "portal.toml", std::path::Path::new("")).unwrap();
    let clock = Arc::new(Hand::default());
    let env: Arc<dyn Env> = clock.clone();
    (Limits::new(&config, &env), clock)
}

fn wait(refused: Result<(), ApiError>) -> Option<u16> {
    let response = refused.err()?.into_response();
    let seconds = response.headers()["retry-after"].to_str().unwrap();
    seconds.parse().ok()
}

fn address(last: u8) -> IpAddr {
    [192, 0, 2, last].into()
}

#[test]
fn a_minutes_share_may_come_at_once_and_refills_over_a_minute() {
    let (limits, clock) = limits();
    let session = TokenHash::of("session");
    let ask = || limits.request(session, CustomerId(1));
    assert!((0..240).all(|_| ask().is_ok()));
    assert_eq!(wait(ask()), Some(1));
    clock.0.fetch_add(250, Ordering::SeqCst);
    assert!(ask().is_ok());
    assert!(ask().is_err());
    // A clock that falls back takes nothing that was earned, and gives nothing.
    clock.0.fetch_sub(3_600_000, Ordering::SeqCst);
    assert!(ask().is_err());
    clock.0.fetch_add(250, Ordering::SeqCst);
    assert!(ask().is_ok());
}

#[test]
fn s23_a_customer_is_counted_over_all_sessions() {
    let (limits, _) = limits();
    let ask = |session: u32, customer| {
        let session = TokenHash::of(&session.to_string());
        limits.request(session, CustomerId(customer))
    };
    assert!((0..480).all(|session| ask(session, 1).is_ok()));
    assert!(ask(481, 1).is_err());
    assert!(ask(482, 2).is_ok());
}

#[test]
fn s23_guesses_at_the_secret_are_slowed_by_address_and_in_all() {
    let (limits, clock) = limits();
    let guess = |last| limits.secret(address(last), || false);
    assert!((0..20).all(|_| guess(1).is_ok()));
    // Even the right one is not looked at any more.
    let right = limits.secret(address(1), || true);
    assert_eq!(wait(right.map(drop)), Some(4));
    assert!(limits.secret(address(200), || true).is_ok());
    let spread = (2..100).filter(|last| guess(*last).is_ok()).count();
    assert_eq!(spread, 98);
    let more = (0..200).filter(|n| guess(100 + n % 100).is_ok()).count();
    assert_eq!(more, 200 - 20 - 1 - 98, "in all");
    // The merchant's own server is not locked out by others, but may not guess either.
    assert!(limits.secret(address(200), || true).unwrap());
    assert!(guess(200).is_err());
    clock.0.fetch_add(3_000, Ordering::SeqCst);
    assert!(guess(1).is_ok());
}

#[test]
fn s23_links_and_emails_of_a_customer_are_bounded() {
    let (limits, _) = limits();
    let links = (0..500).filter(|_| limits.link(CustomerId(1)).is_ok());
    assert_eq!(links.count(), 20);
    let act = |action| {
        let acts = (0..400).filter(|_| limits.action(CustomerId(1), action).is_ok());
        acts.count()
    };
    assert_eq!(act(Operation::ReportProblem), 5);
    assert_eq!(act(Operation::RequestDeletion), 0);
    assert_eq!(act(Operation::SkipDelivery), 400);
}

#[test]
fn one_client_has_64_bits_of_ipv6() {
    let network = |text: &str| network(text.parse().unwrap()).to_string();
    assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::");
    assert_eq!(network("192.0.2.1"), "192.0.2.1");
}

#[test]
fn s39_what_is_counted_is_bounded_and_forgotten() {
    let (limits, clock) = limits();
    for customer in 0..KEYS as u64 + 500 {
        let _ = limits.link(CustomerId(customer));
    }
    assert_eq!(limits.links.0.len(), KEYS);
    clock.0.fetch_add(3_600_000, Ordering::SeqCst);
    limits.sweep();
    assert_eq!(limits.links.0.len(), 0);
}
