//! What the customer has changed so far.

use leptos::prelude::*;
use protocol::view::{
    ChangeActor, ChangeHistory, ChangeRecord, ChangeState, ChangedValue, Subscriptions,
};
use protocol::{Date, Query, SubscriptionId};

use super::names;
use crate::i18n::{format, t};
use crate::overview::page::{Page, shown};
use crate::overview::words;
use crate::ui::{Button, Line, LineKind, Pill, Review, Select, Shape, Tone};

/// The history with its filter.
pub(super) fn changes() -> AnyView {
    let filter = RwSignal::new(String::new());
    let wanted = Memo::new(move |_| filter.with(|id| id.parse().ok().map(SubscriptionId)));
    view! {
        <section class="stack">
            <h2 class="section-title">{t::changes_title()}</h2>
            <p class="small muted">{t::changes_lead()}</p>
            {shown(Query::Subscriptions, Shape::Rows(1), move |_, view: &Subscriptions| {
                let all = (String::new(), t::changes_all().to_owned());
                let each = view.subscriptions.iter();
                let each = each.map(|card| (card.id.to_string(), words::short(&card.title)));
                let options: Vec<(String, String)> = [all].into_iter().chain(each).collect();
                view! { <Select label=t::changes_filter() value=filter options filter=true/> }
                    .into_any()
            })}
            {move || page_of_changes(None, wanted.get())}
        </section>
    }
    .into_any()
}

/// One page, and behind its button the next.
fn page_of_changes(before: Option<i64>, subscription: Option<SubscriptionId>) -> AnyView {
    let query = Query::Changes {
        before,
        subscription,
    };
    shown(query, Shape::Rows(3), move |page, view: &ChangeHistory| {
        if view.changes.is_empty() {
            return view! { <p class="small muted">{t::changes_none()}</p> }.into_any();
        }
        let rows = view.changes.iter().map(|record| row(page, record));
        view! {
            <ul class="stack">{rows.collect_view()}</ul>
            {view.next.map(|next| older(next, subscription))}
        }
        .into_any()
    })
}

/// "Show older": the next page takes the button's place.
fn older(before: i64, subscription: Option<SubscriptionId>) -> AnyView {
    let open = RwSignal::new(false);
    view! {
        {move || {
            if open.get() {
                return page_of_changes(Some(before), subscription);
            }
            view! {
                <div class="row older">
                    <Button label=t::history_older() on_press=move |()| open.set(true)/>
                </div>
            }
            .into_any()
        }}
    }
    .into_any()
}

fn row(page: &Page, record: &ChangeRecord) -> AnyView {
    let today = page.today();
    let moment = format::date_time(record.date, record.minute, today);
    let what = names::operation(&record.operation);
    let subject = if record.subject.is_empty() {
        String::new()
    } else {
        words::short(&record.subject)
    };
    let (word, tone) = match &record.state {
        ChangeState::Done => (t::changes_done().to_owned(), Tone::Ok),
        ChangeState::Partly => (t::changes_partly().to_owned(), Tone::Attention),
        ChangeState::Refused => (t::changes_refused().to_owned(), Tone::Stop),
        ChangeState::Other(word) => (words::unknown(word), Tone::Plain),
    };
    let icon = tone.glyph();
    let lines: Vec<Line> = record
        .values
        .iter()
        .map(|value| line(value, today))
        .collect();
    view! {
        <li class="card" part="card">
            <div class="row row-between row-top">
                <div class="grow">
                    <p class="strong">{what}</p>
                    <p class="small typed">{subject}</p>
                    <p class="caption muted">{by(&record.actor, &moment)}</p>
                </div>
                <Pill label=word tone icon/>
            </div>
            {(!lines.is_empty()).then(|| view! { <Review lines/> })}
            <p class="caption muted">{t::trouble_reference(&record.reference)}</p>
        </li>
    }
    .into_any()
}

/// Who asked for a change, and when.
fn by(actor: &ChangeActor, moment: &str) -> String {
    match actor {
        ChangeActor::Customer => t::changes_by_you(moment),
        ChangeActor::Shop => t::changes_by_shop(moment),
        ChangeActor::Rule => t::changes_by_rule(moment),
        ChangeActor::Link => t::changes_by_link(moment),
        ChangeActor::Elsewhere => t::changes_by_elsewhere(moment),
        ChangeActor::Other(_) => moment.to_owned(),
    }
}

fn line(value: &ChangedValue, today: Date) -> Line {
    let said = |text: &str| names::value(&value.field, text, today);
    let before = value.before.as_deref().filter(|text| !text.is_empty());
    Line {
        label: names::field_name(&value.field),
        before: before.map(said).unwrap_or_default(),
        after: said(&value.after),
        kind: LineKind::Changed,
    }
}
