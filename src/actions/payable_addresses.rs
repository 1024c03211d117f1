//! The question which addresses a payment method pays for.

use leptos::prelude::*;
use protocol::view::{Payable, PaymentMethods};
use protocol::{AddressId, PaymentMethodId};

use super::field::Field;
use crate::i18n::{format, t};
use crate::overview::words;
use crate::ui::{Line, Tick};

/// Addresses to choose from, with what pays for each now. Copies choose the same.
#[derive(Clone, Copy)]
pub(super) struct PayableAddresses {
    /// The ids of those that are chosen.
    pub(super) chosen: RwSignal<Vec<String>>,
    offered: StoredValue<Vec<Offered>>,
}

/// One address to choose.
#[derive(Clone)]
struct Offered {
    id: String,
    street: String,
    pays_now: String,
    next: String,
}

impl PayableAddresses {
    /// All of them; chosen are those with active subscriptions.
    pub(super) fn all(methods: &PaymentMethods) -> PayableAddresses {
        PayableAddresses::new(methods, |_| true, |address| address.active)
    }

    /// All of them; chosen are those that `id` pays for now.
    pub(super) fn paid_by(methods: &PaymentMethods, id: PaymentMethodId) -> PayableAddresses {
        let paid = |address: &Payable| address.method == Some(id);
        PayableAddresses::new(methods, |_| true, paid)
    }

    /// Those that `id` does not pay for yet.
    pub(super) fn beside(methods: &PaymentMethods, id: PaymentMethodId) -> PayableAddresses {
        PayableAddresses::new(methods, |address| address.method != Some(id), |_| false)
    }

    fn new(
        methods: &PaymentMethods,
        offers: impl Fn(&Payable) -> bool,
        chosen: impl Fn(&Payable) -> bool,
    ) -> PayableAddresses {
        let offered: Vec<&Payable> = methods.payable.iter().filter(|a| offers(a)).collect();
        let chosen = offered.iter().filter(|address| chosen(address));
        let only = (offered.len() == 1).then(|| offered.iter());
        let chosen: Vec<String> = match only {
            Some(only) => only.map(|address| address.id.to_string()).collect(),
            None => chosen.map(|address| address.id.to_string()).collect(),
        };
        let offered = offered.into_iter().map(|address| offer(address, methods));
        PayableAddresses {
            chosen: RwSignal::new(chosen),
            offered: StoredValue::new(offered.collect()),
        }
    }

    /// The question which of them.
    pub(super) fn field(self) -> Field {
        let tick = |address: &Offered| Tick {
            value: address.id.clone(),
            label: address.street.clone(),
            hint: address.pays_now.clone(),
            ..Tick::default()
        };
        let ticks: Vec<Tick> = self
            .offered
            .with_value(|offered| offered.iter().map(tick).collect());
        Field::ticks("address_ids", t::payable_which(), self.chosen, ticks)
    }

    /// What pays for each of the chosen now and what will, with its next charge.
    pub(super) fn review(self, after: &str) -> Vec<Line> {
        let line = |address: Offered| Line {
            label: address.street,
            before: address.pays_now,
            after: if address.next.is_empty() {
                after.to_owned()
            } else {
                [after, address.next.as_str()].join(t::list_comma())
            },
            ..Line::default()
        };
        let is_chosen =
            |address: &Offered| self.chosen.with_untracked(|all| all.contains(&address.id));
        let offered = self.offered.get_value().into_iter();
        offered.filter(is_chosen).map(line).collect()
    }

    /// The ids of the chosen ones.
    pub(super) fn ids(chosen: RwSignal<Vec<String>>) -> Vec<AddressId> {
        let id = |text: &String| text.parse().ok().map(AddressId);
        chosen.with_untracked(|all| all.iter().filter_map(id).collect())
    }

    /// The street of the address `id`.
    pub(super) fn street(self, id: &str) -> String {
        self.offered.with_value(|offered| {
            let found = offered.iter().find(|address| address.id == id);
            found
                .map(|address| address.street.clone())
                .unwrap_or_default()
        })
    }
}

fn offer(address: &Payable, methods: &PaymentMethods) -> Offered {
    let mut all = methods.methods.iter();
    let pays = all.find(|method| Some(method.line.id) == address.method);
    let pays_now = pays.map(|method| words::payment_line(&method.line));
    let date = address.next.map(format::date_with_year);
    let next = match (date, address.total) {
        (Some(date), Some(total)) => t::payable_next(&format::money(total), &date),
        (Some(date), None) => t::payable_next_date(&date),
        (None, _) => String::new(),
    };
    Offered {
        id: address.id.to_string(),
        street: words::short(&address.lines.street),
        pays_now: pays_now.unwrap_or_else(|| t::payable_no_method().into()),
        next,
    }
}
