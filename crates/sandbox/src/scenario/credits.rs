//! Leo Marchetti has store credit of three kinds, a friend to refer and a card to fill.

use base::{Currency, Money};
use serde_json::json;

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::clock::DAY_MS;
use crate::rows::*;

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 150, Currency::USD);
    let leo = build.customer("Leo", "Marchetti", "leo.marchetti@example.com");
    let home = postal(
        ("Leo", "Marchetti"),
        "330 Wickenden Street",
        "Providence",
        Some("Rhode Island"),
        "02903",
        "US",
    );
    let visa = build.card(leo, "visa", "4242", build.today.add_months(19), &home);
    let spare = build.card(leo, "mastercard", "4444", build.today.add_months(33), &home);
    let address_id = build.address(leo, home, Some(visa));
    for (variant, every) in [(KENYA_250, 4), (FILTER_PAPERS, 8)] {
        let first = build.day(6).add_days(-7 * 16);
        build.subscription(NewSubscription::weekly(
            address_id, variant, 1, every, first,
        ));
    }
    build.until(build.day(-1));
    account(&mut build, leo, "Referral reward", "reward", 750, Some(40));
    account(&mut build, leo, "With our apologies", "manual", 450, None);
    account(&mut build, leo, "Gift from Nonna", "gift", 2_500, Some(300));
    account(&mut build, leo, "Summer 2024", "reward", 500, Some(-20));
    if let Some(method) = build.tables.payment_methods.get_mut(&spare) {
        method.status_reason = None;
    }
    rewards(&mut build, leo);
    build.finish()
}

/// Credit of one kind, in cents, that expires in so many days.
fn account(
    build: &mut Build,
    customer_id: Id,
    name: &str,
    kind: &'static str,
    cents: i64,
    expires_in_days: Option<i64>,
) {
    let id = build.tables.new_id();
    let amount = Money::from_minor(cents, Currency::USD);
    build.tables.credit_accounts.insert(
        id,
        CreditAccount {
            id,
            customer_id,
            name: name.into(),
            kind,
            available: amount,
            initial: amount,
            expires_at: expires_in_days.map(|days| build.at + days * DAY_MS),
            redemption_code: format!("CREDIT-{id}"),
            created_at: build.at - 30 * DAY_MS,
            updated_at: build.at - 30 * DAY_MS,
        },
    );
}

/// What the customer's `include` shows beside: a referral link, a punch card, a notice.
fn rewards(build: &mut Build, customer_id: Id) {
    build.tables.rewards.insert(
        customer_id,
        Rewards {
            referral_slug: "leo-m".into(),
            punch_card_orders: 4,
            punch_states: ["redeemed", "earned", "earned", "earned", "locked", "locked"]
                .map(str::to_owned)
                .to_vec(),
        },
    );
    let notice = json!({
        "customer_id": customer_id,
        "flow_id": 4_410,
        "view_schema": {"title": "Two more deliveries until your free tin"},
    });
    let at = build.at;
    build
        .tables
        .keep(kind::ANNOUNCEMENTS, Some(customer_id), notice, at);
}
