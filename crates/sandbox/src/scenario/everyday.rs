//! Maya Lindqvist, a year and a half with the shop: coffee at home in Brooklyn, tea for
//! her parents in Bath.

use std::collections::BTreeSet;

use base::{Currency, Date, Money, Unit};
use serde_json::json;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::*;
use crate::skip;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 555, Currency::USD);
    let (home_id, bath_id) = settle_in(&mut build);
    let decaf = subscribe(&mut build, home_id, bath_id);
    live(&mut build, home_id, decaf);
    track(&mut build);
    build.finish()
}

/// The day of the next delivery at home.
fn next(build: &Build) -> Date {
    build.day(3)
}

/// Maya, her three ways to pay, and the two addresses: home and Bath.
fn settle_in(build: &mut Build) -> (Id, Id) {
    let maya = build.customer("Maya", "Lindqvist", "maya.lindqvist@example.com");
    let mut home = postal(
        ("Maya", "Lindqvist"),
        "214 Prospect Place",
        "Brooklyn",
        Some("New York"),
        "11238",
        "US",
    );
    home.address2 = Some("Apt 3R".into());
    home.phone = Some("+1 718 555 0117".into());
    let bath = postal(
        ("Ingrid", "Lindqvist"),
        "9 Lansdown Crescent",
        "Bath",
        None,
        "BA1 5EX",
        "GB",
    );
    let visa = build.card(maya, "visa", "4242", next(build).add_months(31), &home);
    let mastercard = build.card(maya, "mastercard", "4444", build.today.add_months(1), &home);
    build.paypal(maya, "maya.lindqvist@example.com", &home);
    let home_id = build.address(maya, home, Some(visa));
    let bath_id = build.address(maya, bath, Some(mastercard));
    if let Some(address) = build.tables.addresses.get_mut(&home_id) {
        address.order_note = Some("Please leave with the super if nobody answers.".into());
    }
    (home_id, bath_id)
}

/// What she subscribed to over the time; answers the decaf.
fn subscribe(build: &mut Build, home_id: Id, bath_id: Id) -> Id {
    let next = next(build);
    let weeks_before = |weeks: i32| next.add_days(-7 * weeks);
    build.until(weeks_before(76));
    let espresso = build.subscription(NewSubscription::weekly(
        home_id,
        ESPRESSO_250,
        2,
        4,
        weeks_before(76),
    ));
    if let Some(subscription) = build.tables.subscriptions.get_mut(&espresso) {
        subscription.details.properties = json!([{"name": "Roast", "value": "Medium"}]);
    }
    let chai = build.subscription(NewSubscription::weekly(
        home_id,
        CHAI_200,
        1,
        8,
        weeks_before(76),
    ));
    build.until(weeks_before(56));
    build.subscription(NewSubscription::weekly(
        home_id,
        FILTER_PAPERS,
        1,
        8,
        weeks_before(56),
    ));
    build.until(weeks_before(44));
    build.onetime(home_id, TRAVEL_MUG, 1, weeks_before(44));
    build.until(weeks_before(30));
    build.cancel(
        chai,
        "I have too much of it",
        Some("Lovely, but two of us only drink it in winter."),
    );
    build.until(weeks_before(25));
    build.subscription(NewSubscription::weekly(
        bath_id,
        SENCHA_100,
        1,
        6,
        build.day(9).add_days(-7 * 24),
    ));
    let finch10 = discount(&build.tables, "FINCH10");
    if let Some(address) = build.tables.addresses.get_mut(&bath_id) {
        address.discount_id = finch10;
    }
    build.until(weeks_before(16));
    build.subscription(NewSubscription::weekly(
        home_id,
        OAT_MILK_6,
        1,
        2,
        weeks_before(8),
    ));
    build.until(build.day(-74));
    let decaf = build.subscription(NewSubscription {
        unit: Unit::Month,
        ..NewSubscription::weekly(home_id, DECAF_250, 1, 1, build.day(12).add_months(-3))
    });
    build.subscription(NewSubscription {
        unit: Unit::Month,
        prepaid: 3,
        ..NewSubscription::weekly(bath_id, EARL_GREY_100, 2, 1, build.day(24).add_months(-3))
    });
    decaf
}

/// What happened on the way: a month skipped, two refunds, something sweet for next time.
fn live(build: &mut Build, home_id: Id, decaf: Id) {
    let next = next(build);
    let weeks_before = |weeks: i32| next.add_days(-7 * weeks);
    // Away for a while: one month of decaf was skipped. Months differ in length, so its
    // charge is looked for by what is on it.
    build.until(build.day(-24));
    let charges = build.tables.charges.values();
    let missed = charges
        .filter(|c| c.is_open() && c.has(decaf))
        .map(|c| c.id)
        .next();
    if let Some(charge_id) = missed {
        let items = BTreeSet::from([decaf]);
        skip::skip_queued(&mut build.tables, charge_id, &items, build.at);
    }
    build.until(build.day(-2));
    build.onetime(home_id, STROOPWAFELS, 2, next);
    build.refund(
        home_id,
        weeks_before(8),
        Some(Money::from_minor(1_450, Currency::USD)),
    );
    build.refund(home_id, weeks_before(12), None);
}

/// Where the last three parcels are, as the shop's shipping app notes it on their orders.
fn track(build: &mut Build) {
    let at = build.at;
    let sent = build.tables.orders.values().rev();
    let last: Vec<Id> = sent
        .filter(|order| order.status == "success")
        .take(3)
        .map(|order| order.id)
        .collect();
    for (order_id, state) in last
        .into_iter()
        .zip(["in_transit", "delivered", "delivered"])
    {
        let number = format!("1Z{order_id}");
        let tracking = json!({
            "carrier": "UPS",
            "status": state,
            "tracking_number": number,
            "tracking_url": format!("https://parcels.example/track/{number}"),
        });
        let metafield = json!({
            "owner_resource": "order",
            "owner_id": order_id.to_string(),
            "namespace": "fulfillment",
            "key": "tracking",
            "value": tracking.to_string(),
            "value_type": "json_string",
            "description": "Where the parcel is",
        });
        build.tables.keep(kind::METAFIELDS, None, metafield, at);
    }
}
