//! Amara Okafor pays ahead: coffee for three deliveries, tea for six, and tea that goes to
//! a friend as a gift.

use base::{Currency, Unit};
use serde_json::json;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::*;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 330, Currency::USD);
    let amara = build.customer("Amara", "Okafor", "amara.okafor@example.com");
    let home = postal(
        ("Amara", "Okafor"),
        "61 Lincoln Terrace",
        "Oakland",
        Some("California"),
        "94610",
        "US",
    );
    let friend = postal(
        ("Rosa", "Delgado"),
        "18 Calle Sol",
        "Santa Fe",
        Some("New Mexico"),
        "87501",
        "US",
    );
    let visa = build.card(amara, "visa", "4242", build.today.add_months(22), &home);
    let home_id = build.address(amara, home, Some(visa));
    let gift_id = build.address(amara, friend, Some(visa));
    if let Some(address) = build.tables.addresses.get_mut(&gift_id) {
        address.is_gift = true;
        address.order_note = Some("Happy birthday, Rosa!".into());
    }
    let monthly = |address_id, variant, prepaid, first| NewSubscription {
        unit: Unit::Month,
        prepaid,
        ..NewSubscription::weekly(address_id, variant, 1, 1, first)
    };
    // Each is in the middle of what was paid for: some sent, some still to be sent.
    let weeks_ago = |build: &Build, weeks: i32| build.day(-7 * weeks + 2);
    let espresso = weeks_ago(&build, 6);
    build.until(espresso.add_days(-3));
    build.subscription(NewSubscription {
        prepaid: 3,
        ..NewSubscription::weekly(home_id, ESPRESSO_250, 1, 4, espresso)
    });
    let tea = build.day(20).add_months(-3);
    build.subscription(monthly(home_id, SENCHA_100, 6, tea));
    let gift = build.day(12).add_months(-1);
    build.subscription(monthly(gift_id, EARL_GREY_100, 3, gift));
    build.until(build.day(-1));
    build.subscription(NewSubscription::weekly(
        home_id,
        OAT_MILK_6,
        1,
        2,
        build.day(5),
    ));
    gifts(&mut build, amara);
    build.finish()
}

/// Two gifts that she bought: one waits to be redeemed, one was.
fn gifts(build: &mut Build, sender: Id) {
    let sent = crate::clock::stamp(build.at);
    for (note, redeemed_at) in [
        ("For your new kitchen", json!(null)),
        ("Happy birthday, Rosa!", json!(sent)),
    ] {
        let gift = json!({
            "credit_account_id": null,
            "recipient_customer_id": null,
            "sender_customer_id": sender,
            "sender_name": "Amara Okafor",
            "amount": "45.00",
            "external_gift_product_id": {"ecommerce": "7310005"},
            "external_gift_variant_id": {"ecommerce": EARL_GREY_100},
            "external_order_id": {"ecommerce": "5210000001001"},
            "external_redeemable_product_ids": [],
            "gift_currency": "USD",
            "gift_note": note,
            "redeemed_at": redeemed_at,
            "redemption_link": "https://alder-and-finch.example/gifts/redeem",
            "notification_scheduled_at": sent,
            "notification_sent_at": sent,
            "redeemable_collection_id": null,
        });
        let at = build.at;
        build
            .tables
            .keep(kind::GIFT_PURCHASES, Some(sender), gift, at);
    }
}
