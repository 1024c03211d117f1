//! Cancelling a subscription, with a reason.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::SubscriptionDetail;
use protocol::{CancelSubscription, Cancellation, Intent, Operation};

use super::field::Field;
use super::form::Form;
use super::subscription_context::SubscriptionContext;
use super::{pause_subscription, places, skip_delivery};
use crate::data::Action;
use crate::i18n::t;
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Button, ButtonKind, Choice};

/// The longest comment, in characters.
const COMMENT: usize = 500;

/// Opens the form for cancelling the subscription `detail`, for one of the merchant's reasons.
pub(crate) fn open(page: &Page, detail: SubscriptionDetail) {
    let reasons = page.session().map(|session| session.cancel_reasons.clone());
    page.changes
        .start(|| action(page, detail, reasons.unwrap_or_default()));
}

fn action(page: &Page, detail: SubscriptionDetail, reasons: Vec<String>) -> Arc<dyn Action> {
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
        Intent::CancelSubscription(CancelSubscription {
            subscription_id,
            body: Cancellation {
                reason: reason.get_untracked(),
                comment: Some(comment).filter(|comment| !comment.is_empty()),
            },
        })
    };
    let title = words::short(&detail.card.title);
    Form::new(t::cancel_subscription_title(), intent)
        .fields(vec![
            Field::choice("reason", t::cancel_subscription_why(), reason, choices).check(
                move || {
                    reason
                        .with_untracked(String::is_empty)
                        .then(|| t::cancel_subscription_no_reason().into())
                },
            ),
            Field::area(
                "comment",
                t::cancel_subscription_comment(),
                comment,
                COMMENT,
            )
            .optional(),
            instead(page, &detail),
        ])
        .place(places::subscription(detail.card.id))
        .live()
        .meaning(|| t::cancel_subscription_meaning().into())
        .confirm(|| t::cancel_subscription_confirm().into())
        .sending(t::cancel_subscription_sending())
        .ending()
        .done(move |_, reference| t::cancel_subscription_done(reference, &title))
        .action()
}

/// What may do instead: a pause, or one delivery less.
fn instead(page: &Page, detail: &SubscriptionDetail) -> Field {
    let context = SubscriptionContext::of(page, detail);
    let can = |operation| {
        let mut locks = detail.locks.iter();
        page.allows(operation) && locks.all(|lock| lock.operation != operation)
    };
    let is_paused = detail.card.paused_until.is_some();
    let pause = context.filter(|_| can(Operation::PauseSubscription) && !is_paused);
    let can_skip = can(Operation::SkipDelivery) && detail.card.next_date.is_some();
    let skip = (can_skip && !is_paused).then(|| detail.card.clone());
    let page = page.clone();
    Field::info(move || {
        let button = |label: &'static str, open: Callback<()>| {
            view! { <Button label kind=ButtonKind::Link on_press=open/> }
        };
        let own = page.clone();
        let pause = pause.clone().map(|context| {
            let open = move |()| pause_subscription::open(&own, context.clone());
            button(t::pause_confirm(), Callback::new(open))
        });
        let own = page.clone();
        let skip = skip.clone().map(|card| {
            let open = move |()| skip_delivery::open_next(&own, &card);
            button(t::skip_delivery_open_next(), Callback::new(open))
        });
        if pause.is_none() && skip.is_none() {
            return ().into_any();
        }
        view! {
            <div class="row instead">
                <span class="small muted">{t::cancel_subscription_instead()}</span>
                {pause}
                {skip}
            </div>
        }
        .into_any()
    })
}
