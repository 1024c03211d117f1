//! Swapping the product of a subscription: what the shop offers, each at the price of a delivery
//! beside the current one.

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{
    Catalogue, CataloguePlan, CatalogueProduct, CatalogueVariant, Stock, SubscriptionCard,
};
use protocol::{Intent, Money, PlanId, Query, Swap, SwapProduct};

use super::field::Field;
use super::form::Form;
use super::places;
use super::subscription_context::SubscriptionContext;
use crate::data::{Action, Data, InView};
use crate::i18n::{format, t};
use crate::overview::page::Page;
use crate::overview::words;
use crate::ui::Pick;

/// Opens the form for swapping the product of a subscription.
pub(crate) fn open(page: &Page, context: SubscriptionContext) {
    page.changes.start(|| action(context));
}

fn action(context: SubscriptionContext) -> Arc<dyn Action> {
    let (card, now) = (context.detail.card, context.detail.external_variant_id);
    let catalogue = Data::expect().open(Query::Catalogue);
    let (coming, catalogue_view) = (Field::coming(&catalogue), RwSignal::from(catalogue.view));
    let in_catalogue = move |read: &dyn Fn(&Catalogue) -> Option<Swap>| {
        catalogue_view.with_untracked(|view| Catalogue::of(view.as_deref()?).and_then(read))
    };
    let (value, plan) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let (of_picks, of_plans) = (card.clone(), card.clone());
    let picks = Signal::derive(move || {
        catalogue_view.with(|view| {
            let catalogue = view.as_deref().and_then(Catalogue::of);
            catalogue.map_or_else(Vec::new, |all| picks(all, &of_picks, now.as_deref()))
        })
    });
    let plans = Signal::derive(move || {
        catalogue_view.with(|view| {
            let catalogue = view.as_deref().and_then(Catalogue::of);
            let chosen = catalogue.and_then(|all| value.with(|id| offered(all, id, &of_plans)));
            chosen.unwrap_or_default()
        })
    });
    // Another product may not come as often: then its first frequency stands there.
    Effect::new(move || {
        let all = plans.get();
        // What was chosen, or is filled in again, stays where it is still offered.
        if !plan.with_untracked(|plan| all.iter().any(|(id, _)| id == plan)) {
            plan.set(all.first().map(|(id, _)| id.clone()).unwrap_or_default());
        }
    });
    let id = card.id;
    let intent = move || {
        let plan_id = plan.with_untracked(|plan| plan.parse::<u64>().ok().map(PlanId));
        let body = in_catalogue(&|all| {
            let (product, variant) = value.with_untracked(|id| all.variant(id))?;
            Some(Swap {
                external_product_id: product.external_product_id.clone(),
                external_variant_id: variant.external_variant_id.clone(),
                plan_id,
            })
        });
        Intent::SwapProduct(SwapProduct {
            subscription_id: id,
            body: body.unwrap_or_else(|| Swap {
                external_product_id: String::new(),
                external_variant_id: value.get_untracked(),
                plan_id,
            }),
        })
    };
    Form::new(t::swap_product_title(), intent)
        .fields(vec![
            Field::pick("external_variant_id", t::swap_product_field(), value, picks),
            coming,
            Field::select("plan_id", t::subscription_interval(), plan, plans)
                .shown_when(move || plans.with(|plans| plans.len() > 1)),
        ])
        .live()
        .meaning(|| t::swap_product_meaning().into())
        .confirm(|| t::swap_product_confirm().into())
        .done(|_, _| t::swap_product_done().into())
        .place(places::subscription(card.id))
        .action()
}

/// The plans by which a variant comes again and again, as many deliveries paid at once as now;
/// the one with the frequency of now first.
fn plans<'a>(
    product: &'a CatalogueProduct,
    variant: &'a CatalogueVariant,
    card: &SubscriptionCard,
) -> Vec<&'a CataloguePlan> {
    let fits = |plan: &&CataloguePlan| {
        plan.interval.is_some()
            && plan.deliveries_per_charge == card.deliveries_per_charge
            && plan.is_for(variant)
            && plan.listed.swap
            && variant.listed.swap
    };
    let mut plans: Vec<&CataloguePlan> = product.plans.iter().filter(fits).collect();
    plans.sort_by_key(|plan| plan.interval != card.interval);
    plans
}

/// Value and text of the frequencies in which the chosen variant comes.
fn offered(
    all: &Catalogue,
    variant: &str,
    card: &SubscriptionCard,
) -> Option<Vec<(String, String)>> {
    let (product, variant) = all.variant(variant)?;
    let plans = plans(product, variant, card).into_iter();
    let option = |plan: &CataloguePlan| {
        let often = plan.interval.map(words::interval).unwrap_or_default();
        (plan.id.to_string(), words::sentence(&often))
    };
    Some(plans.map(option).collect())
}

/// What it can be swapped for; what is sold out stays in sight and says so.
fn picks(all: &Catalogue, card: &SubscriptionCard, now: Option<&str>) -> Vec<Pick> {
    let variants = all.products.iter().flat_map(|product| {
        let variants = product.variants.iter();
        variants.map(move |variant| (product, variant))
    });
    variants
        .filter(|(product, variant)| !plans(product, variant, card).is_empty())
        .filter(|(_, variant)| now != Some(variant.external_variant_id.as_str()))
        .map(|(product, variant)| {
            let price = variant.price.times(card.quantity);
            Pick {
                value: variant.external_variant_id.clone(),
                title: words::short(&product.title),
                detail: words::short(&variant.title),
                price: format::money(price),
                note: note(variant, price, card.total()),
                picture: product.image.clone(),
                locked: if variant.is_orderable() {
                    String::new()
                } else {
                    t::stock_sold_out().to_owned()
                },
                keywords: product.collections.join(" "),
            }
        })
        .collect()
}

/// How its price compares, and whether it has to be waited for.
fn note(variant: &CatalogueVariant, price: Money, now: Option<Money>) -> String {
    let compared = match now.and_then(|now| price.minus(now)) {
        Some(more) if more.minor() > 0 => t::swap_product_dearer(&format::money(more)),
        Some(more) if more.minor() < 0 => {
            let less = Money::from_minor(more.minor().saturating_neg(), more.currency());
            t::swap_product_cheaper(&format::money(less))
        }
        Some(_) => t::swap_product_same().to_owned(),
        None => String::new(),
    };
    let waits = match variant.stock {
        Stock::Waits => t::stock_waits(),
        _ => "",
    };
    let both = [compared.as_str(), waits].into_iter();
    both.filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join(" · ")
}
