//! Cancelling a subscription, with a reason.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::SubscriptionDetail;
use protocol::{Cancellation, Date, Intent};

use super::{place, terms};
use crate::data::Action;
use crate::i18n::{format, t};
use crate::sections::action::{Field, Form};
use crate::sections::words;
use crate::ui::{Choice, Line, LineKind};

/// The longest comment, in characters.
const COMMENT: usize = 500;

/// Cancelling the subscription `detail`, for one of the merchant's `reasons`.
pub(super) fn cancel(
    detail: SubscriptionDetail,
    reasons: Vec<String>,
    today: Date,
) -> Arc<dyn Action> {
    let (reason, comment) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let choice = |reason: String| Choice {
        value: reason.clone(),
        label: reason,
        hint: String::new(),
    };
    let choices: Vec<Choice> = reasons.into_iter().map(choice).collect();
    let subscription_id = detail.card.id;
    let intent = move || {
        let comment = comment.get_untracked().trim().to_owned();
        Intent::CancelSubscription {
            subscription_id,
            body: Cancellation {
                reason: reason.get_untracked(),
                comment: Some(comment).filter(|comment| !comment.is_empty()),
            },
        }
    };
    let title = words::short(&detail.card.title);
    Form::new(t::cancel_title(), intent)
        .fields(vec![
            Field::choice("reason", t::cancel_why(), reason, choices).check(move || {
                reason
                    .with_untracked(String::is_empty)
                    .then(|| t::cancel_no_reason().into())
            }),
            Field::area("comment", t::cancel_comment(), comment, COMMENT).optional(),
        ])
        .place(place(&detail.card))
        .review(move || lines(&detail, reason.get_untracked(), today))
        .meaning(|| t::cancel_meaning().into())
        .confirm(|| t::cancel_confirm().into())
        .sending(t::cancel_sending())
        .ending()
        .done(move |_, reference| t::cancel_done(reference, &title))
        .action()
}

fn lines(detail: &SubscriptionDetail, reason: String, today: Date) -> Vec<Line> {
    let line = |label: &str, before: String, after: &str, kind| Line {
        label: label.into(),
        before,
        after: after.into(),
        kind,
    };
    let (card, changed) = (&detail.card, LineKind::Changed);
    let title = words::short(&card.title);
    let mut lines = vec![
        line(
            t::cancel_what(),
            title,
            t::subscription_cancelled(),
            changed,
        ),
        line(
            t::subscription_interval(),
            terms(card),
            t::cancel_stops(),
            changed,
        ),
    ];
    lines.extend(detail.next_dates.first().map(|date| {
        let date = format::date(*date, today);
        line(t::cancel_not_coming(), date, "", LineKind::Lost)
    }));
    lines.push(line(
        t::subscription_reason(),
        reason,
        "",
        LineKind::Unchanged,
    ));
    lines
}
