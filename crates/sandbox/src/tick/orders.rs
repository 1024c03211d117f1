//! The orders that a paid charge leads to.

use base::Date;

use crate::rows::*;

/// One order now, and for prepaid items one for each later delivery already paid.
pub(super) fn make_orders(tables: &mut Tables, charge_id: Id, now: i64) {
    let Some(charge) = tables.charges.get(&charge_id).cloned() else {
        return;
    };
    let first = add_order(
        tables,
        &charge,
        charge.content.clone(),
        charge.scheduled_at,
        Some(now),
    );
    let number = tables.orders.get(&first).map_or(0, |order| order.number);
    let mut count = 1;
    for line in charge.content.lines.iter().filter(|line| line.is_prepaid) {
        let Some(subscription) = tables.subscriptions.get(&line.purchase_item_id) else {
            continue;
        };
        let (interval, deliveries) = (
            subscription.interval,
            subscription.charge_every / subscription.interval.every,
        );
        for n in 1..deliveries {
            let date = interval.after(charge.scheduled_at, n);
            let content = Content {
                lines: vec![already_paid(line)],
                ..charge.content.clone()
            };
            add_order(tables, &charge, zeroed(content), date, None);
            count += 1;
        }
    }
    if let Some(charge) = tables.charges.get_mut(&charge_id) {
        charge.orders_count = count;
        charge.external_order_id = Some((5_210_000_000_000 + u64::from(number)).to_string());
    }
}

fn already_paid(line: &Line) -> Line {
    let nothing = base::Money::zero(line.subtotal.currency());
    Line {
        unit_price: nothing,
        subtotal: nothing,
        discount: nothing,
        tax: nothing,
        ..line.clone()
    }
}

fn zeroed(mut content: Content) -> Content {
    let nothing = base::Money::zero(content.currency);
    let totals = &mut content.totals;
    for amount in [
        &mut totals.lines,
        &mut totals.discounts,
        &mut totals.credit,
        &mut totals.shipping,
        &mut totals.tax,
        &mut totals.price,
    ] {
        *amount = nothing;
    }
    content
}

fn add_order(
    tables: &mut Tables,
    charge: &Charge,
    content: Content,
    date: Date,
    sent: Option<i64>,
) -> Id {
    let id = tables.new_id();
    let number = tables.next_order_number();
    let is_prepaid = content.lines.iter().any(|line| line.is_prepaid);
    let created_at = sent.or(charge.processed_at).unwrap_or(charge.created_at);
    tables.orders.insert(
        id,
        Order {
            id,
            charge_id: charge.id,
            customer_id: charge.customer_id,
            address_id: charge.address_id,
            status: if sent.is_some() { "success" } else { "queued" },
            kind: charge.kind,
            is_prepaid,
            scheduled_at: date,
            processed_at: sent,
            number,
            content: content.into(),
            created_at,
            updated_at: created_at,
        },
    );
    id
}
