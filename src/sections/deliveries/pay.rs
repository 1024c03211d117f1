//! Paying for a delivery now: 'order now', and 'pay now' where a payment failed.

use std::sync::Arc;

use protocol::view::{Delivery, DeliveryKey, DeliverySchedule, DeliveryState, Overview};
use protocol::{ConfirmedAmount, Intent, Money, Query};

use super::super::action::Form;
use super::super::page::Page;
use super::super::parts::{delivery_place, held, names};
use super::super::words;
use super::next_sentence;
use crate::data::{Action, Data, InView};
use crate::i18n::{format, t};
use crate::ui::{Line, LineKind};

/// Opens the review of paying for `delivery`.
pub(super) fn start(page: &Page, delivery: Delivery) {
    if let Some(due) = delivery.due {
        page.changes.start(|| pay(page, delivery, due));
    }
}

/// The same for the delivery called `key`, once it is known.
pub(in crate::sections) fn start_by_key(page: &Page, key: DeliveryKey) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::Deliveries).await?;
        let mut all = DeliverySchedule::of(&view)?.deliveries.iter();
        let found = all.find(|delivery| delivery.key == key);
        found.filter(|delivery| delivery.due.is_some()).cloned()
    };
    page.open_with(read, start);
}

fn pay(page: &Page, delivery: Delivery, first: Money) -> Arc<dyn Action> {
    let (key, data, today) = (delivery.key, page.data, page.today());
    // What is agreed to is what the page knows when the review opens: after a refusal because
    // of another amount that is the new one.
    let amount = move || due(data, key).unwrap_or(first);
    let intent = move || Intent::ProcessDelivery {
        address_id: key.address_id,
        date: key.date,
        body: ConfirmedAmount { amount: amount() },
    };
    let failed = delivery.state == DeliveryState::Failed;
    let date = format::date(key.date, today);
    let title = match failed {
        true => t::pay_title_failed(&date),
        false => t::pay_title(&date),
    };
    Form::new(title, intent)
        .review(move || lines(&delivery, amount()))
        .meaning(move || match failed {
            true => t::pay_meaning_failed().to_owned(),
            false => t::pay_meaning().to_owned(),
        })
        .confirm(|| t::pay_confirm().into())
        .sending(t::pay_sending())
        .done(move |data, _| match state(data, key) {
            Some(DeliveryState::Processing) => t::pay_pending().to_owned(),
            _ => [t::pay_done(), &next_sentence(data, today)].join(" "),
        })
        .place(delivery_place(key))
        .action()
}

fn lines(delivery: &Delivery, amount: Money) -> Vec<Line> {
    let line = |label: &str, after: String| Line {
        label: label.into(),
        after,
        kind: LineKind::Changed,
        ..Line::default()
    };
    let card = delivery.payment.as_ref().map(words::payment_line);
    let coming = delivery.items.iter().filter(|item| !item.skipped);
    [
        Some(line(t::preview_pays_now(), format::money(amount))),
        card.map(|card| line(t::pay_with(), card)),
        Some(line(
            t::pay_for(),
            names(coming.map(|item| item.title.as_str())),
        )),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The delivery as it is held now, by the schedule or the overview.
fn now<T>(data: Data, key: DeliveryKey, read: impl Fn(&Delivery) -> T) -> Option<T> {
    let in_schedule = held(data, &Query::Deliveries, |view: &DeliverySchedule| {
        view.deliveries.iter().find(|d| d.key == key).map(&read)
    });
    in_schedule.flatten().or_else(|| {
        let in_overview = held(data, &Query::Overview, |view: &Overview| {
            let mut all = view.next.iter().chain(&view.later);
            all.find(|d| d.key == key).map(&read)
        });
        in_overview.flatten()
    })
}

fn due(data: Data, key: DeliveryKey) -> Option<Money> {
    now(data, key, |delivery| delivery.due).flatten()
}

fn state(data: Data, key: DeliveryKey) -> Option<DeliveryState> {
    now(data, key, |delivery| delivery.state.clone())
}
