//! What differs between two models, in the words of a preview.

use std::collections::BTreeSet;

use protocol::view::{
    Caution, Delivery, DeliveryKey, DeliveryState, NextDelivery, PREVIEW_DATES, PreviewLine,
    SubscriptionCard, Topic, Totals, Value,
};
use protocol::{AddressId, Date, SubscriptionId};

use crate::projection::Projection;

/// How many deliveries are shown with what they cost.
const DELIVERIES: usize = 2;

/// A line of a preview, with the address it is about where it is about one.
#[derive(Debug, Clone)]
pub(super) struct Told {
    address: Option<AddressId>,
    pub(super) line: PreviewLine,
}

impl Told {
    /// Whether both are about the same, whatever they say of it.
    fn is_about(&self, other: &Told) -> bool {
        let key = |told: &Told| (told.address, told.line.day);
        let (own, others) = (&self.line, &other.line);
        key(self) == key(other) && (&own.topic, &own.subject) == (&others.topic, &others.subject)
    }
}

/// What a change will do, the most important first.
pub(super) fn lines(before: &Projection, after: &Projection) -> Vec<Told> {
    let mut told = subscription_lines(before, after);
    told.extend(date_lines(before, after));
    let deliveries = delivery_lines(before, after).into_iter();
    told.extend(deliveries.take(DELIVERIES).flatten());
    let is_predicted = |told: &Told| {
        told.address
            .is_none_or(|id| !after.unpredictable.contains(&id))
    };
    told.retain(is_predicted);
    told
}

/// The next delivery before and after; `None` where the projections do not know one of them.
pub(super) fn next(before: &Projection, after: &Projection) -> Option<NextDelivery> {
    let (was, is) = (before.next()?, after.next()?);
    let charged = is.and_then(|date| after.charged_on(date));
    Some(NextDelivery {
        before: was,
        after: is,
        total: charged.map(|(total, _)| total),
        estimated: charged.is_some_and(|(_, estimated)| estimated),
    })
}

/// What differs from the prediction, of what was told.
pub(super) fn differences(
    told: &[Told],
    predicted: &Projection,
    now: &Projection,
) -> Vec<PreviewLine> {
    let mut other = subscription_lines(predicted, now);
    // What upstream still works out says nothing yet.
    if !now.deliveries.iter().any(|delivery| delivery.updating) {
        other.extend(date_lines(predicted, now));
        other.extend(delivery_lines(predicted, now).into_iter().flatten());
    }
    let was_told = |line: &Told| told.iter().any(|told| told.is_about(line));
    let other = other.into_iter().filter(was_told);
    other.map(|other| other.line).collect()
}

/// What the customer should know, each once.
pub(super) fn cautions(before: &Projection, after: &Projection) -> Vec<Caution> {
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

/// The same subscription in another model. One that was predicted has no id yet.
fn find<'a>(model: &'a Projection, like: &SubscriptionCard) -> Option<&'a SubscriptionCard> {
    let is_predicted = |card: &&SubscriptionCard| {
        card.id == SubscriptionId(0)
            && card.address_id == like.address_id
            && (&card.title, &card.variant) == (&like.title, &like.variant)
    };
    let mut cards = model.cards.iter();
    let known = cards.find(|card| card.id == like.id);
    known.or_else(|| model.cards.iter().find(is_predicted))
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
        card.price.map(Value::Money),
    ]
}

fn subscription_lines(before: &Projection, after: &Projection) -> Vec<Told> {
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
    let told = |line| Told {
        address: None,
        line,
    };
    lines.into_iter().map(told).collect()
}

