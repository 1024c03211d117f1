//! Restoring what was skipped of a delivery.

use std::sync::Arc;

use protocol::view::{Delivery, DeliveryItem};
use protocol::{Date, DeliveryItems, Intent, Money, UnskipDelivery};

use super::form::Form;
use crate::data::Action;
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::parts::{delivery_place, names};
use crate::ui::{Line, LineKind};

/// Opens the review of restoring all skipped items of `delivery`.
pub(crate) fn open(page: &Page, delivery: &Delivery) {
    let today = page.today();
    page.changes.start(|| action(delivery, today));
}

fn action(delivery: &Delivery, today: Date) -> Arc<dyn Action> {
    let (key, date) = (delivery.key, format::date(delivery.key.date, today));
    let ids: Vec<_> = skipped(delivery)
        .map(|item| item.purchase_item_id)
        .collect();
    let intent = move || {
        Intent::UnskipDelivery(UnskipDelivery {
            address_id: key.address_id,
            date: key.date,
            body: DeliveryItems {
                purchase_item_ids: ids.clone(),
            },
        })
    };
    let lines = lines(delivery);
    let (undone, done) = (t::undone_unskip_date(&date), t::unskip_delivery_done(&date));
    Form::new(t::unskip_delivery_title(), intent)
        .review(move || lines.clone())
        .meaning(|| t::unskip_delivery_meaning().into())
        .confirm(move || t::unskip_delivery_confirm(&format::day_month(key.date)))
        .sending(t::unskip_delivery_sending())
        .done(move |_, _| done.clone())
        .undone(move || undone.clone())
        .place(delivery_place(key))
        .action()
}

fn skipped(delivery: &Delivery) -> impl Iterator<Item = &DeliveryItem> {
    delivery.items.iter().filter(|item| item.skipped)
}

fn lines(delivery: &Delivery) -> Vec<Line> {
    let costs: Option<Vec<Money>> = skipped(delivery).map(|item| item.total).collect();
    let cost = costs.and_then(|costs| Money::sum(costs.first()?.currency(), costs));
    let line = |label: &str, before: &str, after: String| Line {
        label: label.into(),
        before: before.into(),
        after,
        kind: LineKind::Changed,
    };
    let titles = names(skipped(delivery).map(|item| item.title.as_str()));
    vec![
        line(t::unskip_delivery_items(), "", titles),
        line(t::unskip_delivery_cost(), "", format::money(cost)),
    ]
}
