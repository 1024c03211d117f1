//! When a discount code may be used, and what each use counts against.

use crate::call::Answer;
use crate::errors::invalid;
use crate::rows::*;

/// The discount of a code, in whatever case it was typed.
pub(crate) fn by_code<'a>(tables: &'a Tables, code: &str) -> Option<&'a Discount> {
    tables
        .discounts
        .values()
        .find(|d| d.code.eq_ignore_ascii_case(code.trim()))
}

/// Whether a customer may put a discount on something now; refused under `field`.
/// `on` is the address that may have it already.
pub(crate) fn check(
    tables: &Tables,
    discount: &Discount,
    customer_id: Id,
    on: Id,
    field: &str,
    now: i64,
) -> Result<(), Answer> {
    let limits = &discount.usage_limits;
    let is_used = discount
        .redemptions
        .iter()
        .any(|r| r.customer_id == customer_id);
    let is_elsewhere = tables.addresses.values().any(|address| {
        address.customer_id == customer_id
            && address.id != on
            && address.discount_id == Some(discount.id)
    });
    let is_first_time = || {
        tables
            .customers
            .get(&customer_id)
            .is_none_or(|c| c.first_charge_processed_at.is_none())
    };
    let message = if discount.status != "enabled" {
        "Discount is disabled"
    } else if discount.starts_at.is_some_and(|at| at > now) {
        "Discount code is not active yet"
    } else if discount.ends_at.is_some_and(|at| at <= now) {
        "Discount code is expired"
    } else if is_used_up(discount) {
        "Discount code has reached its usage limit"
    } else if limits.one_application_per_customer && (is_used || is_elsewhere) {
        "Discount code can only be used once per customer"
    } else if limits.first_time_customer_restriction && !is_first_time() {
        "Discount code is for first time customers only"
    } else {
        return Ok(());
    };
    Err(invalid(field, message))
}

/// Whether the whole store has used it as often as it may.
pub(crate) fn is_used_up(discount: &Discount) -> bool {
    let limit = discount.usage_limits.redemptions;
    limit.is_some_and(|limit| discount.redemptions.len() >= limit as usize)
}

/// The lines a discount counts for, in smallest units, and whether they reach its minimum.
pub(crate) fn reaches_minimum(discount: &Discount, lines: &[Line]) -> bool {
    let eligible = lines
        .iter()
        .filter(|line| discount.applies_to.includes(line.purchase_item_type));
    let sum: i64 = eligible.map(|line| line.subtotal.minor()).sum();
    discount
        .prerequisite_subtotal_min
        .is_none_or(|min| sum >= min.minor())
}

/// Counts the use of a paid charge's discount. An address loses a discount with its last use.
pub(crate) fn redeem(tables: &mut Tables, charge_id: Id) {
    let Some(charge) = tables.charges.get(&charge_id) else {
        return;
    };
    let Some(applied) = charge.content.discount.clone() else {
        return;
    };
    let (customer_id, address_id) = (charge.customer_id, charge.address_id);
    let Some(discount) = tables.discounts.get_mut(&applied.id) else {
        return;
    };
    discount.redemptions.push(Redemption {
        customer_id,
        charge_id,
    });
    let is_over = is_used_up(discount);
    let per_address = discount.usage_limits.max_subsequent_redemptions;
    if let (false, Some(address)) = (applied.on_charge, tables.addresses.get_mut(&address_id)) {
        address.discount_uses += 1;
        if is_over || per_address.is_some_and(|more| address.discount_uses > more) {
            address.discount_id = None;
            address.discount_uses = 0;
        }
    }
}
