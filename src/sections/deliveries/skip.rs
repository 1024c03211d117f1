//! Skipping a delivery, or some of its items.

use leptos::prelude::*;
use protocol::view::{Delivery, DeliveryItem};
use protocol::{Date, DeliveryItems, Intent, PurchaseItemId, Sendable};

use super::super::parts::{delivery_place, names};
use super::super::words;
use super::next_sentence;
use crate::data::{Action, Data};
use crate::i18n::{format, t};
use crate::ui::{Checkbox, Glyph, Icon, Line, LineKind};

/// Skipping what is ticked of one delivery.
pub(super) struct Skip {
    delivery: Delivery,
    today: Date,
    /// The items that can be skipped, and whether they are to be.
    picks: Vec<(PurchaseItemId, RwSignal<bool>)>,
    nothing_picked: RwSignal<bool>,
}

impl Skip {
    /// With everything ticked: most customers skip the whole delivery.
    pub(super) fn new(delivery: Delivery, today: Date) -> Skip {
        let open = delivery
            .items
            .iter()
            .filter(|item| item.skippable && !item.skipped);
        let picks = open
            .map(|item| (item.purchase_item_id, RwSignal::new(true)))
            .collect();
        Skip {
            delivery,
            today,
            picks,
            nothing_picked: RwSignal::new(false),
        }
    }

    fn picked(&self) -> Vec<PurchaseItemId> {
        let ticked = self
            .picks
            .iter()
            .filter(|(_, ticked)| ticked.get_untracked());
        ticked.map(|(id, _)| *id).collect()
    }

    /// Whether nothing of the delivery remains.
    fn is_whole(&self) -> bool {
        let picked = self.picked();
        let mut items = self.delivery.items.iter();
        items.all(|item| item.skipped || picked.contains(&item.purchase_item_id))
    }

    fn date(&self) -> String {
        format::date(self.delivery.key.date, self.today)
    }

    /// What is ticked, by its titles.
    fn left_out(&self) -> String {
        let picked = self.picked();
        let is_picked = |item: &&DeliveryItem| picked.contains(&item.purchase_item_id);
        let items = self.delivery.items.iter().filter(is_picked);
        names(items.map(|item| item.title.as_str()))
    }
}

impl Action for Skip {
    fn title(&self) -> String {
        t::skip_title(&self.date())
    }

    fn has_form(&self) -> bool {
        self.picks.len() > 1
    }

    fn form(&self) -> AnyView {
        let ticks = self.picks.iter().filter_map(|(id, checked)| {
            let item = self
                .delivery
                .items
                .iter()
                .find(|item| item.purchase_item_id == *id)?;
            let hint = [item.variant.clone(), format::money(item.total)];
            let hint: Vec<String> = hint.into_iter().filter(|text| !text.is_empty()).collect();
            let label = match item.quantity {
                1 => words::short(&item.title),
                many => t::item_times(&format::integer(many as usize), &words::short(&item.title)),
            };
            Some(view! { <Checkbox label checked=*checked hint=hint.join(" · ")/> })
        });
        let nothing = self.nothing_picked;
        view! {
            <fieldset>
                <legend class="choices-legend">{t::skip_which()}</legend>
                <div class="choices">{ticks.collect_view()}</div>
            </fieldset>
            {move || nothing.get().then(|| view! {
                <p class="field-error" role="alert"><Icon glyph=Glyph::Alert/><span>{t::skip_nothing()}</span></p>
            })}
        }
        .into_any()
    }

    fn check(&self) -> bool {
        let nothing = self.picked().is_empty();
        self.nothing_picked.set(nothing);
        !nothing
    }

    /// What comes when, and what it costs, is the server's to say.
    fn review(&self) -> Vec<Line> {
        vec![Line {
            label: t::skip_left_out().into(),
            before: self.left_out(),
            kind: LineKind::Changed,
            ..Line::default()
        }]
    }

    fn meaning(&self) -> String {
        match self.is_whole() {
            true => t::skip_meaning_whole(),
            false => t::skip_meaning_some(),
        }
        .to_owned()
    }

    fn confirm(&self) -> String {
        match self.is_whole() {
            true => t::skip_confirm(&format::day_month(self.delivery.key.date)),
            false => t::skip_confirm_items(self.picked().len()),
        }
    }

    fn sending(&self) -> String {
        t::skip_sending().into()
    }

    fn intent(&self) -> Sendable {
        Intent::SkipDelivery {
            address_id: self.delivery.key.address_id,
            date: self.delivery.key.date,
            body: DeliveryItems {
                purchase_item_ids: self.picked(),
            },
        }
        .into()
    }

    fn done(&self, data: Data, _: &str) -> String {
        match self.is_whole() {
            true => [t::skip_done(), &next_sentence(data, self.today)].join(" "),
            false => t::skip_done_items(self.picked().len(), &self.date()),
        }
    }

    fn place(&self) -> String {
        delivery_place(self.delivery.key)
    }
}
