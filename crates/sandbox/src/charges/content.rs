//! The content of a charge: its lines, discount, sums and addresses.

use std::collections::BTreeSet;

use base::Money;

use super::Due;
use super::totals::{self, Pricing};
use crate::discounts;
use crate::rows::*;
use crate::skip::skipped_dates;

/// The lines of the purchase items of an address, by the date of their next charge.
pub(crate) fn items_due(tables: &Tables, address_id: Id) -> Due {
    let mut due = Due::new();
    let active =
        |s: &&Subscription| s.address_id == address_id && s.status == SubscriptionStatus::Active;
    for subscription in tables.subscriptions.values().filter(active) {
        let skipped = match subscription.queue {
            1 => BTreeSet::new(),
            _ => skipped_dates(tables, subscription.id),
        };
        for date in subscription.queued(&skipped) {
            due.entry(date)
                .or_default()
                .extend(line_of(tables, subscription.id));
        }
    }
    for onetime in tables
        .onetimes
        .values()
        .filter(|o| o.address_id == address_id)
    {
        due.entry(onetime.next)
            .or_default()
            .extend(line_of(tables, onetime.id));
    }
    due
}

/// The line of one purchase item, before discount and tax.
pub(crate) fn line_of(tables: &Tables, purchase_item_id: Id) -> Option<Line> {
    let (details, kind, charged_at_once) = match tables.subscriptions.get(&purchase_item_id) {
        Some(s) => (
            &s.details,
            "subscription",
            s.charge_every / s.interval.every,
        ),
        None => (
            &tables.onetimes.get(&purchase_item_id)?.details,
            "onetime",
            1,
        ),
    };
    let variant_id = details.external_variant_id.as_deref().unwrap_or_default();
    let unit_price = details.price.times(charged_at_once);
    let nothing = Money::zero(details.price.currency());
    Some(Line {
        purchase_item_id,
        purchase_item_type: kind,
        is_free_gift: tables
            .onetimes
            .get(&purchase_item_id)
            .is_some_and(|o| o.is_free_gift),
        is_prepaid: charged_at_once > 1,
        external_product_id: details.external_product_id.clone(),
        external_variant_id: details.external_variant_id.clone(),
        title: details.product_title.clone(),
        variant_title: details.variant_title.clone(),
        sku: details.sku.clone(),
        properties: details.properties.clone(),
        quantity: details.quantity,
        unit_price,
        subtotal: unit_price.times(details.quantity),
        discount: nothing,
        tax: nothing,
        grams: tables
            .variant(variant_id)
            .map_or(0, |(_, variant)| variant.grams),
    })
}

/// The content of a charge over `lines`. A discount given here is on the charge alone
/// and goes before that of the address.
pub(crate) fn content_for(
    tables: &Tables,
    address_id: Id,
    mut lines: Vec<Line>,
    charge_discount: Option<Id>,
) -> Content {
    let address = tables.addresses.get(&address_id);
    let payment_method = address
        .and_then(|a| a.payment_method_id)
        .and_then(|id| tables.payment_methods.get(&id));
    let currency = tables.shop.currency;
    let discount_id = charge_discount.or(address.and_then(|a| a.discount_id));
    let discount = discount_id
        .and_then(|id| tables.discounts.get(&id))
        .filter(|discount| discounts::reaches_minimum(discount, &lines));
    let shipping_address = address.map(|a| a.postal.clone()).unwrap_or_default();
    let tax_exempt = address
        .and_then(|a| tables.customers.get(&a.customer_id))
        .is_some_and(|c| c.tax_exempt);
    let pricing = Pricing {
        currency,
        discount: discount.map(|d| (d.value, d.applies_to)),
        country: shipping_address.country_code.as_deref().unwrap_or_default(),
        province: shipping_address.province.as_deref().unwrap_or_default(),
        tax_exempt,
        taxes_included: tables.shop.taxes_included,
        shipping: address
            .and_then(|a| a.shipping_override.as_ref())
            .map(|line| (line.price, line.title.as_str())),
    };
    let totals = totals::price(&mut lines, &pricing);
    Content {
        lines,
        discount: discount.map(|d| AppliedDiscount {
            id: d.id,
            on_charge: charge_discount.is_some(),
        }),
        totals,
        currency,
        billing_address: payment_method
            .map_or_else(|| shipping_address.clone(), |m| m.billing.clone()),
        shipping_address,
        payment_method_id: payment_method.map(|m| m.id),
        payment_processor: payment_method.map(|m| m.processor_name.clone()),
        note: address.and_then(|a| a.order_note.clone()),
        order_attributes: address
            .map_or_else(|| serde_json::json!([]), |a| a.order_attributes.clone()),
    }
}
