//! The pages of orders that were loaded so far, as one list.
//!
//! The first page may be read again at any time. What it then holds takes the place of what it
//! held before, order by order: a new order comes on top, and none is shown twice or lost.

use leptos::prelude::*;
use protocol::Query;
use protocol::view::{ChargeRow, OrderRow, Orders};

use super::list::Row;
use crate::data::{Data, InView};
use crate::ui::task;

/// How many rows more are shown at a time.
pub(super) const ROWS: usize = 20;

/// What is loaded. Copies are handles to the same list.
#[derive(Clone, Copy)]
pub(super) struct Loaded {
    orders: RwSignal<Vec<OrderRow>>,
    charges: RwSignal<Vec<ChargeRow>>,
    /// The cursor of the first page that is not loaded yet; `None` where there is none.
    pub(super) next: RwSignal<Option<String>>,
    /// Whether a page is on its way.
    pub(super) loading: RwSignal<bool>,
    /// Whether the last page that was asked for did not come.
    pub(super) failed: RwSignal<bool>,
    /// How many rows are shown.
    pub(super) shown: RwSignal<usize>,
    /// How many pages were loaded after the first.
    older: StoredValue<usize>,
}

impl Loaded {
    /// Nothing yet.
    pub(super) fn new() -> Loaded {
        Loaded {
            orders: RwSignal::new(Vec::new()),
            charges: RwSignal::new(Vec::new()),
            next: RwSignal::new(None),
            loading: RwSignal::new(false),
            failed: RwSignal::new(false),
            shown: RwSignal::new(ROWS),
            older: StoredValue::new(0),
        }
    }

    /// Takes the first page over, for the first time or again.
    pub(super) fn begin_with(self, page: &Orders) {
        self.charges.set(page.charges.clone());
        self.orders.update(|orders| merge(orders, &page.orders));
        // The pages that follow began where the first one ended when they were loaded.
        if self.older.get_value() == 0 {
            self.next.set(page.next.clone());
        }
    }

    /// Loads the next page.
    pub(super) fn load(self, data: Data) {
        let Some(cursor) = self.next.get_untracked() else {
            return;
        };
        if self.loading.get_untracked() {
            return;
        }
        self.loading.set(true);
        self.failed.set(false);
        task::spawn_to_the_end(async move {
            let cursor = Some(cursor);
            let view = data.once(Query::Orders { cursor }).await;
            let page = view.as_deref().and_then(Orders::of);
            if let Some(page) = page {
                let _ = self.orders.try_update(|orders| merge(orders, &page.orders));
                let _ = self.older.try_update_value(|older| *older += 1);
                task::set(self.next, page.next.clone());
            }
            task::set(self.failed, page.is_none());
            task::set(self.loading, false);
        });
    }

    /// All of it, the latest first.
    pub(super) fn rows(self) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let orders = self.orders.get();
        let charges = self.charges.get();
        // Charges stand among the orders by date: each is put before the first older one. A
        // sort would cost the bundle kilobytes.
        let all = charges.iter().map(Row::from);
        for row in all.chain(orders.iter().map(Row::from)) {
            let at = rows.partition_point(|other| other.date >= row.date);
            rows.insert(at, row);
        }
        rows
    }
}

/// Puts a page into the list: an order that is there already becomes what the page says.
fn merge(orders: &mut Vec<OrderRow>, page: &[OrderRow]) {
    for order in page {
        match orders.iter_mut().find(|known| known.id == order.id) {
            Some(known) => known.clone_from(order),
            None => orders.push(order.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::{Currency, Money, OrderId};

    fn order(id: u64, number: &str) -> OrderRow {
        OrderRow {
            id: OrderId(id),
            number: number.into(),
            date: None,
            state: "success".into(),
            items: Vec::new(),
            total: Some(Money::zero(Currency::USD)),
            refunded: Money::zero(Currency::USD),
        }
    }

    #[test]
    fn ph9_a_new_order_repeats_and_loses_none() {
        let mut orders = vec![order(3, "c"), order(2, "b"), order(1, "a")];
        merge(&mut orders, &[order(4, "d"), order(3, "c2")]);
        let mut numbers: Vec<&str> = orders.iter().map(|order| order.number.as_str()).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, ["a", "b", "c2", "d"]);
    }
}
