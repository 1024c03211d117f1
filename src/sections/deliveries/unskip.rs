//! Bringing back what was skipped of a delivery.

use protocol::view::{Delivery, DeliveryItem};
use protocol::{Date, DeliveryItems, Intent, Money, Sendable};

use super::super::parts::{delivery_place, names};
use crate::data::{Action, Data};
use crate::i18n::{format, t};
use crate::ui::{Line, LineKind};

/// Bringing back all skipped items of one delivery.
pub(super) struct Unskip {
    delivery: Delivery,
    today: Date,
}

impl Unskip {
    /// Of `delivery`.
    pub(super) fn new(delivery: Delivery, today: Date) -> Unskip {
        Unskip { delivery, today }
    }

    fn skipped(&self) -> impl Iterator<Item = &DeliveryItem> {
        self.delivery.items.iter().filter(|item| item.skipped)
    }

    fn date(&self) -> String {
        format::date(self.delivery.key.date, self.today)
    }
}

impl Action for Unskip {
    fn title(&self) -> String {
        t::unskip_title().into()
    }

    fn review(&self) -> Vec<Line> {
        let cost = self.skipped().next().and_then(|item| {
            Money::sum(item.total.currency(), self.skipped().map(|item| item.total))
        });
        vec![
            Line {
                label: t::skip_date().into(),
                before: t::delivery_skipped().into(),
                after: self.date(),
                kind: LineKind::Changed,
            },
            Line {
                label: t::unskip_items().into(),
                after: names(self.skipped().map(|item| item.title.as_str())),
                kind: LineKind::Changed,
                ..Line::default()
            },
            Line {
                label: t::skip_cost().into(),
                after: cost.map(format::money).unwrap_or_default(),
                kind: LineKind::Changed,
                ..Line::default()
            },
        ]
    }

    fn meaning(&self) -> String {
        t::unskip_meaning().into()
    }

    fn confirm(&self) -> String {
        t::unskip_confirm(&format::day_month(self.delivery.key.date))
    }

    fn sending(&self) -> String {
        t::unskip_sending().into()
    }

    fn intent(&self) -> Sendable {
        Intent::UnskipDelivery {
            address_id: self.delivery.key.address_id,
            date: self.delivery.key.date,
            body: DeliveryItems {
                purchase_item_ids: self.skipped().map(|item| item.purchase_item_id).collect(),
            },
        }
        .into()
    }

    fn done(&self, _: Data, _: &str) -> String {
        t::unskip_done(&self.date())
    }

    fn place(&self) -> String {
        delivery_place(self.delivery.key)
    }
}
