//! Lines and marks that several sections draw.

use leptos::prelude::*;
use protocol::view::{
    Address, AddressLines, Delivery, DeliveryItem, DeliveryKey, PaymentLine, SubscriptionCard,
    Totals,
};
use protocol::{Money, Query};

use super::page::Page;
use super::words::{self, Mark};
use crate::data::{Data, InView};
use crate::i18n::{format, t};
use crate::ui::{Button, Pick, Picture, PictureSize, Pill, Sum, Sums};

/// A state as a mark.
pub(crate) fn pill((label, tone, icon): Mark) -> AnyView {
    view! { <Pill label tone=tone icon/> }.into_any()
}

/// One thing that was or will be bought, as a row.
#[derive(Clone)]
pub(crate) struct Item {
    /// The product's title.
    pub(crate) title: String,
    /// The variant's title; may be empty.
    pub(crate) variant: String,
    /// How many.
    pub(crate) quantity: u32,
    /// What all of them cost.
    pub(crate) total: Option<Money>,
    /// A picture.
    pub(crate) image: Option<String>,
    /// A word on it, such as "Skipped"; may be empty.
    pub(crate) note: &'static str,
    /// Whether it does not come, though its delivery may.
    pub(crate) skipped: bool,
}

impl From<&DeliveryItem> for Item {
    fn from(item: &DeliveryItem) -> Item {
        let note = match item {
            DeliveryItem { skipped: true, .. } => t::delivery_skipped(),
            DeliveryItem { one_time: true, .. } => t::delivery_one_time(),
            _ => "",
        };
        Item {
            title: words::short(&item.title),
            variant: item.variant.clone(),
            quantity: item.quantity,
            total: item.total,
            image: item.image.clone(),
            note,
            skipped: item.skipped,
        }
    }
}

impl From<&protocol::view::OrderItem> for Item {
    fn from(item: &protocol::view::OrderItem) -> Item {
        Item {
            title: words::short(&item.title),
            variant: item.variant.clone(),
            quantity: item.quantity,
            total: item.total,
            image: item.image.clone(),
            note: "",
            skipped: false,
        }
    }
}

/// So many items of a delivery or an order are shown at first, where it has more than one more.
const ITEMS: usize = 8;

/// How many of so many items are shown at first.
pub(crate) fn items_shown(count: usize) -> usize {
    match count.saturating_sub(ITEMS) {
        0 | 1 => count,
        _ => ITEMS,
    }
}

/// Items under each other: picture, title and variant, amount. Of many the last ones wait behind
/// a button.
pub(crate) fn items(items: impl Iterator<Item = Item>) -> AnyView {
    let mut first: Vec<Item> = items.collect();
    let others = first.split_off(items_shown(first.len()));
    let hidden = others.len();
    if hidden == 0 {
        return item_rows(first);
    }
    let open = RwSignal::new(false);
    let rest = move || {
        if open.get() {
            return item_rows(others.clone());
        }
        let show = move |()| open.set(true);
        view! { <Button label=t::list_more(hidden) on_press=show/> }.into_any()
    };
    view! { {item_rows(first)} {rest} }.into_any()
}

fn item_rows(items: Vec<Item>) -> AnyView {
    let rows = items.into_iter().map(|item| {
        let details: Vec<&str> = [item.note, item.variant.as_str()]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect();
        let details = details.join(" · ");
        view! {
            <li class="media item" data-skipped=item.skipped.then_some("")>
                <Picture src=item.image size=PictureSize::Small count=item.quantity/>
                <div>
                    <p class="small typed" class:struck=item.skipped>{item.title}</p>
                    {(!details.is_empty()).then(|| view! {
                        <p class="caption muted typed">{words::short(&details)}</p>
                    })}
                </div>
                <span class="small money">{format::money(item.total)}</span>
            </li>
        }
    });
    view! { <ul class="items">{rows.collect_view()}</ul> }.into_any()
}

/// "House Espresso, Oat Milk and 2 more".
pub(crate) fn names<'a>(titles: impl Iterator<Item = &'a str>) -> String {
    let all: Vec<String> = titles.map(words::short).collect();
    match all.len() {
        0..=3 => format::list(&all),
        more => t::items_and_more(more - 2, &all[..2].join(t::list_comma())),
    }
}

/// "To 4 Mill Lane · Visa 4242", as far as it is known.
pub(crate) fn to_and_by(address: Option<&AddressLines>, payment: Option<&PaymentLine>) -> String {
    let address = address.filter(|lines| !lines.street.trim().is_empty());
    let address = address.map(|lines| t::delivery_to(&words::short(&lines.street)));
    let payment = payment.map(words::payment_line);
    let known: Vec<String> = address.into_iter().chain(payment).collect();
    known.join(" · ")
}

/// An address on lines of its own.
pub(crate) fn address(lines: &AddressLines) -> AnyView {
    let name = (!lines.name.is_empty()).then(|| lines.name.clone());
    let all = name.into_iter().chain(lines.lines.iter().cloned());
    let lines = all.map(|line| view! { <span class="address-line">{words::short(&line)}</span> });
    view! { <address class="address typed">{lines.collect_view()}</address> }.into_any()
}

