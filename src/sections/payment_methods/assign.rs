//! Which addresses a payment method pays for.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Payable, PaymentMethod, PaymentMethods};
use protocol::{AddressId, Intent, PaidAddresses, PaymentMethodId};

use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::words;
use crate::ui::{Line, Tick};

/// Addresses to choose from, with what pays for each now. Copies choose the same.
#[derive(Clone, Copy)]
pub(super) struct Addresses {
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

impl Addresses {
    /// All of them; chosen are those with active subscriptions.
    pub(super) fn all(methods: &PaymentMethods) -> Addresses {
        Addresses::new(methods, |_| true, |address| address.active)
    }

    /// Those that `id` does not pay for yet.
    fn beside(methods: &PaymentMethods, id: PaymentMethodId) -> Addresses {
        Addresses::new(methods, |address| address.method != Some(id), |_| false)
    }

    fn new(
        methods: &PaymentMethods,
        offers: impl Fn(&Payable) -> bool,
        chosen: impl Fn(&Payable) -> bool,
    ) -> Addresses {
        let offered: Vec<&Payable> = methods.payable.iter().filter(|a| offers(a)).collect();
        let chosen = offered.iter().filter(|address| chosen(address));
        let only = (offered.len() == 1).then(|| offered.iter());
        let chosen: Vec<String> = match only {
            Some(only) => only.map(|address| address.id.to_string()).collect(),
            None => chosen.map(|address| address.id.to_string()).collect(),
        };
        let offered = offered.into_iter().map(|address| offer(address, methods));
        Addresses {
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
        Field::ticks("address_ids", t::assign_which(), self.chosen, ticks)
    }

    /// What pays for each of the chosen now and what will, with its next charge.
    pub(super) fn review(self, after: &str) -> Vec<Line> {
        let line = |address: Offered| Line {
            label: address.street,
            before: address.pays_now,
            after: match address.next.is_empty() {
                true => after.to_owned(),
                false => [after, address.next.as_str()].join(", "),
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

    fn street(self, id: &str) -> String {
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
        (Some(date), Some(total)) => t::assign_next(&format::money(total), &date),
        (Some(date), None) => t::assign_next_date(&date),
        (None, _) => String::new(),
    };
    Offered {
        id: address.id.to_string(),
        street: words::short(&address.lines.street),
        pays_now: pays_now.unwrap_or_else(|| t::assign_nothing().into()),
        next,
    }
}

/// Whether there is an address that `method` does not pay for yet.
pub(super) fn is_possible(method: &PaymentMethod, methods: &PaymentMethods) -> bool {
    let id = method.line.id;
    methods
        .payable
        .iter()
        .any(|address| address.method != Some(id))
}

/// Letting `method` pay for more addresses.
pub(super) fn assign(method: &PaymentMethod, methods: &PaymentMethods) -> Arc<dyn Action> {
    let id = method.line.id;
    let addresses = Addresses::beside(methods, id);
    let chosen = addresses.chosen;
    let name = words::payment_line(&method.line);
    let intent = move || Intent::AssignPaymentMethod {
        payment_method_id: id,
        body: PaidAddresses {
            address_ids: Addresses::ids(chosen),
        },
    };
    let nothing = move || {
        chosen
            .with_untracked(Vec::is_empty)
            .then(|| t::assign_none().to_owned())
    };
    let reviewed = name.clone();
    Form::new(t::assign_title(&name), intent)
        .fields(vec![addresses.field().check(nothing)])
        .each(chosen, move |id| addresses.street(id))
        .review(move || addresses.review(&reviewed))
        .meaning(|| t::assign_meaning().into())
        .confirm(|| t::assign_confirm().into())
        .done(move |_, _| t::assign_done(&name))
        .place(super::place(id))
        .action()
}
