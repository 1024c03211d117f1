//! What the server foresees of a change, line by line.

use leptos::prelude::*;
use protocol::view::{Caution, Preview, PreviewLine, Session, Topic, Value};
use protocol::{Date, Query};

use super::super::{parts, words};
use crate::data::{Changes, Data, Foreseen};
use crate::i18n::{format, t};
use crate::ui::{Glyph, Icon, Line, LineKind, Review, Shape, Skeleton};

/// Before and after: the action's own lines, what the server foresees, and what it warns of.
pub(super) fn shown(changes: Changes, own: &[Line]) -> AnyView {
    let mut lines = own.to_vec();
    let (cautions, asked) = match changes.foreseen.get() {
        Foreseen::Asked => (Vec::new(), true),
        Foreseen::Nothing => (Vec::new(), false),
        Foreseen::Known(preview) => {
            if preview.pays_now.is_some() {
                // The server's word counts where the action has one of its own.
                lines.retain(|line| line.label != t::preview_pays_now());
            }
            lines.extend(all(&preview, today(Data::expect())));
            (preview.cautions, false)
        }
    };
    let cautions = cautions.iter().filter_map(caution).map(|text| {
        view! { <li class="caution"><Icon glyph=Glyph::Alert/><span>{text}</span></li> }
    });
    let cautions = cautions.collect_view();
    view! {
        {(!lines.is_empty()).then(|| view! { <Review lines/> })}
        {asked.then(|| view! { <Skeleton shape=Shape::Facts(2)/> })}
        {(!cautions.is_empty()).then(|| view! { <ul class="stack stack-small">{cautions}</ul> })}
    }
    .into_any()
}

fn today(data: Data) -> Date {
    let today = |session: &Session| session.today;
    parts::held(data, &Query::Session, today).unwrap_or(Date::from_days(0))
}

fn all(preview: &Preview, today: Date) -> Vec<Line> {
    let pays_now = preview.pays_now.map(|amount| Line {
        label: t::preview_pays_now().into(),
        after: format::money(amount),
        ..Line::default()
    });
    let lines = preview.lines.iter().map(|foreseen| line(foreseen, today));
    pays_now.into_iter().chain(lines).collect()
}

fn line(foreseen: &PreviewLine, today: Date) -> Line {
    let text = |value: &Option<Value>| value.as_ref().map(|value| said(value, today));
    let after = text(&foreseen.after).filter(|text| !text.is_empty());
    let kind = match after {
        None => LineKind::Lost,
        Some(_) => LineKind::Changed,
    };
    let after = after.unwrap_or_default();
    let topic = match (foreseen.day, &foreseen.topic) {
        (Some(day), Topic::Items) => t::preview_items_of(&format::date_short(day, today)),
        (Some(day), Topic::Total) => t::preview_total_of(&format::date_short(day, today)),
        (_, other) => topic(other),
    };
    let about = match foreseen.subject.is_empty() {
        true => topic,
        false => t::preview_of(&words::short(&foreseen.subject), &topic),
    };
    let label = match foreseen.estimated {
        true => t::preview_estimated(&about),
        false => about,
    };
    Line {
        label,
        before: text(&foreseen.before).unwrap_or_default(),
        after,
        kind,
    }
}

fn said(value: &Value, today: Date) -> String {
    match value {
        Value::Text(text) => words::short(text),
        Value::Texts(texts) => format::list(
            &texts
                .iter()
                .map(|text| words::short(text))
                .collect::<Vec<_>>(),
        ),
        Value::Date(date) => format::date(*date, today),
        Value::Dates(dates) => {
            let dates = dates.iter().map(|date| format::date_short(*date, today));
            format::list(&dates.collect::<Vec<_>>())
        }
        Value::Money(amount) => format::money(*amount),
        Value::Interval(interval) => words::interval(*interval),
        Value::Count(count) => format::integer(*count as usize),
    }
}

fn topic(topic: &Topic) -> String {
    match topic {
        Topic::Product => t::preview_product(),
        Topic::Quantity => t::preview_quantity(),
        Topic::Price => t::preview_price(),
        Topic::ShopPrice => t::preview_shop_price(),
        Topic::Interval => t::preview_interval(),
        Topic::NextDate => t::preview_next_date(),
        Topic::Deliveries => t::preview_deliveries(),
        Topic::Items => t::preview_items(),
        Topic::Discount => t::preview_discount(),
        Topic::Shipping => t::preview_shipping(),
        Topic::Credit => t::preview_credit(),
        Topic::Total => t::preview_total(),
        Topic::Address => t::preview_address(),
        Topic::Payment => t::preview_payment(),
        Topic::Other(word) => return words::unknown(word),
    }
    .to_owned()
}

/// What the customer should know; one that this version has no words for says nothing.
fn caution(caution: &Caution) -> Option<&'static str> {
    Some(match caution {
        Caution::Joins => t::caution_joins(),
        Caution::LosesSkips => t::caution_loses_skips(),
        Caution::LosesDiscount => t::caution_loses_discount(),
        Caution::DiscountStays => t::caution_discount_stays(),
        Caution::OtherPrice => t::caution_other_price(),
        Caution::NotSold => t::caution_not_sold(),
        Caution::GiftStays => t::caution_gift_stays(),
        Caution::Ends => t::caution_ends(),
        Caution::Other(_) => return None,
    })
}

/// What came out otherwise than it was foreseen, in a sentence.
pub(super) fn differences(lines: &[PreviewLine], data: Data) -> String {
    let today = today(data);
    let is = |foreseen: &PreviewLine| {
        // What it is now is no estimate any more.
        let is = PreviewLine {
            estimated: false,
            ..foreseen.clone()
        };
        let line = line(&is, today);
        match line.before.is_empty() {
            true => t::preview_is(&line.label, &line.after),
            false => t::preview_is_instead(&line.before, &line.label, &line.after),
        }
    };
    t::preview_differs(&format::list(&lines.iter().map(is).collect::<Vec<_>>()))
}
