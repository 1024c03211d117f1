//! Fifty customers of one shop, for what many do at the same moment.

use base::{Currency, Unit};

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::Tables;

const CUSTOMERS: i32 = 50;

const VARIANTS: [&str; 4] = [ESPRESSO_250, OAT_MILK_6, KENYA_250, SENCHA_100];

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 60, Currency::USD);
    for (number, variant) in (1..=CUSTOMERS).zip(VARIANTS.into_iter().cycle()) {
        let surname = format!("Neighbour {number}");
        let street = format!("{number} Juniper Street");
        let home = postal(
            ("Robin", &surname),
            &street,
            "Brooklyn",
            Some("New York"),
            "11238",
            "US",
        );
        let email = format!("robin.{number}@example.com");
        let customer_id = build.customer("Robin", &surname, &email);
        let expires = build.today.add_months(20);
        let card = build.card(customer_id, "visa", "4242", expires, &home);
        let address_id = build.address(customer_id, home, Some(card));
        let first = build.day(number % 28 + 1).add_days(-28);
        build.subscription(NewSubscription {
            address_id,
            variant,
            quantity: 1,
            every: 4,
            unit: Unit::Week,
            prepaid: 1,
            first,
        });
    }
    build.finish()
}
