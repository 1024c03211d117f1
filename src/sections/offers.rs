//! What the shop offers where it fits: a suggestion, and buying again from an old order.

use leptos::prelude::*;
use protocol::view::{Catalogue, DeliverySchedule, OrderDetail};
use protocol::{Operation, Query};

use crate::actions::catalogue::Offer;
use crate::actions::{add_onetime, add_subscription};
use crate::data::{InView, dismiss, is_dismissed};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::{Button, ButtonKind, Glyph, Picture, PictureSize};

/// Under what the suggestion is put away.
const SUGGESTION: &str = "suggestion";

/// The catalogue, drawn by `draw` once it has come. Without it nothing is drawn: these are offers.
fn with_catalogue(
    page: &Page,
    draw: impl Fn(&Page, &Catalogue) -> AnyView + Send + 'static,
) -> AnyView {
    let (cell, page) = (page.data.open(Query::Catalogue), page.clone());
    let drawn = move || {
        let view = cell.view.get();
        let catalogue = view.as_deref().and_then(<Catalogue as InView>::of);
        catalogue.map(|catalogue| draw(&page, catalogue))
    };
    drawn.into_any()
}

/// One product that the customer does not have, below their own. Put away, it stays away until
/// the tab is closed.
pub(crate) fn suggestion(page: &Page, schedule: &DeliverySchedule) -> AnyView {
    let items = schedule
        .deliveries
        .iter()
        .flat_map(|delivery| &delivery.items);
    let own: Vec<String> = items.map(|item| item.title.clone()).collect();
    let shown = RwSignal::new(!is_dismissed(SUGGESTION));
    let block = with_catalogue(page, move |page, catalogue| {
        let mut others = catalogue
            .products
            .iter()
            .filter(|product| !own.contains(&product.title));
        let found = others.find_map(|product| {
            let offers = product.variants.iter();
            let mut offers = offers.map(|variant| Offer { product, variant });
            offers.find(|offer| offer.variant.is_orderable() && can_buy(page, offer))
        });
        found
            .map(|offer| suggested(page, &offer, shown))
            .unwrap_or_else(|| ().into_any())
    });
    view! { <div hidden=move || !shown.get()>{block}</div> }.into_any()
}

fn suggested(page: &Page, offer: &Offer, shown: RwSignal<bool>) -> AnyView {
    let put_away = move |()| {
        dismiss(SUGGESTION);
        shown.set(false);
    };
    let price = format::money(offer.variant.price);
    view! {
        <section class="card stack stack-small" part="card" aria-label=t::suggestion_title()>
            <div class="row row-between">
                <h2>{t::suggestion_title()}</h2>
                <Button label=t::suggestion_dismiss() kind=ButtonKind::Icon icon=Glyph::Close on_press=put_away/>
            </div>
            <div class="media">
                <Picture src=offer.product.image.clone() size=PictureSize::Card/>
                <div>
                    <p class="strong typed">{words::short(&offer.product.title)}</p>
                    <p class="small muted typed">{words::short(&offer.variant.title)}</p>
                </div>
                <span class="money">{price}</span>
            </div>
            <div class="actions">
                {buy_buttons(page, offer, t::add_onetime_open_short())}
            </div>
        </section>
    }
    .into_any()
}

/// What of an order the shop still sells, at today's price, with the ways to buy it again.
pub(crate) fn buy_again(page: &Page, order: &OrderDetail) -> AnyView {
    let items = order.row.items.iter();
    let ids: Vec<String> = items
        .filter_map(|item| item.external_variant_id.clone())
        .collect();
    with_catalogue(page, move |page, catalogue| {
        let mut seen: Vec<&String> = Vec::new();
        let mut rows = Vec::new();
        for id in &ids {
            let offer = catalogue
                .variant(id)
                .map(|(product, variant)| Offer { product, variant });
            let offer = offer.filter(|offer| can_buy(page, offer));
            if let Some(offer) = offer.filter(|_| !seen.contains(&id)) {
                seen.push(id);
                rows.push(again(page, &offer));
            }
        }
        if rows.is_empty() {
            return ().into_any();
        }
        view! {
            <section class="card stack stack-small screen-only" part="card" aria-label=t::again_title()>
                <h2>{t::again_title()}</h2>
                <p class="small muted">{t::again_lead()}</p>
                <ul class="stack stack-small">{rows.into_iter().collect_view()}</ul>
            </section>
        }
        .into_any()
    })
}

fn again(page: &Page, offer: &Offer) -> AnyView {
    let price = if offer.variant.is_orderable() {
        format::money(offer.variant.price)
    } else {
        t::adding_sold_out().to_owned()
    };
    view! {
        <li class="row row-between">
            <p class="small">
                <span class="typed">{offer.name()}</span>
                " "
                <span class="muted money">{price}</span>
            </p>
            <div class="actions">{buy_buttons(page, offer, t::add_onetime_again())}</div>
        </li>
    }
    .into_any()
}

/// Whether the shop offers it once.
fn sells_once(page: &Page, offer: &Offer) -> bool {
    page.allows(Operation::AddOnetime) && offer.product.sells_once(offer.variant)
}

/// Whether the shop offers it by subscription.
fn subscribes(page: &Page, offer: &Offer) -> bool {
    page.allows(Operation::AddSubscription)
        && !add_subscription::plans(offer.product, offer.variant).is_empty()
}

fn can_buy(page: &Page, offer: &Offer) -> bool {
    sells_once(page, offer) || subscribes(page, offer)
}

/// Two buttons for one product: once, and again and again.
fn buy_buttons(page: &Page, offer: &Offer, once_label: &str) -> AnyView {
    let (id, title) = (offer.variant.external_variant_id.clone(), offer.name());
    let can = offer.variant.is_orderable();
    let once = (can && sells_once(page, offer)).then(|| {
        let (own, id, locked) = (page.clone(), id.clone(), page.locked(None));
        let press = move |()| add_onetime::open(&own, Some(id.clone()), None);
        let (label, name) = (
            once_label.to_owned(),
            t::adding_button_name(once_label, &title),
        );
        view! { <Button label name locked on_press=press/> }
    });
    let again = (can && subscribes(page, offer)).then(|| {
        let (own, locked) = (page.clone(), page.locked(None));
        let press = move |()| add_subscription::open(&own, Some(id.clone()));
        let name = t::adding_button_name(t::add_subscription_subscribe(), &title);
        view! { <Button label=t::add_subscription_subscribe() name locked on_press=press/> }
    });
    view! { {once} {again} }.into_any()
}
