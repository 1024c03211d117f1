//! Tomás Ferreira's card was refused two days ago; it will be tried again tomorrow.

use base::{Currency, Unit};

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::{ChargeStatus, Tables};

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 200, Currency::USD);
    let tomas = build.customer("Tomás", "Ferreira", "tomas.ferreira@example.com");
    let home = postal(
        ("Tomás", "Ferreira"),
        "1480 Valencia Street",
        "San Francisco",
        Some("California"),
        "94110",
        "US",
    );
    let visa = build.card(tomas, "visa", "0341", build.today.add_months(14), &home);
    let address_id = build.address(tomas, home, Some(visa));
    let failed = build.day(-2);
    for (variant, quantity) in [(KENYA_250, 2), (OAT_MILK_6, 1)] {
        build.subscription(NewSubscription {
            address_id,
            variant,
            quantity,
            every: 4,
            unit: Unit::Week,
            prepaid: 1,
            first: failed.add_days(-28 * 6),
        });
    }
    build.until(build.day(-3));
    if let Some(card) = build.tables.payment_methods.get_mut(&visa) {
        card.status = "invalid".into();
        card.status_reason = Some("card_declined".into());
    }
    build.until(build.day(0));
    build.subscription(NewSubscription {
        address_id,
        variant: FILTER_PAPERS,
        quantity: 1,
        every: 8,
        unit: Unit::Week,
        prepaid: 1,
        first: build.day(11),
    });
    // The two deliveries before came by bank transfer: one is late, one still on its way.
    build.unpaid(
        address_id,
        failed.add_days(-56),
        ChargeStatus::PendingManualPayment,
    );
    build.unpaid(address_id, failed.add_days(-28), ChargeStatus::Pending);
    build.finish()
}
