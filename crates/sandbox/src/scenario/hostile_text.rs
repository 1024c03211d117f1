//! Text that tries to break out of the page: markup, direction controls, names of ten
//! kilobytes, properties of every kind. Nothing of it may run, hide or push aside.

use base::{Currency, Unit};
use serde_json::json;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::rows::Tables;

const SCRIPT: &str = "<script>document.title='broken into'</script>";
const IMAGE: &str = "<img src=x onerror=\"document.title='broken into'\">";
/// Right-to-left override: what follows would be shown backwards.
const OVERRIDE: &str = "\u{202e}gnp.kcap 1 x 1\u{202c}";
/// A long word without a place to break, and one letter under a heap of marks.
const STACKED: &str = "Z\u{0351}\u{036b}\u{0343}\u{036a}\u{0302}\u{036b}\u{033d}\u{034f}\u{0334}\u{0319}\u{0324}\u{031e}";

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 90, Currency::USD);
    let customer_id = build.customer(
        IMAGE,
        "O'Brien\"><svg onload=alert(1)>",
        "hostile+text@example.com",
    );
    let mut home = postal(
        (IMAGE, "{{constructor.constructor('alert(1)')()}}"),
        "12 \u{2066}Main\u{2069} St \u{202e}teertS",
        "São José dos Campos & <b>Sons</b>",
        Some("Oregon"),
        "97201",
        "US",
    );
    home.company = Some("javascript:alert(1)".into());
    let card = build.card(
        customer_id,
        SCRIPT,
        "<b>",
        build.today.add_months(20),
        &home,
    );
    let address_id = build.address(customer_id, home, Some(card));
    if let Some(address) = build.tables.addresses.get_mut(&address_id) {
        address.order_note = Some(format!("{SCRIPT}\r\nSet-Cookie: a=b\u{0000}\u{2028}"));
    }
    let next = build.day(3);
    let titles = [
        (ESPRESSO_250, SCRIPT.to_owned()),
        (DECAF_250, "Decaf that goes on ".repeat(540)),
        (KENYA_250, "W".repeat(10_240)),
        (SENCHA_100, format!("Green tea {OVERRIDE}")),
        (CHAI_200, STACKED.repeat(40)),
        (OAT_MILK_6, String::new()),
    ];
    for (n, (variant, title)) in titles.into_iter().enumerate() {
        let id = build.subscription(NewSubscription {
            address_id,
            variant,
            quantity: 1,
            every: 4,
            unit: Unit::Week,
            prepaid: 1,
            first: next.add_days(-28 * 2),
        });
        let Some(subscription) = build.tables.subscriptions.get_mut(&id) else {
            continue;
        };
        subscription.details.product_title = title;
        subscription.details.variant_title = Some(IMAGE.into());
        if n % 2 == 0 {
            subscription.details.properties = json!([
                {"name": "__proto__", "value": "{\"polluted\": true}"},
                {"name": SCRIPT, "value": IMAGE},
                {"name": "shipping_interval_frequency", "value": "30"},
                {"name": "_hidden", "value": "\u{202e}\u{2067}"},
                {"name": "Engraving", "value": 7},
                {"name": "Gift", "value": null},
                {"name": "Nested", "value": {"a": [1, 2]}},
            ]);
        }
    }
    let last = build.subscription(NewSubscription {
        address_id,
        variant: STROOPWAFELS,
        quantity: 1,
        every: 4,
        unit: Unit::Week,
        prepaid: 1,
        first: build.day(9),
    });
    build.until(build.day(-1));
    build.cancel(last, SCRIPT, Some(IMAGE));
    build.finish()
}
