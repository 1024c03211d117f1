//! Nadia Rahman buys from a store on Shopify's checkout: her card can be read but not
//! changed here, nothing is processed early, and a new frequency moves the next date.

use base::Currency;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::Tables;
use crate::settings::{Process, Settings};

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 120, Currency::USD);
    build.tables.shop.settings = Settings {
        process: Process::Off,
        recalculate_next_charge: true,
        ..Settings::default()
    };
    let nadia = build.customer("Nadia", "Rahman", "nadia.rahman@example.com");
    let home = postal(
        ("Nadia", "Rahman"),
        "12 Elm Row",
        "Ann Arbor",
        Some("Michigan"),
        "48104",
        "US",
    );
    let card = build.card(nadia, "visa", "4242", build.today.add_months(2), &home);
    if let Some(method) = build.tables.payment_methods.get_mut(&card) {
        method.processor_name = "shopify_payments".into();
    }
    let address_id = build.address(nadia, home, Some(card));
    for (variant, every, days) in [
        (DECAF_250, 4, 5),
        (OAT_MILK_6, 2, 5),
        (EARL_GREY_100, 6, 12),
    ] {
        let first = build.day(days).add_days(-7 * 12);
        build.subscription(NewSubscription::weekly(
            address_id, variant, 1, every, first,
        ));
    }
    build.finish()
}
