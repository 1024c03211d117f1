//! One subscription: what, when, where, how paid, and how it ends.

use leptos::prelude::*;
use protocol::view::{Stock, SubscriptionCard, SubscriptionDetail, SubscriptionState};
use protocol::{Date, Operation, Query, SubscriptionId};

use super::controls::Controls;
use crate::actions::{
    assign_payment_method, cancel_subscription, places, reactivate_subscription, update_address,
};
use crate::data::{Data, InView};
use crate::i18n::{format, t};
use crate::navigation::{Route, Router};
use crate::overview::page::{Page, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::parts::terms;
use crate::overview::parts::{self, names, pill};
use crate::overview::words;
use crate::ui::{Button, ButtonKind, Card, Fact, Facts, Picture, PictureSize, Shape, Sum, Sums};

/// One subscription.
pub(crate) fn subscription(id: SubscriptionId) -> impl IntoView {
    let query = Query::Subscription(id);
    let cell = Data::expect().open(query.clone());
    let title = Signal::derive(move || {
        cell.view.with(|view| {
            let detail = view.as_deref().and_then(SubscriptionDetail::of);
            detail.map_or_else(
                || t::subscription_title().to_owned(),
                |d| words::short(&d.card.title),
            )
        })
    });
    let back = (
        Router::expect().href(&Route::Subscriptions),
        t::nav_subscriptions().to_owned(),
    );
    view! {
        <div class="stack stack-large">
            <PageHeader title back/>
            {shown(query, Shape::Facts(6), show)}
        </div>
    }
}

fn show(page: &Page, view: &SubscriptionDetail) -> AnyView {
    let card = &view.card;
    let place = places::subscription(card.id);
    let marked = page.marked(place.clone());
    let variant = Some(&card.variant)
        .filter(|text| !text.is_empty())
        .map(|text| words::short(text));
    let (count, controls) = (card.quantity, Controls::new(page, view));
    view! {
        <div class="stack stack-section">
            <section class="card media subscription-head" part="card" id=place data-marked=marked>
                <Picture src=card.image.clone() size=PictureSize::Hero count/>
                <div class="stack stack-tight">
                    <div class="row">{pill(words::card_state(card, page.today()))}</div>
                    {variant.map(|variant| view! { <p class="typed">{variant}</p> })}
                    <p class="muted typed">{terms(card)}</p>
                </div>
            </section>
            {controls.buttons()}
            {facts(page, view, &controls)}
            {price(card)}
            {history(page, view)}
            {ending(page, view)}
        </div>
    }
    .into_any()
}

/// Every line that is known, with its own way to change it.
fn facts(page: &Page, view: &SubscriptionDetail, controls: &Controls) -> AnyView {
    let (card, today) = (&view.card, page.today());
    let dates: Vec<String> = view
        .next_dates
        .iter()
        .map(|date| format::date(*date, today))
        .collect();
    let dates = (!dates.is_empty()).then(|| {
        let lines = dates
            .into_iter()
            .map(|date| view! { <li>{date}</li> })
            .collect_view();
        let shown = view! { <ul>{lines}</ul> }.into_any();
        let (label, change) = (
            t::subscription_dates(),
            controls.change(Operation::ChangeDate),
        );
        // The button above is called the same.
        line(page, label, change.map(|(_, press)| ("", press)), shown)
    });
    let often = card.interval.map(|interval| {
        let often = words::sentence(&words::interval(interval));
        let change = controls.change(Operation::ChangeFrequency);
        line(page, t::subscription_interval(), change, often.into_any())
    });
    let cancelled = card.cancelled_on.map(|date| {
        view! { <Fact label=t::subscription_ended()>{format::date_with_year(date)}</Fact> }
    });
    let reason = view.cancellation_reason.clone().map(|reason| {
        view! { <Fact label=t::subscription_reason()><span class="typed">{reason}</span></Fact> }
    });
    let address = view.address.as_ref().map(|lines| {
        let shown = parts::address(lines);
        let id = card.address_id;
        let label = t::subscription_address();
        if page.allows(Operation::UpdateAddress) {
            let (own, locked) = (page.clone(), page.locked(None));
            let press = move |()| update_address::open_by_id(&own, id);
            view! { <Fact label locked on_change=press>{shown}</Fact> }.into_any()
        } else {
            view! { <Fact label>{shown}</Fact> }.into_any()
        }
    });
    let payment = view.payment.as_ref().map(|line| {
        let shown = words::payment_line(line).into_any();
        let can =
            card.state == SubscriptionState::Active && page.allows(Operation::AssignPaymentMethod);
        let (own, id) = (page.clone(), card.address_id);
        let press = Callback::new(move |()| assign_payment_method::open_for(&own, id));
        let change = can.then(|| (t::assign_payment_method_here(), press));
        self::line(page, t::subscription_payment(), change, shown)
    });
    let quantity = format::integer(card.quantity as usize);
    let quantity = view! { <span class="number">{quantity}</span> }.into_any();
    let change = controls.change(Operation::ChangeQuantity);
    let quantity = line(page, t::subscription_quantity(), change, quantity);
    let properties = properties(page, view, controls);
    let (paid, inside, stock) = (paid_ahead(view, today), inside(view), stock(view));
    let change = controls.change(Operation::UpdateOrderNote);
    let note = (change.is_some() || !view.order_note.is_empty()).then(|| {
        let note = if view.order_note.is_empty() {
            t::subscription_note_none().to_owned()
        } else {
            view.order_note.clone()
        };
        let shown = view! { <span class="typed">{note}</span> }.into_any();
        line(page, t::subscription_note(), change, shown)
    });
    view! {
        <Card>
            <Facts>
                {dates}
                {cancelled}
                {reason}
                {quantity}
                {often}
                {address}
                {payment}
                {properties}
                {paid}
                {inside}
                {stock}
                {note}
            </Facts>
        </Card>
    }
    .into_any()
}

/// A line with the way to change it: what that is called, and what it does.
fn line(
    page: &Page,
    label: impl Into<String>,
    change: Option<(&'static str, Callback<()>)>,
    shown: AnyView,
) -> AnyView {
    let label = label.into();
    match change {
        Some((name, press)) => {
            let locked = page.locked(None);
            view! { <Fact label name locked on_change=press>{shown}</Fact> }.into_any()
        }
        None => view! { <Fact label>{shown}</Fact> }.into_any(),
    }
}

/// What the customer chose of the product, and what there is to choose. One form changes them all,
/// from the first line.
fn properties(page: &Page, view: &SubscriptionDetail, controls: &Controls) -> AnyView {
    let mut change = controls.change(Operation::UpdateProperties);
    let known = |name: &String| {
        view.properties
            .iter()
            .any(|property| property.name == *name)
    };
    let open = page.session().filter(|_| change.is_some());
    let open = open.and_then(|session| Some(session.subscription_rules.get()?.properties));
    let missing = open.unwrap_or_default().into_iter();
    let missing = missing.filter(|name| !known(name));
    let missing = missing.map(|name| (name, t::customer_none().to_owned()));
    let given = view.properties.iter();
    let given = given.map(|property| (property.name.clone(), words::short(&property.value)));
    let lines = given.chain(missing).map(|(name, value)| {
        let shown = view! { <span class="typed">{value}</span> }.into_any();
        line(page, words::short(&name), change.take(), shown)
    });
    lines.collect_view().into_any()
}

/// What is paid ahead, and for whom it is.
fn paid_ahead(view: &SubscriptionDetail, today: Date) -> AnyView {
    let prepaid = view.prepaid.as_ref().map(|prepaid| {
        let left = t::subscription_paid_left(
            &format::integer(prepaid.left as usize),
            &format::integer(prepaid.total as usize),
        );
        let day = |label: &'static str, date: Option<Date>| {
            let date = date.map(|date| format::date(date, today));
            date.map(|date| view! { <Fact label>{date}</Fact> })
        };
        view! {
            <Fact label=t::subscription_paid_ahead()>{left}</Fact>
            {day(t::subscription_next_shipment(), prepaid.next_shipment)}
            {day(t::subscription_renews(), prepaid.renews)}
        }
    });
    let gift = view.gift_for.clone().map(|name| {
        view! { <Fact label=t::subscription_gift()><span class="typed">{name}</span></Fact> }
    });
    view! { {prepaid}{gift} }.into_any()
}

/// What is in a box that the customer fills.
fn inside(view: &SubscriptionDetail) -> AnyView {
    let Some(contents) = &view.contents else {
        return ().into_any();
    };
    let lines = contents.items.iter().map(|item| {
        let mut choices = contents.choices.iter();
        let choice = choices.find(|c| c.external_variant_id == item.external_variant_id);
        let title = choice
            .map(|choice| words::short(&choice.title))
            .unwrap_or_default();
        let line = t::item_times(&format::integer(item.quantity as usize), &title);
        view! { <li class="typed">{line}</li> }
    });
    let lines = lines.collect_view();
    let missing = contents
        .items
        .is_empty()
        .then(|| t::update_bundle_more(contents.missing(0).unsigned_abs() as usize));
    view! { <Fact label=t::subscription_bundle()><ul>{lines}</ul>{missing}</Fact> }.into_any()
}

/// What happens where the shop has none of it.
fn stock(view: &SubscriptionDetail) -> AnyView {
    let text = match (&view.card.state, &view.stock) {
        (SubscriptionState::Active, Some(Stock::Waits | Stock::SoldOut)) => t::stock_sold_out_now(),
        (SubscriptionState::Active, None) if view.contents.is_none() => t::stock_gone(),
        _ => return ().into_any(),
    };
    view! { <Fact label=t::subscription_stock()>{text}</Fact> }.into_any()
}

/// The price of one and of all; shipping and tax belong to a delivery.
fn price(card: &SubscriptionCard) -> AnyView {
    let total = format::money(card.total());
    let each = format::money(card.price);
    let each = match card.quantity {
        1 => each,
        many => t::item_times(&format::integer(many as usize), &each),
    };
    let prepaid = card.deliveries_per_charge > 1;
    let payment = prepaid.then(|| {
        let label = t::subscription_per_payment(card.deliveries_per_charge as usize);
        view! { <Sum label amount=format::money(card.payment()) total=true/> }
    });
    view! {
        <section class="card" part="card">
            <h2>{t::subscription_price()}</h2>
            <div>
                <Sums>
                    <Sum label=t::subscription_each() amount=each/>
                    <Sum label=t::subscription_per_delivery() amount=total total={!prepaid}/>
                    {payment}
                </Sums>
                <p class="caption muted">{t::subscription_price_note()}</p>
            </div>
        </section>
    }
    .into_any()
}

fn history(page: &Page, view: &SubscriptionDetail) -> AnyView {
    if view.history.is_empty() {
        return ().into_any();
    }
    let rows = view.history.iter().map(|order| {
        let date = order.date.map(format::date_with_year).unwrap_or_default();
        view! {
            <div class="opens history-row">
                <div>
                    <a class="opens-link strong number" href=page.href(Route::Order(order.id))>{date}</a>
                    <p class="small muted typed">
                        {names(order.items.iter().map(|item| item.title.as_str()))}
                    </p>
                </div>
                {pill(words::payment_state(&order.state))}
                <span class="money">{format::money(order.total)}</span>
            </div>
        }
    });
    view! {
        <section class="stack stack-small">
            <h2>{t::subscription_history()}</h2>
            <div class="card card-flush" part="card">{rows.collect_view()}</div>
        </section>
    }
    .into_any()
}

/// Cancel or reactivate: honest and easy to find.
fn ending(page: &Page, view: &SubscriptionDetail) -> AnyView {
    let locked = page.locked(None);
    let (detail, own) = (view.clone(), page.clone());
    let is_locked = view
        .locks
        .iter()
        .any(|lock| lock.operation == Operation::CancelSubscription);
    match view.card.state {
        SubscriptionState::Active if page.allows(Operation::CancelSubscription) && !is_locked => {
            let press = move |()| cancel_subscription::open(&own, detail.clone());
            view! {
                <section class="row row-between ending">
                    <p class="small muted">{t::cancel_subscription_lead()}</p>
                    <Button label=t::cancel_subscription_open() locked on_press=press/>
                </section>
            }
            .into_any()
        }
        SubscriptionState::Cancelled if page.allows(Operation::ReactivateSubscription) => {
            let press = move |()| reactivate_subscription::open(&own, detail.card.clone());
            view! {
                <section class="row row-between ending">
                    <p class="small muted">{t::reactivate_subscription_lead()}</p>
                    <Button label=t::reactivate_subscription_open() kind=ButtonKind::Primary locked on_press=press/>
                </section>
            }
            .into_any()
        }
        _ => ().into_any(),
    }
}
