//! Paying for a delivery now: before its day, or again after its payment failed.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{
    Delivery, DeliveryKey, DeliverySchedule, DeliveryState, Overview, PaymentLine, PaymentMethod,
    PaymentMethodState, PaymentMethods,
};
use protocol::{ConfirmedAmount, Intent, Money, Operation, ProcessDelivery, Query};

use super::field::Field;
use super::form::Form;
use crate::data::{Action, Data, InView, PreviewState};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::parts::{delivery_place, held, names};
use crate::overview::words;
use crate::ui::{Choice, Line, LineKind};

/// Opens the review of paying for `delivery`. Where there is more than one payment method, another
/// can be chosen first.
pub(crate) fn open(page: &Page, delivery: Delivery) {
    let data = page.data;
    if !page.allows(Operation::AssignPaymentMethod) || delivery.due.is_none() {
        return review(page, delivery, Vec::new());
    }
    let read = async move {
        let view = data.once(Query::PaymentMethods).await?;
        Some(PaymentMethods::of(&view)?.methods.clone())
    };
    page.open_with(read, |page, methods| review(page, delivery, methods));
}

fn review(page: &Page, delivery: Delivery, methods: Vec<PaymentMethod>) {
    if let Some(due) = delivery.due {
        page.changes.start(|| action(page, delivery, due, methods));
    }
}

/// The same for the delivery called `key`, once it is known.
pub(crate) fn open_by_key(page: &Page, key: DeliveryKey) {
    let data = page.data;
    let read = async move {
        let view = data.once(Query::Deliveries).await?;
        let mut all = DeliverySchedule::of(&view)?.deliveries.iter();
        let found = all.find(|delivery| delivery.key == key);
        found.filter(|delivery| delivery.due.is_some()).cloned()
    };
    page.open_with(read, open);
}

fn action(
    page: &Page,
    delivery: Delivery,
    first: Money,
    methods: Vec<PaymentMethod>,
) -> Arc<dyn Action> {
    let (key, data, today) = (delivery.key, page.data, page.today());
    // What is agreed to is what the page knows when the review opens: after a refusal because
    // of another amount that is the new one.
    let amount = move || due(data, key).unwrap_or(first);
    let usual = delivery.payment.as_ref().map(|line| line.id);
    let usual = usual.map(|id| id.to_string()).unwrap_or_default();
    let chosen = RwSignal::new(usual.clone());
    let is_other = move || chosen.with_untracked(|chosen| *chosen != usual);
    let choices: Vec<Choice> = methods.iter().map(choice).collect();
    let with = move || {
        let line = methods
            .iter()
            .map(|method| &method.line)
            .find(|line| chosen.with_untracked(|chosen| *chosen == line.id.to_string()));
        line.cloned()
    };
    let other = with.clone();
    let sent = is_other.clone();
    let agreed = StoredValue::new(first);
    let preview = page.changes.preview;
    let intent = move || {
        agreed.set_value(amount());
        Intent::ProcessDelivery(ProcessDelivery {
            address_id: key.address_id,
            date: key.date,
            body: ConfirmedAmount {
                amount: amount(),
                payment_method_id: other().filter(|_| sent()).map(|line| line.id),
            },
        })
    };
    let failed = delivery.state == DeliveryState::Failed;
    let date = format::date(key.date, today);
    let title = if failed {
        t::process_delivery_title_failed(&date)
    } else {
        t::process_delivery_title(&date)
    };
    let mut fields = Vec::new();
    if choices.len() > 1 {
        let label = t::process_delivery_with();
        fields.push(Field::choice("payment_method_id", label, chosen, choices));
    }
    Form::new(title, intent)
        .fields(fields)
        .live()
        .review(move || lines(&delivery, amount(), with()))
        .meaning(move || {
            let text = match (is_other(), failed) {
                (true, _) => t::process_delivery_meaning_other(),
                (false, true) => t::process_delivery_meaning_failed(),
                (false, false) => t::process_delivery_meaning(),
            };
            text.to_owned()
        })
        .confirm(|| t::process_delivery_confirm().into())
        .sending(t::process_delivery_sending())
        .done(move |data, _| match state(data, key) {
            Some(DeliveryState::Processing) => t::process_delivery_pending().to_owned(),
            // Store credit may pay for a part of the amount.
            _ => {
                let taken = preview.with_untracked(|preview| match preview {
                    PreviewState::Ready(preview) => preview.pays_now,
                    _ => None,
                });
                let taken = taken.unwrap_or_else(|| agreed.get_value());
                t::process_delivery_done(&format::money(taken))
            }
        })
        .place(delivery_place(key))
        .action()
}

/// One payment method to choose. One that cannot be charged stays in sight, and says so.
fn choice(method: &PaymentMethod) -> Choice {
    let hint = match method.state {
        PaymentMethodState::Invalid => t::process_delivery_declined_before(),
        _ => "",
    };
    Choice {
        value: method.line.id.to_string(),
        label: words::payment_line(&method.line),
        hint: hint.to_owned(),
    }
}

fn lines(delivery: &Delivery, amount: Money, with: Option<PaymentLine>) -> Vec<Line> {
    let line = |label: &str, after: String| Line {
        label: label.into(),
        after,
        kind: LineKind::Changed,
        ..Line::default()
    };
    let card = with.as_ref().or(delivery.payment.as_ref());
    let card = card.map(words::payment_line);
    let coming = delivery.items.iter().filter(|item| !item.skipped);
    [
        Some(line(t::preview_pays_now(), format::money(amount))),
        card.map(|card| line(t::process_delivery_with(), card)),
        Some(line(
            t::process_delivery_for(),
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
