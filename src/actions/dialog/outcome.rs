//! What came of a change, as far as it is not simply done.

use leptos::prelude::*;
use protocol::view::Session;
use protocol::{Part, PartState, Query, Refusal};

use crate::actions::verification::Proving;
use crate::data::change::Phase;
use crate::data::{Changes, Data, Notice, PreviewState};
use crate::i18n::{format, t};
use crate::overview::parts::held;
use crate::overview::trouble::reference;
use crate::overview::words;
use crate::ui::{Banner, Pill, Tone};

/// Why it did not happen, or what is being found out; nothing while all is well.
pub(crate) fn shown(changes: Changes) -> AnyView {
    if let Phase::Checking { .. } = changes.phase.get() {
        return view! {
            <Banner
                tone=Tone::Waiting
                title=t::change_checking_title()
                text=t::change_checking_text()
                alert=true
            />
        }
        .into_any();
    }
    match changes.notice.get() {
        None => no_preview(changes),
        Some(Notice::Refused(Refusal::CodeNeeded, _)) => expect_context::<Proving>().view(),
        Some(Notice::Refused(refusal, number)) => {
            let text = why(&refusal);
            let title = if refusal == Refusal::Unconfirmed {
                t::refusal_unconfirmed_title()
            } else {
                t::refusal_title()
            };
            stop(title.to_owned(), text, &number)
        }
        Some(Notice::Failed(failure)) => {
            let words = words::failure(&failure);
            let text = [t::trouble_unchanged(), &words.text].join(" ");
            stop(words.title, text, &words.reference)
        }
        Some(Notice::Parts(parts, number)) => {
            let action = changes.action.get_untracked();
            let subjects = action.map_or_else(Vec::new, |action| action.subjects());
            partly(parts, &subjects, &number)
        }
    }
}

/// Why it was refused. A limit of the shop's is named.
fn why(refusal: &Refusal) -> String {
    let rules = |session: &Session| session.subscription_rules.get();
    let rules = held(Data::expect(), &Query::Session, rules).flatten();
    let rules = rules.unwrap_or_default();
    let (say, limit): (fn(&str) -> String, _) = match refusal {
        Refusal::PauseTooLong => (t::refusal_pause_too_long, rules.longest_pause_days),
        Refusal::PauseLimit => (t::refusal_pause_limit, rules.most_pauses_per_year),
        Refusal::SkipLimit => (t::refusal_skip_limit, rules.most_skips_per_year),
        other => return words::refusal(other),
    };
    match limit {
        Some(limit) => say(&format::integer(limit as usize)),
        None => words::refusal(refusal),
    }
}

/// That it is not known what the change would do, so that it cannot be agreed to yet.
fn no_preview(changes: Changes) -> AnyView {
    match changes.preview.get() {
        PreviewState::Unavailable(failure) => {
            let words = words::failure(&failure);
            let text = [t::change_no_preview(), &words.text].join(" ");
            stop(words.title, text, &words.reference)
        }
        _ => ().into_any(),
    }
}

fn stop(title: String, text: String, number: &str) -> AnyView {
    view! {
        <div class="stack stack-small">
            <Banner tone=Tone::Stop title text alert=true/>
            {reference(number)}
        </div>
    }
    .into_any()
}

/// Each part with what became of it: an action of several parts may stop half way.
fn partly(parts: Vec<Part>, subjects: &[String], number: &str) -> AnyView {
    let done = parts
        .iter()
        .filter(|part| part.state == PartState::Done)
        .count();
    let title = match done {
        0 => t::refusal_title().to_owned(),
        some => t::parts_title(some, &format::integer(parts.len())),
    };
    // A part more than there are items comes first: what all of them need.
    let before = parts.len() - subjects.len().min(parts.len());
    let rows = parts.into_iter().enumerate().map(|(at, part)| {
        let own = at.checked_sub(before).and_then(|at| subjects.get(at));
        let subject = own.map_or(part.subject.as_str(), String::as_str);
        let subject = if subject.is_empty() {
            t::parts_step(&format::integer(at + 1))
        } else {
            words::short(subject)
        };
        let (mark, tone, why) = match &part.state {
            PartState::Done => (t::parts_done(), Tone::Ok, String::new()),
            PartState::Refused { reason, .. } => (t::parts_refused(), Tone::Stop, why(reason)),
            PartState::NotTried => (t::parts_not_tried(), Tone::Plain, String::new()),
            PartState::Unknown => (t::change_checking(), Tone::Waiting, String::new()),
        };
        view! {
            <li class="row row-between">
                <span class="grow">
                    <span class="small typed">{subject}</span>
                    <span class="choice-hint">{why}</span>
                </span>
                <Pill label=mark tone/>
            </li>
        }
        .into_any()
    });
    view! {
        <div class="stack stack-small">
            <Banner tone=Tone::Attention title text=t::parts_text() alert=true/>
            <ul class="stack stack-small">{rows.collect_view()}</ul>
            {reference(number)}
        </div>
    }
    .into_any()
}
