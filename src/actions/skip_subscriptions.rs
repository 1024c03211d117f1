//! Skipping the next delivery of several subscriptions.

use protocol::{
    Intent, SkipSubscriptions, SubscriptionDelivery, SubscriptionId, SubscriptionsSkip,
};

use super::bulk::{self, BulkContext, Ticked};
use super::form::Form;
use crate::i18n::t;
use crate::overview::page::Page;

/// Opens the form for skipping the next delivery of several subscriptions.
pub(crate) fn open(page: &Page, context: BulkContext) {
    bulk::open(page, context, form);
}

fn form(context: BulkContext, ticked: Ticked) -> Form {
    let fields = vec![bulk::which(&context, ticked)];
    let next = move |id: SubscriptionId| {
        let card = context.cards.iter().find(|card| card.id == id)?;
        Some(SubscriptionDelivery {
            subscription_id: id,
            date: card.next_date?,
        })
    };
    let intent = move || {
        Intent::SkipSubscriptions(SkipSubscriptions {
            body: SubscriptionsSkip {
                deliveries: ticked.ids().into_iter().filter_map(&next).collect(),
            },
        })
    };
    Form::new(t::skip_subscriptions_title(), intent)
        .fields(fields)
        .meaning(|| t::skip_subscriptions_meaning().into())
        .confirm(|| t::skip_subscriptions_title().into())
}