/// An address to choose, with what pays there; one where nothing does cannot take anything.
pub(crate) fn address_pick(address: &Address) -> Pick {
    let method = address.payment.as_ref().map(words::payment_line);
    let locked = match method {
        Some(_) => "",
        None => t::address_no_payment_method(),
    };
    let rest = address.lines.lines.iter().skip(1);
    Pick {
        value: address.id.to_string(),
        title: words::short(&address.lines.street),
        detail: format::list(&rest.map(|line| words::short(line)).collect::<Vec<_>>()),
        note: method.unwrap_or_default(),
        locked: locked.to_owned(),
        ..Pick::default()
    }
}

/// What something costs, down to its total; parts that are nothing are left out.
pub(crate) fn sums(totals: Totals, estimated: bool, updating: bool) -> AnyView {
    let none = Money::zero(totals.total.currency());
    // What is prepaid costs nothing now, and so does sending it: that says nothing.
    let is_paid_for = totals.items.minor() != 0;
    let is_always_said =
        move |label: &str| label == t::sum_items() || is_paid_for && label == t::sum_shipping();
    let parts = [
        (t::sum_items(), totals.items),
        (t::sum_shipping(), totals.shipping),
        (t::sum_tax(), totals.tax),
        (t::sum_duties(), totals.duties),
        (t::sum_adjustment(), totals.adjustment.unwrap_or(none)),
    ];
    let lines = parts
        .into_iter()
        .filter(move |(label, amount)| amount.minor() != 0 || is_always_said(label))
        .map(|(label, amount)| {
            let amount = if amount.minor() == 0 && label == t::sum_shipping() {
                t::sum_free().to_owned()
            } else {
                format::money(amount)
            };
            view! { <Sum label amount/> }.into_any()
        });
    let discount = (totals.discounts.minor() != 0).then(|| {
        let amount = none.minus(totals.discounts).unwrap_or(none);
        view! { <Sum label=t::sum_discounts() amount=format::money(amount)/> }
    });
    let included = totals
        .included_tax
        .filter(|tax| tax.minor() != 0)
        .map(|tax| {
            view! { <p class="caption muted">{t::sum_included_tax(&format::money(tax))}</p> }
        });
    let label = total_label(estimated);
    let total = format::money(totals.total);
    let total = if updating {
        t::delivery_updating().to_owned()
    } else {
        total
    };
    view! {
        <Sums>
            {lines.collect_view()}
            {discount}
            <Sum label amount=total total=true updating=updating/>
        </Sums>
        {included}
    }
    .into_any()
}

/// Says below a list that there is more of it than is shown.
pub(crate) fn cut(is_cut: bool) -> Option<AnyView> {
    is_cut.then(|| view! { <p class="small muted">{t::list_cut()}</p> }.into_any())
}

/// The `id` of the element that shows a delivery.
pub(crate) fn delivery_place(key: DeliveryKey) -> String {
    format!("delivery-{}-{}", key.address_id, key.date)
}

/// What a total is called.
pub(crate) fn total_label(estimated: bool) -> &'static str {
    if estimated {
        t::sum_total_estimated()
    } else {
        t::sum_total()
    }
}

/// The total of a delivery in a line, said to be an estimate or to be recalculated.
pub(crate) fn delivery_total(delivery: &Delivery) -> AnyView {
    let estimated = delivery
        .totals
        .filter(|_| delivery.estimated && !delivery.updating);
    match estimated {
        Some(totals) => {
            let text = t::delivery_about(&format::money(totals.total));
            view! { <span class="money">{text}</span> }.into_any()
        }
        None => total(delivery),
    }
}

/// The total of a delivery beside its label, or that it is being recalculated.
pub(crate) fn total(delivery: &Delivery) -> AnyView {
    if delivery.updating {
        let text = t::delivery_updating();
        return view! { <span class="money" aria-busy="true" data-updating="">{text}</span> }
            .into_any();
    }
    let Some(totals) = delivery.totals else {
        return ().into_any();
    };
    view! { <span class="money">{format::money(totals.total)}</span> }.into_any()
}

/// Why a delivery cannot be changed, if that is so.
pub(crate) fn lock_of(page: &Page, delivery: &Delivery) -> Signal<Option<String>> {
    page.locked(delivery.lock.as_ref().map(words::lock))
}

/// What is held of `query`, as its view, read by `read`.
pub(crate) fn held<T: InView, R>(data: Data, query: &Query, read: impl Fn(&T) -> R) -> Option<R> {
    data.held(query).and_then(|view| T::of(&view).map(read))
}

/// "Qty 2 · every 4 weeks · $36.00".
pub(crate) fn terms(card: &SubscriptionCard) -> String {
    let price = format::money(card.total());
    let often = card.interval.map(words::interval);
    let quantity = (card.quantity > 1)
        .then(|| t::subscription_quantity_short(&format::integer(card.quantity as usize)));
    let prepaid = (card.deliveries_per_charge > 1)
        .then(|| t::subscription_prepaid(card.deliveries_per_charge as usize));
    let terms = quantity.into_iter().chain(often).chain([price]);
    let all: Vec<String> = terms.chain(prepaid).collect();
    words::sentence(&all.join(" · "))
}
