//! What the actions of one subscription are made from.

use protocol::view::{DateRules, SubscriptionDetail, SubscriptionRules};
use protocol::{Date, Query, SubscriptionId};

use crate::data::Data;
use crate::i18n::format;
use crate::overview::page::Page;
use crate::overview::parts;

/// A subscription with the rules of the shop.
#[derive(Clone)]
pub(crate) struct SubscriptionContext {
    /// The subscription.
    pub(crate) detail: SubscriptionDetail,
    /// The days that the shop allows.
    pub(crate) dates: DateRules,
    /// What the shop allows of a subscription.
    pub(crate) rules: SubscriptionRules,
    /// Today, in the store's zone.
    pub(crate) today: Date,
}

impl SubscriptionContext {
    /// The subscription `detail` by the rules that `page` knows.
    pub(crate) fn of(page: &Page, detail: &SubscriptionDetail) -> Option<SubscriptionContext> {
        let session = page.session()?;
        Some(SubscriptionContext {
            detail: detail.clone(),
            dates: session.date_rules.get()?,
            rules: session.subscription_rules.get()?,
            today: page.today(),
        })
    }
}

/// The next date of a subscription as it is held now, in words.
pub(super) fn next_date(data: Data, id: SubscriptionId, today: Date) -> String {
    let next = |detail: &SubscriptionDetail| detail.card.next_date;
    let date = parts::held(data, &Query::Subscription(id), next).flatten();
    date.map(|date| format::date(date, today))
        .unwrap_or_default()
}
