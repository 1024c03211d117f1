//! Sofia Castellano has the next weeks before her: four charges of each subscription are
//! queued at once.

use base::Currency;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::Tables;

/// How many charges this shop queues.
const QUEUED: u32 = 4;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 60, Currency::USD);
    for plan in build.tables.plans.values_mut() {
        plan.max_queued_charges = QUEUED;
    }
    let sofia = build.customer("Sofia", "Castellano", "sofia.castellano@example.com");
    let home = postal(
        ("Sofia", "Castellano"),
        "204 Marengo Street",
        "New Orleans",
        Some("Louisiana"),
        "70115",
        "US",
    );
    let visa = build.card(sofia, "visa", "4242", build.today.add_months(16), &home);
    let address_id = build.address(sofia, home, Some(visa));
    for (variant, every, days) in [
        (ESPRESSO_250, 2, 4),
        (OAT_MILK_6, 2, 4),
        (SENCHA_100, 4, 11),
    ] {
        let first = build.day(days).add_days(-7 * 8);
        build.subscription(NewSubscription::weekly(
            address_id, variant, 1, every, first,
        ));
    }
    build.finish()
}
