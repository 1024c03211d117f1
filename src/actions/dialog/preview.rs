//! What the server expects of a change: in a sentence, and line by line.

use leptos::prelude::*;
use protocol::view::{Preview, PreviewLine, Session, Topic, Value};
use protocol::{Date, Query};

use super::summary::{Summary, summary};
use crate::data::{Changes, Data, PreviewState};
use crate::i18n::{format, t};
use crate::overview::{parts, words};
use crate::ui::{Glyph, Icon, Line, LineKind, Review, Shape, Skeleton};

/// How many days are listed before the others are only mentioned.
const DATES: usize = 3;

/// What the preview says first: the outcome in a sentence, then what costs more or is lost. While
/// the next preview is on its way the last one stays, faded.
pub(crate) fn outcome(changes: Changes) -> AnyView {
    let data = Data::expect();
    let last = RwSignal::new(None::<Summary>);
    Effect::new(move || match changes.preview.get() {
        PreviewState::Ready(preview) => last.set(Some(summary(&preview, today(data)))),
        PreviewState::Loading => {}
        PreviewState::None | PreviewState::Unavailable(_) => last.set(None),
    });
    let loading = move || {
        changes
            .preview
            .with(|preview| *preview == PreviewState::Loading)
    };
    let sentence = move || last.with(|last| last.as_ref().map(|last| last.outcome.clone()));
    let attention = move || {
        let all = last.get().map(|last| last.attention).unwrap_or_default();
        let lines = all.into_iter().map(|text| {
            view! { <li class="caution"><Icon glyph=Glyph::Alert/><span>{text}</span></li> }
        });
        let lines = lines.collect_view();
        last.with(|last| last.as_ref().is_some_and(|last| !last.attention.is_empty()))
            .then(|| view! { <ul class="stack stack-small">{lines}</ul> })
    };
    let first = move || (loading() && last.with(Option::is_none)).then_some(Shape::Facts(1));
    view! {
        // Here before its text is, so that it is read out when it comes.
        <p class="outcome" aria-live="polite" aria-busy=move || loading().then_some("true")>{sentence}</p>
        {move || first().map(|shape| view! { <Skeleton shape/> })}
        {attention}
    }
    .into_any()
}

/// Before and after, folded: the action's own lines and what the server expects. Open where there is
/// no sentence that says it.
pub(crate) fn all_changes(
    changes: Changes,
    own: impl Fn() -> Vec<Line> + Send + 'static,
) -> AnyView {
    let data = Data::expect();
    let lines = move || {
        let PreviewState::Ready(preview) = changes.preview.get() else {
            return None;
        };
        let mut lines = own();
        if preview.pays_now.is_some() {
            // The server's word counts where the action has one of its own.
            lines.retain(|line| line.label != t::preview_pays_now());
        }
        let today = today(data);
        lines.extend(all(&preview, today));
        let said = !summary(&preview, today).outcome.is_empty();
        (!lines.is_empty()).then(|| {
            view! {
                <details class="fold" open=!said>
                    <summary>{t::outcome_all()}</summary>
                    <Review lines/>
                </details>
            }
        })
    };
    lines.into_any()
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
    let lines = preview.lines.iter();
    // What is paid for now is on its way: its day is not lost.
    let lines = lines
        .filter(|expected| preview.pays_now.is_none() || expected.topic != Topic::Deliveries)
        .map(|expected| line(expected, today));
    pays_now.into_iter().chain(lines).collect()
}

/// What a line is about.
fn label(expected: &PreviewLine, today: Date) -> String {
    let topic = match (expected.day, &expected.topic) {
        (Some(day), Topic::Items) => t::preview_items_of(&format::date_short(day, today)),
        (Some(day), Topic::Total) => t::preview_total_of(&format::date_short(day, today)),
        (_, Topic::Deliveries) => dates(expected).to_owned(),
        (_, other) => topic(other),
    };
    let about = if expected.subject.is_empty() {
        topic
    } else {
        t::preview_of(&words::short(&expected.subject), &topic)
    };
    if expected.estimated {
        t::preview_estimated(&about)
    } else {
        about
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
        Topic::Gift => t::preview_gift(),
        Topic::Shipping => t::preview_shipping(),
        Topic::Credit => t::preview_credit(),
        Topic::Total => t::preview_total(),
        Topic::Address => t::preview_address(),
        Topic::Payment => t::preview_payment(),
        Topic::Other(word) => return words::unknown(word),
    }
    .to_owned()
}

/// What becomes of days on which something comes: only those that change are told.
fn dates(expected: &PreviewLine) -> &'static str {
    match (&expected.before, &expected.after) {
        (Some(_), None) => t::preview_dates_gone(),
        (None, Some(_)) => t::preview_dates_new(),
        _ => t::preview_deliveries(),
    }
}

fn line(expected: &PreviewLine, today: Date) -> Line {
    let text = |value: &Option<Value>| value.as_ref().map(|value| said(value, today));
    let after = text(&expected.after).filter(|text| !text.is_empty());
    let kind = match after {
        None => LineKind::Lost,
        Some(_) => LineKind::Changed,
    };
    Line {
        label: label(expected, today),
        before: text(&expected.before).unwrap_or_default(),
        after: after.unwrap_or_default(),
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
            let shown = dates.iter().take(DATES);
            let shown = shown.map(|date| format::date_short(*date, today));
            let shown: Vec<String> = shown.collect();
            if dates.len() > DATES {
                t::preview_and_later(&shown.join(t::list_comma()))
            } else {
                format::list(&shown)
            }
        }
        Value::Money(amount) => format::money(*amount),
        Value::Interval(interval) => words::sentence(&words::interval(*interval)),
        Value::Count(count) => format::integer(*count as usize),
    }
}

/// What came out differently from the preview, in a sentence.
pub(crate) fn differences(lines: &[PreviewLine], data: Data) -> String {
    let today = today(data);
    let is = |expected: &PreviewLine| {
        // What it is now is no estimate any more.
        let is = PreviewLine {
            estimated: false,
            ..expected.clone()
        };
        let line = line(&is, today);
        if line.before.is_empty() {
            t::preview_is(&line.label, &line.after)
        } else {
            t::preview_is_instead(&line.before, &line.label, &line.after)
        }
    };
    t::preview_differs(&format::list(&lines.iter().map(is).collect::<Vec<_>>()))
}
