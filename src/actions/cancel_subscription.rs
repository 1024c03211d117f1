//! Cancelling a subscription, with a reason.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{CancelReason, CancellationRules, SubscriptionDetail};
use protocol::{CancelSubscription, Cancellation, Intent, Operation};

use super::cancellation_steps::Steps;
use super::field::Field;
use super::form::Form;
use super::subscription_context::SubscriptionContext;
use super::{
    change_date, change_frequency, change_quantity, gift_delivery, pause_subscription, places,
    skip_delivery, swap_product,
};
use crate::data::Action;
use crate::i18n::{locale, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Button, ButtonKind, Choice};

/// The longest comment, in characters.
const COMMENT: usize = 500;

/// Opens the form for cancelling the subscription `detail`, as the merchant has it.
pub(crate) fn open(page: &Page, detail: SubscriptionDetail) {
    let rules = page
        .session()
        .and_then(|session| session.cancellation.get());
    page.changes
        .start(|| action(page, detail, rules.unwrap_or_default()));
}

fn action(page: &Page, detail: SubscriptionDetail, rules: CancellationRules) -> Arc<dyn Action> {
    let (chosen, comment) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let locale = locale();
    let choice = |reason: &CancelReason| Choice {
        value: reason.id.clone(),
        label: reason.text.in_language(&locale).to_owned(),
        hint: String::new(),
    };
    let choices: Vec<Choice> = rules.reasons.iter().map(choice).collect();
    let reason = Field::choice("reason", t::cancel_subscription_why(), chosen, choices);
    let reason = if rules.required {
        reason.check(move || {
            chosen
                .with_untracked(String::is_empty)
                .then(|| t::cancel_subscription_no_reason().into())
        })
    } else {
        reason.hint(t::cancel_subscription_optional()).optional()
    };
    let offers = fitting(page, &detail, &rules.offers);
    let operations = offers.iter().map(|(operation, ..)| *operation).collect();
    let steps = Steps::begin(page, rules.counted, operations, chosen);
    let instead = instead(offers, steps.clone());
    let subscription_id = detail.card.id;
    let intent = move || {
        let comment = comment.get_untracked().trim().to_owned();
        let chosen = chosen.get_untracked();
        let mut reasons = rules.reasons.iter();
        // The shop reads it in its own language.
        let reason = reasons.find(|reason| reason.id == chosen);
        let reason = reason.map(|reason| reason.text.text.clone());
        let reason = reason.unwrap_or_default();
        Intent::CancelSubscription(CancelSubscription {
            subscription_id,
            body: Cancellation {
                reason_id: Some(chosen).filter(|id| *id != reason),
                reason,
                comment: Some(comment).filter(|comment| !comment.is_empty()),
            },
        })
    };
    let title = words::short(&detail.card.title);
    Form::new(t::cancel_subscription_title(), intent)
        .fields(vec![
            reason,
            Field::area(
                "comment",
                t::cancel_subscription_comment(),
                comment,
                COMMENT,
            )
            .optional(),
            instead,
        ])
        .place(places::subscription(detail.card.id))
        .live()
        .meaning(|| t::cancel_subscription_meaning().into())
        .confirm(|| t::cancel_subscription_confirm().into())
        .sending(t::cancel_subscription_sending())
        .ending()
        .done(move |_, reference| {
            steps.end();
            t::cancel_subscription_done(reference, &title)
        })
        .action()
}

/// What may do instead: the operation, what it is called, and how it opens.
type Offer = (Operation, &'static str, Callback<()>);

/// What may do instead, of what the merchant offers.
fn fitting(page: &Page, detail: &SubscriptionDetail, offers: &[Operation]) -> Vec<Offer> {
    let can = |operation: &&Operation| {
        let mut locks = detail.locks.iter();
        page.allows(**operation) && locks.all(|lock| lock.operation != **operation)
    };
    let offers = offers.iter().filter(can);
    let offers = offers.filter_map(|operation| {
        let (label, open) = offer(page, detail, *operation)?;
        Some((*operation, label, open))
    });
    offers.collect()
}

fn instead(offers: Vec<Offer>, steps: Steps) -> Field {
    Field::info(move || {
        if offers.is_empty() {
            return ().into_any();
        }
        let buttons = offers.iter().map(|(operation, label, open)| {
            let (operation, open, steps) = (*operation, *open, steps.clone());
            let press = move |()| {
                steps.accept(operation);
                open.run(());
            };
            view! { <Button label=*label kind=ButtonKind::Link on_press=press/> }
        });
        view! {
            <div class="row instead">
                <span class="small muted">{t::cancel_subscription_instead()}</span>
                {buttons.collect_view()}
            </div>
        }
        .into_any()
    })
}

/// What an offer is called, and how it opens; nothing where it does not fit the subscription.
fn offer(
    page: &Page,
    detail: &SubscriptionDetail,
    operation: Operation,
) -> Option<(&'static str, Callback<()>)> {
    let context = SubscriptionContext::of(page, detail)?;
    let comes = detail.card.next_date.is_some() && detail.card.paused_until.is_none();
    let several = detail.frequencies.len() > 1;
    let (fits, label, open): (bool, _, fn(&Page, SubscriptionContext)) = match operation {
        Operation::PauseSubscription => (
            detail.card.paused_until.is_none(),
            t::pause_confirm(),
            pause_subscription::open,
        ),
        Operation::SkipDelivery => (comes, t::skip_delivery_open_next(), |page, context| {
            skip_delivery::open_next(page, &context.detail.card);
        }),
        Operation::GiftDelivery => (comes, t::gift_delivery_open(), |page, context| {
            gift_delivery::open_next(page, &context.detail.card);
        }),
        Operation::SwapProduct => (true, t::swap_product_open(), swap_product::open),
        Operation::ChangeQuantity => (true, t::change_quantity_open(), change_quantity::open),
        Operation::ChangeDate => (true, t::change_date_open(), change_date::open),
        Operation::ChangeFrequency => (several, t::change_frequency_open(), change_frequency::open),
        _ => return None,
    };
    let page = page.clone();
    let press = Callback::new(move |()| open(&page, context.clone()));
    fits.then_some((label, press))
}
