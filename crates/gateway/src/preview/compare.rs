//! What differs between two models, in the words of a preview.

use std::collections::BTreeSet;

use protocol::view::{
    Caution, Delivery, DeliveryKey, DeliveryState, PreviewLine, SubscriptionCard, Topic, Value,
};
use protocol::{AddressId, Date, SubscriptionId};

use super::model::Model;

/// How many days of an address are shown.
const DATES: usize = 3;

/// What a change will do, the most important first.
pub(super) fn lines(before: &Model, after: &Model) -> Vec<PreviewLine> {
    let mut lines = subscription_lines(before, after);
    for address_id in addresses(before, after) {
        let dates = |model: &Model| Some(Value::Dates(dates(model, address_id)));
        lines.extend(line(Topic::Deliveries, "", dates(before), dates(after)));
    }
    lines.extend(first_delivery(before, after));
    lines
}

/// Upstream rounds the discount and the tax of each line by itself, so that a sum may come out by
/// so many smallest units otherwise than the whole says. Nobody needs to be told.
const ROUNDING: u64 = 3;

/// What came otherwise than foreseen.
pub(super) fn differences(foreseen: &Model, now: &Model) -> Vec<PreviewLine> {
    if now.deliveries.iter().any(|delivery| delivery.updating) {
        // What upstream still works out says nothing yet.
        return subscription_lines(foreseen, now);
    }
    let mut lines = lines(foreseen, now);
    // Where no sum could be foreseen, none was promised.
    lines.retain(|line| !line.estimated || (line.before.is_some() && !is_rounding(line)));
    lines
}

fn is_rounding(line: &PreviewLine) -> bool {
    match (&line.before, &line.after) {
        (Some(Value::Money(was)), Some(Value::Money(is))) => {
            was.minor().abs_diff(is.minor()) <= ROUNDING
        }
        _ => false,
    }
}

/// What the customer should know, each once.
pub(super) fn cautions(before: &Model, after: &Model) -> Vec<Caution> {
    let mut cautions = after.cautions.clone();
    let ends = |card: &SubscriptionCard| {
        card.next_date.is_none() && find(before, card).is_some_and(|was| was.next_date.is_some())
    };
    if after.cards.iter().any(ends) {
        cautions.push(Caution::Ends);
    }
    let mut seen: Vec<Caution> = Vec::new();
    cautions.retain(|caution| {
        let is_new = !seen.contains(caution);
        seen.push(caution.clone());
        is_new
    });
    cautions
}

/// The same subscription in another model. One that was foreseen has no id yet.
fn find<'a>(model: &'a Model, like: &SubscriptionCard) -> Option<&'a SubscriptionCard> {
    let is_foreseen = |card: &&SubscriptionCard| {
        card.id == SubscriptionId(0)
            && card.address_id == like.address_id
            && (&card.title, &card.variant) == (&like.title, &like.variant)
    };
    let mut cards = model.cards.iter();
    let known = cards.find(|card| card.id == like.id);
    known.or_else(|| model.cards.iter().find(is_foreseen))
}

/// What of a subscription is compared, in the order in which it is told.
const TOPICS: [Topic; 5] = [
    Topic::Product,
    Topic::NextDate,
    Topic::Interval,
    Topic::Quantity,
    Topic::Price,
];

/// The values of [`TOPICS`].
fn values(card: &SubscriptionCard) -> [Option<Value>; 5] {
    [
        Some(Value::Text(name(card))),
        card.next_date.map(Value::Date),
        card.interval.map(Value::Interval),
        Some(Value::Count(card.quantity)),
        Some(Value::Money(card.price)),
    ]
}

fn subscription_lines(before: &Model, after: &Model) -> Vec<PreviewLine> {
    let changed: Vec<(Option<&SubscriptionCard>, &SubscriptionCard)> = after
        .cards
        .iter()
        .map(|card| (find(before, card), card))
        .filter(|(was, is)| *was != Some(*is))
        .collect();
    let is_many = changed.len() > 1;
    let mut lines = Vec::new();
    for (was, is) in changed {
        let subject = if is_many { is.title.as_str() } else { "" };
        let was = was.map(values).unwrap_or_default();
        for ((topic, is), was) in TOPICS.into_iter().zip(values(is)).zip(was) {
            lines.extend(line(topic, subject, was, is));
        }
    }
    lines
}

fn name(card: &SubscriptionCard) -> String {
    match card.variant.is_empty() {
        true => card.title.clone(),
        false => format!("{}, {}", card.title, card.variant),
    }
}

/// A line where two values differ.
fn line(
    topic: Topic,
    subject: &str,
    before: Option<Value>,
    after: Option<Value>,
) -> Option<PreviewLine> {
    let differs = before != after;
    differs.then(|| PreviewLine {
        topic,
        subject: subject.to_owned(),
        day: None,
        before,
        after,
        estimated: false,
    })
}

fn addresses(before: &Model, after: &Model) -> BTreeSet<AddressId> {
    let both = before.deliveries.iter().chain(&after.deliveries);
    both.map(|delivery| delivery.key.address_id).collect()
}

fn comes(delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Planned && delivery.items.iter().any(|item| !item.skipped)
}

fn dates(model: &Model, address_id: AddressId) -> Vec<Date> {
    let there = model.deliveries.iter();
    let there = there.filter(|delivery| delivery.key.address_id == address_id && comes(delivery));
    there
        .map(|delivery| delivery.key.date)
        .take(DATES)
        .collect()
}

/// What is in the first delivery that changes, and what it costs.
fn first_delivery(before: &Model, after: &Model) -> Vec<PreviewLine> {
    let find = |model: &'_ Model, key: DeliveryKey| -> Option<Delivery> {
        let mut all = model.deliveries.iter();
        all.find(|delivery| delivery.key == key && comes(delivery))
            .cloned()
    };
    let keys: BTreeSet<(Date, AddressId)> = before
        .deliveries
        .iter()
        .chain(&after.deliveries)
        .map(|delivery| (delivery.key.date, delivery.key.address_id))
        .collect();
    for (date, address_id) in keys {
        let key = DeliveryKey { address_id, date };
        let (was, is) = (find(before, key), find(after, key));
        let (Some(was), Some(is)) = (&was, &is) else {
            continue;
        };
        let items = line(Topic::Items, "", Some(contents(was)), Some(contents(is)));
        let discount = |delivery: &Delivery| {
            let off = delivery.totals.map(|totals| totals.discounts);
            off.filter(|off| off.minor() != 0).map(Value::Money)
        };
        let total = |delivery: &Delivery| delivery.totals.map(|totals| Value::Money(totals.total));
        let mut lines: Vec<PreviewLine> = items.into_iter().collect();
        for line in &mut lines {
            line.day = Some(date);
        }
        let sums = [
            line(Topic::Discount, "", discount(was), discount(is)),
            line(Topic::Total, "", total(was), total(is)),
        ];
        // Costs that cannot be said are none that are lost.
        let known = was.totals.is_some() && is.totals.is_some();
        let sums = sums.into_iter().flatten().filter(|_| known);
        lines.extend(sums.map(|line| PreviewLine {
            estimated: true,
            ..line
        }));
        if !lines.is_empty() {
            return lines;
        }
    }
    Vec::new()
}

fn contents(delivery: &Delivery) -> Value {
    let coming = delivery.items.iter().filter(|item| !item.skipped);
    let mut texts: Vec<String> = coming
        .map(|item| match item.quantity {
            1 => item.title.clone(),
            many => format!("{many} × {}", item.title),
        })
        .collect();
    texts.sort();
    Value::Texts(texts)
}
