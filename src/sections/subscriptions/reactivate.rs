//! Reactivating a cancelled subscription.

use protocol::view::{SubscriptionCard, SubscriptionDetail};
use protocol::{Date, Intent, Nothing, Query, Sendable};

use super::place;
use crate::data::{Action, Data};
use crate::i18n::{format, t};
use crate::sections::{parts, words};
use crate::ui::{Line, LineKind};

/// Reactivating one subscription.
pub(super) struct Reactivate {
    card: SubscriptionCard,
    today: Date,
}

impl Reactivate {
    /// Of the subscription that `card` shows.
    pub(super) fn new(card: SubscriptionCard, today: Date) -> Reactivate {
        Reactivate { card, today }
    }
}

impl Action for Reactivate {
    fn title(&self) -> String {
        t::reactivate_title().into()
    }

    fn review(&self) -> Vec<Line> {
        let line = |label: &str, before: String, after: String| Line {
            label: label.to_owned(),
            before,
            after,
            kind: LineKind::Changed,
        };
        let price = format::money(self.card.price.times(self.card.quantity));
        let mut lines = vec![line(
            t::cancel_what(),
            t::subscription_cancelled().into(),
            t::subscription_active().into(),
        )];
        lines.push(line(t::subscription_per_delivery(), String::new(), price));
        if let Some(interval) = self.card.interval {
            let often = words::interval(interval);
            lines.push(line(t::subscription_interval(), String::new(), often));
        }
        lines
    }

    fn meaning(&self) -> String {
        t::reactivate_meaning().into()
    }

    fn confirm(&self) -> String {
        t::reactivate_confirm().into()
    }

    fn sending(&self) -> String {
        t::reactivate_sending().into()
    }

    fn intent(&self) -> Sendable {
        Intent::ReactivateSubscription {
            subscription_id: self.card.id,
            body: Nothing {},
        }
        .into()
    }

    fn done(&self, data: Data, _: &str) -> String {
        let query = Query::Subscription(self.card.id);
        let next = |detail: &SubscriptionDetail| detail.card.next_date;
        match parts::held(data, &query, next).flatten() {
            Some(date) => t::reactivate_done_next(&format::date(date, self.today)),
            None => t::reactivate_done().to_owned(),
        }
    }

    fn place(&self) -> String {
        place(&self.card)
    }
}
