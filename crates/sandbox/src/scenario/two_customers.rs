//! Two customers of one shop, each with things the other must never see.

use base::{Currency, Unit};

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::{Id, Postal, Tables};

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 120, Currency::USD);
    let astrid = postal(
        ("Astrid", "Holm"),
        "2817 Ballard Avenue",
        "Seattle",
        Some("Washington"),
        "98107",
        "US",
    );
    let kwame = postal(
        ("Kwame", "Boateng"),
        "55 East Pearson Street",
        "Chicago",
        Some("Illinois"),
        "60611",
        "US",
    );
    person(
        &mut build,
        astrid,
        "astrid.holm@example.com",
        "1881",
        [ESPRESSO_250, OAT_MILK_6, DECAF_250],
        3,
    );
    person(
        &mut build,
        kwame,
        "kwame.boateng@example.com",
        "5556",
        [KENYA_250, FILTER_PAPERS, SENCHA_100],
        5,
    );
    build.finish()
}

/// One customer with the same of everything: two addresses, two cards, three
/// subscriptions (the last of them cancelled), a one-time, a history.
fn person(
    build: &mut Build,
    home: Postal,
    email: &str,
    last4: &str,
    variants: [&str; 3],
    in_days: i32,
) -> Id {
    let name = |field: &Option<String>| field.clone().unwrap_or_default();
    let (first_name, last_name) = (name(&home.first_name), name(&home.last_name));
    let customer_id = build.customer(&first_name, &last_name, email);
    let card = build.card(
        customer_id,
        "visa",
        last4,
        build.today.add_months(20),
        &home,
    );
    build.paypal(customer_id, email, &home);
    let work = Postal {
        company: Some("Harbour Studio".into()),
        ..home.clone()
    };
    let home_id = build.address(customer_id, home, Some(card));
    build.address(customer_id, work, Some(card));
    let next = build.day(in_days);
    let ids = variants.map(|variant| {
        build.subscription(NewSubscription {
            address_id: home_id,
            variant,
            quantity: 1,
            every: 4,
            unit: Unit::Week,
            prepaid: 1,
            first: next.add_days(-28 * 4),
        })
    });
    // Both histories begin on the first day, so that neither is complete before the other.
    build.cancel(ids[2], "I have too much of it", None);
    build.onetime(home_id, STROOPWAFELS, 1, next);
    customer_id
}
