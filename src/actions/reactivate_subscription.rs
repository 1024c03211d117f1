//! Reactivating a cancelled subscription.

use std::sync::Arc;

use protocol::view::{SubscriptionCard, SubscriptionDetail};
use protocol::{Date, Intent, Nothing, Query, ReactivateSubscription};

use super::form::Form;
use super::places;
use crate::data::{Action, Data};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::{parts, words};
use crate::ui::{Line, LineKind};

/// Opens the review of reactivating the subscription that `card` shows.
pub(crate) fn open(page: &Page, card: SubscriptionCard) {
    let today = page.today();
    page.changes.start(|| action(card, today));
}

fn action(card: SubscriptionCard, today: Date) -> Arc<dyn Action> {
    let id = card.id;
    let intent = move || {
        Intent::ReactivateSubscription(ReactivateSubscription {
            subscription_id: id,
            body: Nothing {},
        })
    };
    Form::new(t::reactivate_subscription_title(), intent)
        .review(move || lines(&card))
        .meaning(|| t::reactivate_subscription_meaning().into())
        .confirm(|| t::reactivate_subscription_confirm().into())
        .sending(t::reactivate_subscription_sending())
        .done(move |data, _| done(data, &Query::Subscription(id), today))
        .place(places::subscription(id))
        .action()
}

fn lines(card: &SubscriptionCard) -> Vec<Line> {
    let line = |label: &str, before: &str, after: String| Line {
        label: label.to_owned(),
        before: before.to_owned(),
        after,
        kind: LineKind::Changed,
    };
    let price = format::money(card.total());
    let active = t::subscription_active().to_owned();
    let mut lines = vec![
        line(t::subscription_what(), t::subscription_cancelled(), active),
        line(t::subscription_per_delivery(), "", price),
    ];
    if card.deliveries_per_charge > 1 {
        let label = t::subscription_per_payment(card.deliveries_per_charge as usize);
        lines.push(line(&label, "", format::money(card.payment())));
    }
    if let Some(interval) = card.interval {
        let often = words::sentence(&words::interval(interval));
        lines.push(line(t::subscription_interval(), "", often));
    }
    lines
}

/// That it is active again, and from when, as far as that is held by now.
fn done(data: Data, query: &Query, today: Date) -> String {
    let next = |detail: &SubscriptionDetail| detail.card.next_date;
    match parts::held(data, query, next).flatten() {
        Some(date) => t::reactivate_subscription_done_next(&format::date(date, today)),
        None => t::reactivate_subscription_done().to_owned(),
    }
}
