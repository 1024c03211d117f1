//! What a delivery will cost when its items change, as far as that can be said.

use protocol::Money;
use protocol::view::{Delivery, DeliveryKey, DeliveryState, Totals};

/// Works the totals out again from the items. A discount and a tax stay the same part of
/// what they are of, shipping and duties stay as they are. Upstream may come to another sum, which
/// is why it is an estimate.
pub(super) fn totals(delivery: &mut Delivery) {
    let Some(before) = delivery.totals else {
        return;
    };
    let currency = before.total.currency();
    let coming = delivery.items.iter().filter(|item| !item.skipped);
    let Some(items) = Money::sum(currency, coming.map(|item| item.total)) else {
        delivery.totals = None;
        return;
    };
    let discounts = discount(before.discounts, items, before.items);
    let paid =
        |items: Money, less: Money| Money::from_minor(items.minor() - less.minor(), currency);
    let (paid_now, paid_before) = (paid(items, discounts), paid(before.items, before.discounts));
    let part = |of: Money| share(of, paid_now, paid_before);
    let (tax, included_tax) = (part(before.tax), before.included_tax.map(part));
    let adjustment = before.adjustment;
    let added = [items, before.shipping, tax, before.duties];
    let sum: i64 = added.iter().map(|money| money.minor()).sum();
    let total = sum - discounts.minor() + adjustment.map_or(0, |money| money.minor());
    let total = Money::from_minor(total.max(0), currency);
    delivery.totals = Some(Totals {
        items,
        discounts,
        tax,
        included_tax,
        total,
        ..before
    });
}

/// The discount on `now` that was `of` on `before`. Most are a whole percentage, which the
/// rounded amount of before tells better than it does itself.
fn discount(of: Money, now: Money, before: Money) -> Money {
    let hundred = Money::from_minor(100, before.currency());
    let whole = share(hundred, of, before);
    match share(before, whole, hundred) == of {
        true => share(now, whole, hundred),
        false => share(of, now, before),
    }
}

/// Takes `off` of the totals off, instead of what is taken off now.
pub(super) fn set_discount(delivery: &mut Delivery, off: impl Fn(&Totals) -> i64) {
    let Some(totals) = &mut delivery.totals else {
        return;
    };
    let currency = totals.total.currency();
    let (before, now) = (totals.discounts.minor(), off(totals).max(0));
    let total = totals
        .total
        .minor()
        .saturating_add(before)
        .saturating_sub(now);
    totals.discounts = Money::from_minor(now, currency);
    totals.total = Money::from_minor(total.max(0), currency);
}

/// Lets shipping cost `price`; without one, what the delivery costs cannot be said.
pub(super) fn set_shipping(delivery: &mut Delivery, price: Option<Money>) {
    let (Some(price), Some(before)) = (price, delivery.totals) else {
        delivery.totals = None;
        return;
    };
    let total = before
        .total
        .minor()
        .saturating_sub(before.shipping.minor())
        .saturating_add(price.minor());
    delivery.totals = Some(Totals {
        shipping: price,
        total: Money::from_minor(total.max(0), price.currency()),
        ..before
    });
}

/// The part of `of` that belongs to `now` where the whole belonged to `before`, rounded half up.
fn share(of: Money, now: Money, before: Money) -> Money {
    let whole = i128::from(before.minor());
    if whole == 0 {
        return of;
    }
    let minor = (i128::from(of.minor()) * i128::from(now.minor()) * 2 + whole) / (whole * 2);
    Money::from_minor(i64::try_from(minor).unwrap_or(i64::MAX), of.currency())
}

/// A delivery with nothing in it yet, to the same address and paid the same way as `like`.
pub(super) fn empty(like: &Delivery, key: DeliveryKey) -> Delivery {
    Delivery {
        key,
        state: DeliveryState::Planned,
        items: Vec::new(),
        due: None,
        estimated: true,
        updating: false,
        lock: None,
        failure: None,
        given_to: None,
        ..like.clone()
    }
}

/// A delivery to an address to which nothing else goes: what it costs cannot be said.
pub(super) fn alone(key: DeliveryKey) -> Delivery {
    Delivery {
        key,
        state: DeliveryState::Planned,
        items: Vec::new(),
        totals: None,
        due: None,
        discounts: Vec::new(),
        estimated: true,
        updating: false,
        address: None,
        gift_for: None,
        given_to: None,
        payment: None,
        change_until: None,
        lock: None,
        failure: None,
    }
}
