//! Eleanor Whitcombe left half a year ago. What she bought can still be read.

use base::{Currency, Unit};

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::Tables;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 500, Currency::USD);
    let eleanor = build.customer("Eleanor", "Whitcombe", "eleanor.whitcombe@example.com");
    let home = postal(
        ("Eleanor", "Whitcombe"),
        "37 Juniper Hill Road",
        "Burlington",
        Some("Vermont"),
        "05401",
        "US",
    );
    let amex = build.card(eleanor, "amex", "1005", build.today.add_months(9), &home);
    let address_id = build.address(eleanor, home, Some(amex));
    let weekly = |variant, every, first| NewSubscription {
        address_id,
        variant,
        quantity: 1,
        every,
        unit: Unit::Week,
        prepaid: 1,
        first,
    };
    build.until(build.day(-480));
    let tea = build.subscription(weekly(EARL_GREY_100, 6, build.day(-480)));
    let sencha = build.subscription(weekly(SENCHA_100, 6, build.day(-480)));
    build.until(build.day(-220));
    build.cancel(sencha, "I prefer something else", None);
    build.until(build.day(-185));
    build.cancel(
        tea,
        "I am moving",
        Some("We are off to Portugal. Thank you for two lovely years of tea."),
    );
    build.finish()
}