fn name(card: &SubscriptionCard) -> String {
    if card.variant.is_empty() {
        card.title.clone()
    } else {
        format!("{}, {}", card.title, card.variant)
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

/// The days on which something comes to an address and did not before, or the other way round.
fn date_lines(before: &Projection, after: &Projection) -> Vec<Told> {
    let both = before.deliveries.iter().chain(&after.deliveries);
    let addresses: BTreeSet<AddressId> = both.map(|delivery| delivery.key.address_id).collect();
    // What is queued beyond the days that are looked at says nothing of those.
    let until = before.until.min(after.until);
    let line = |id: AddressId| {
        let (was, is) = (dates(before, id, until), dates(after, id, until));
        let only = |own: &[Date], other: &[Date]| {
            let own = own.iter().filter(|day| !other.contains(day));
            let days: Vec<Date> = own.take(PREVIEW_DATES).copied().collect();
            (!days.is_empty()).then_some(Value::Dates(days))
        };
        let told = line(Topic::Deliveries, "", only(&was, &is), only(&is, &was))?;
        Some(Told {
            address: Some(id),
            line: told,
        })
    };
    addresses.into_iter().filter_map(line).collect()
}

fn comes(delivery: &Delivery) -> bool {
    delivery.state == DeliveryState::Planned && delivery.items.iter().any(|item| !item.skipped)
}

fn dates(model: &Projection, address_id: AddressId, until: Date) -> Vec<Date> {
    let there = model.deliveries.iter();
    let there = there.filter(|delivery| delivery.key.address_id == address_id && comes(delivery));
    let days = there.map(|delivery| delivery.key.date);
    days.filter(|day| *day <= until).collect()
}

/// What is in each delivery that changes, and what it costs, as far as that is sure.
fn delivery_lines(before: &Projection, after: &Projection) -> Vec<Vec<Told>> {
    let both = before.deliveries.iter().chain(&after.deliveries);
    let keys: BTreeSet<(Date, AddressId)> = both
        .map(|delivery| (delivery.key.date, delivery.key.address_id))
        .collect();
    let lines = keys.into_iter().map(|(date, address_id)| {
        let key = DeliveryKey { address_id, date };
        let lines = lines_of(find_delivery(before, key), find_delivery(after, key));
        let told = |line| Told {
            address: Some(address_id),
            line: PreviewLine {
                day: Some(date),
                ..line
            },
        };
        lines.into_iter().map(told).collect::<Vec<Told>>()
    });
    lines.filter(|lines| !lines.is_empty()).collect()
}

/// What is in a delivery that comes, what it costs, and whether that is an estimate.
type Content = (Value, (Option<Totals>, bool));

fn find_delivery(model: &Projection, key: DeliveryKey) -> Option<Content> {
    let mut all = model.deliveries.iter();
    let found = all.find(|delivery| delivery.key == key && comes(delivery))?;
    Some((contents(found), (model.cost(found), found.estimated)))
}

/// How one delivery changes. One that does not come any more is told by its day.
fn lines_of(was: Option<Content>, is: Option<Content>) -> Vec<PreviewLine> {
    let Some((items, (costs, estimated))) = is else {
        return Vec::new();
    };
    let (had_items, had) = was.map(|(items, (costs, _))| (items, costs)).unzip();
    let changed = had_items.and_then(|had| line(Topic::Items, "", Some(had), Some(items)));
    // Costs that could not be said before, or cannot be said now, are none that change.
    let known = had.is_none_or(|had| had.is_some()) && costs.is_some();
    let off = |totals: Totals| {
        let off = totals.discounts;
        (off.minor() != 0).then_some(Value::Money(off))
    };
    let total = |totals: Totals| Some(Value::Money(totals.total));
    let value = |of: fn(Totals) -> Option<Value>| (had.flatten().and_then(of), costs.and_then(of));
    let (discount, total) = (value(off), value(total));
    let sums = [
        line(Topic::Discount, "", discount.0, discount.1),
        line(Topic::Total, "", total.0, total.1),
    ];
    let sums = sums.into_iter().flatten().filter(|_| known);
    let sums = sums.map(|sum| PreviewLine { estimated, ..sum });
    changed.into_iter().chain(sums).collect()
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
