//! Greta Sørensen runs a chain of cafés: 600 subscriptions over 20 addresses and 5,000
//! orders. Its rows are made directly: a history of that length would take too long to live.

use std::sync::Arc;

use base::{Currency, Date};

use super::build::{Build, NewSubscription, postal};
use super::catalogue::*;
use crate::charges::{content_for, line_of};
use crate::clock::{HOUR_MS, start_of};
use crate::rows::*;

const ADDRESSES: u32 = 20;
const SUBSCRIPTIONS: u32 = 600;
const ORDERS: u32 = 5_000;
/// Of charges older than this only the orders remain to be read.
const CHARGES_DAYS: i32 = 95;

const VARIANTS: [&str; 8] = [
    ESPRESSO_250,
    DECAF_250,
    KENYA_250,
    SENCHA_100,
    EARL_GREY_100,
    OAT_MILK_6,
    FILTER_PAPERS,
    CHAI_200,
];

/// The rows at `now`.
pub(super) fn tables(now: i64) -> Tables {
    let mut build = Build::begin(now, 0, Currency::USD);
    // Pictures travel inside the answers; thousands of them would be all one measures.
    for product in &mut build.tables.products {
        product.handle = "";
    }
    let greta = build.customer("Greta", "Sørensen", "greta.sorensen@example.com");
    let office = cafe(0);
    let cards: Vec<Id> = ["4242", "1881", "0005"]
        .iter()
        .map(|last4| {
            let expires = build.today.add_months(17);
            build.card(greta, "visa", last4, expires, &office)
        })
        .collect();
    let addresses: Vec<Id> = (0..ADDRESSES)
        .map(|n| build.address(greta, cafe(n), Some(cards[n as usize % cards.len()])))
        .collect();
    for n in 0..SUBSCRIPTIONS {
        subscribe(&mut build, &addresses, n);
    }
    remember(&mut build, greta, &addresses);
    build.finish()
}

fn cafe(n: u32) -> Postal {
    let mut postal = postal(
        ("Greta", "Sørensen"),
        &format!("{} Flanders Street", 100 + 12 * n),
        "Portland",
        Some("Oregon"),
        &format!("972{:02}", 1 + n),
        "US",
    );
    postal.company = Some(format!("Café Sørensen no. {}", n + 1));
    postal
}

/// Every fifth one is cancelled.
fn subscribe(build: &mut Build, addresses: &[Id], n: u32) {
    let every = [2, 4, 4, 8][n as usize % 4];
    let first = build.day(2 + (n * 3 % 28) as i32);
    let id = build.add_subscription(NewSubscription::weekly(
        addresses[n as usize % addresses.len()],
        VARIANTS[n as usize / addresses.len() % VARIANTS.len()],
        1 + n % 4,
        every,
        first,
    ));
    if n % 5 == 4 {
        build.cancel_quietly(id, "One café closed");
    }
}

/// The history, as if each address had been sent something every week.
fn remember(build: &mut Build, customer_id: Id, addresses: &[Id]) {
    let contents: Vec<Vec<Arc<Content>>> = addresses
        .iter()
        .map(|address| boxes(&build.tables, *address))
        .collect();
    let weeks = (ORDERS / ADDRESSES) as i32;
    for week in (1..=weeks).rev() {
        for (n, address_id) in addresses.iter().enumerate() {
            let date = build.day(-7 * week + n as i32 % 7);
            let content = &contents[n][week as usize % contents[n].len()];
            sent(build, customer_id, *address_id, date, content);
        }
    }
    if let Some(customer) = build.tables.customers.get_mut(&customer_id) {
        customer.first_charge_processed_at = Some(start_of(build.today.add_days(-7 * weeks)));
    }
}

/// What an address was sent, turn by turn: a few of its subscriptions each time.
fn boxes(tables: &Tables, address_id: Id) -> Vec<Arc<Content>> {
    let of_address = |s: &&Subscription| s.address_id == address_id;
    let lines: Vec<Line> = tables
        .subscriptions
        .values()
        .filter(of_address)
        .filter_map(|s| line_of(tables, s.id))
        .collect();
    lines
        .chunks(4)
        .map(|some| Arc::new(content_for(tables, address_id, some.to_vec(), None)))
        .collect()
}

/// One paid charge and its order; of long ago the order alone.
fn sent(build: &mut Build, customer_id: Id, address_id: Id, date: Date, content: &Arc<Content>) {
    let at = start_of(date) + HOUR_MS;
    let tables = &mut build.tables;
    let charge_id = if date.days_until(build.today) <= CHARGES_DAYS {
        crate::charges::queue(tables, address_id, date, Content::clone(content), at)
    } else {
        tables.new_id()
    };
    let number = tables.next_order_number();
    if let Some(charge) = tables.charges.get_mut(&charge_id) {
        charge.status = ChargeStatus::Success;
        charge.processed_at = Some(at);
        charge.orders_count = 1;
        charge.external_transaction_id = Some(format!("ch_{charge_id}"));
        charge.external_order_id = Some((5_210_000_000_000 + u64::from(number)).to_string());
    }
    let id = tables.new_id();
    tables.orders.insert(
        id,
        Order {
            id,
            charge_id,
            customer_id,
            address_id,
            status: "success",
            kind: "recurring",
            is_prepaid: false,
            scheduled_at: date,
            processed_at: Some(at),
            number,
            content: Arc::clone(content),
            created_at: at,
            updated_at: at,
        },
    );
}
