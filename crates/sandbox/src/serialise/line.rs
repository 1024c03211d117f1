//! The line items, discounts, shipping and sums that charges and orders share.

use base::Money;
use serde_json::{Value, json};

use crate::pictures;
use crate::rows::*;
use crate::serialise::{discount, external, postal};

/// The fields that follow from a charge's content, the same on its orders.
pub(crate) fn content(tables: &Tables, content: &Content, refunded: Option<Money>) -> Value {
    let totals = &content.totals;
    let nothing = Money::zero(content.currency);
    let items: Vec<Value> = content
        .lines
        .iter()
        .map(|line| line_item(tables, line, totals))
        .collect();
    let by_code = content
        .discount
        .as_ref()
        .and_then(|applied| tables.discounts.get(&applied.id))
        .map(|d| discount::applied(d, Some("code")));
    let credit = (totals.credit.minor() > 0).then(|| discount::credit(&tables.shop, totals.credit));
    let discounts: Vec<Value> = by_code.into_iter().chain(credit).collect();
    let after_discount = content
        .lines
        .iter()
        .map(|l| l.subtotal.minor() - l.discount.minor())
        .sum();
    json!({
        "line_items": items,
        "billing_address": postal(&content.billing_address),
        "shipping_address": postal(&content.shipping_address),
        "currency": content.currency,
        "discounts": discounts,
        "note": content.note,
        "order_attributes": content.order_attributes,
        "shipping_lines": [{
            "code": totals.shipping_title,
            "price": totals.shipping.amount(),
            "retrieved_at": null,
            "source": "shopify",
            "status": "active",
            "tax_lines": [],
            "taxable": false,
            "title": totals.shipping_title,
        }],
        "subtotal_price": Money::from_minor(after_discount, content.currency).amount(),
        "tax_lines": tax_lines(totals, totals.tax),
        "taxable": totals.tax_rate > 0,
        "total_discounts": totals.discounts.amount(),
        "total_duties": nothing.amount(),
        "total_line_items_price": totals.lines.amount(),
        "total_price": totals.price.amount(),
        "total_refunds": refunded.unwrap_or(nothing).amount(),
        "total_tax": totals.tax.amount(),
        "total_weight_grams": content.lines.iter().map(|l| l.grams * l.quantity).sum::<u32>(),
        "client_details": {"browser_ip": null, "user_agent": null},
    })
}

fn line_item(tables: &Tables, line: &Line, totals: &Totals) -> Value {
    let product = product_of(tables, line.external_variant_id.as_deref());
    let taxable = Money::from_minor(
        line.subtotal.minor() - line.discount.minor(),
        line.subtotal.currency(),
    );
    let total = if totals.taxes_included {
        taxable
    } else {
        taxable.plus(line.tax).unwrap_or(taxable)
    };
    json!({
        "purchase_item_id": line.purchase_item_id,
        "purchase_item_type": line.purchase_item_type,
        "external_inventory_policy": "decrement_obeying_policy",
        "external_product_id": external(line.external_product_id.as_deref()),
        "external_variant_id": external(line.external_variant_id.as_deref()),
        "grams": line.grams,
        "handle": product.map(|p| p.handle),
        "images": images(product),
        "offer_attributes": line.is_free_gift.then(|| json!({"type": "free_gift", "source": "api"})),
        "original_price": line.unit_price.amount(),
        "properties": line.properties,
        "quantity": line.quantity,
        "sku": line.sku,
        "tax_due": line.tax.amount(),
        "tax_lines": tax_lines(totals, line.tax),
        "taxable": totals.tax_rate > 0,
        "taxable_amount": taxable.amount(),
        "title": line.title,
        "total_price": total.amount(),
        "unit_price": line.unit_price.amount(),
        "unit_price_includes_tax": totals.taxes_included,
        "variant_title": line.variant_title,
    })
}

fn tax_lines(totals: &Totals, tax: Money) -> Value {
    match totals.tax_rate {
        0 => json!([]),
        rate => json!([{
            "price": tax.amount(),
            "rate": format!("0.{rate:05}"),
            "title": totals.tax_title,
        }]),
    }
}

/// The product a variant belongs to.
pub(crate) fn product_of<'a>(tables: &'a Tables, variant: Option<&str>) -> Option<&'a Product> {
    tables.variant(variant?).map(|(product, _)| product)
}

/// The four picture sizes, all the same drawing; `{}` where there is none.
pub(crate) fn images(product: Option<&Product>) -> Value {
    match product.and_then(|p| pictures::data_uri(p.handle)) {
        Some(uri) => json!({"large": uri, "medium": uri, "original": uri, "small": uri}),
        None => json!({}),
    }
}
