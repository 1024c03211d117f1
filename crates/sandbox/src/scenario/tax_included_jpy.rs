//! Hana Sato in Tōkyō: prices in yen, which has no smaller unit, with tax included.

use base::Currency;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::Tables;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 200, Currency::JPY);
    build.tables.shop.taxes_included = true;
    let hana = build.customer("Hana", "Sato", "hana.sato@example.com");
    let mut home = postal(
        ("花", "佐藤"),
        "神宮前 4-12-10",
        "渋谷区",
        Some("Tōkyō"),
        "150-0001",
        "JP",
    );
    home.address2 = Some("メゾン青山 302号".into());
    home.phone = Some("+81 3 5555 0117".into());
    let osaka = postal(
        ("健二", "佐藤"),
        "天神橋 2-3-8",
        "大阪市北区",
        Some("Ōsaka"),
        "530-0041",
        "JP",
    );
    let visa = build.card(hana, "visa", "4242", build.today.add_months(27), &home);
    let home_id = build.address(hana, home, Some(visa));
    let osaka_id = build.address(hana, osaka, Some(visa));
    let first = |build: &Build, days| build.day(days).add_days(-7 * 24);
    for (variant, quantity, every, days) in [
        (SENCHA_100, 2, 4, 3),
        (ESPRESSO_250, 1, 4, 3),
        (CHAI_200, 1, 8, 10),
    ] {
        let first = first(&build, days);
        build.subscription(NewSubscription::weekly(
            home_id, variant, quantity, every, first,
        ));
    }
    let gift = first(&build, 8);
    build.subscription(NewSubscription::weekly(osaka_id, EARL_GREY_100, 1, 6, gift));
    let finch10 = discount(&build.tables, "FINCH10");
    if let Some(address) = build.tables.addresses.get_mut(&osaka_id) {
        address.discount_id = finch10;
    }
    build.finish()
}
