//! The delivery schedule: a timeline by month.

mod controls;
mod gift;
mod ics;
mod pay;
mod reschedule;
mod skip;
mod unskip;

use std::sync::Arc;

use leptos::prelude::*;
use protocol::view::{Delivery, DeliverySchedule, DeliveryState};
use protocol::{Date, Operation, Query};

pub(super) use pay::start_by_key as start_pay;

use super::Start;
use super::adding;
use super::page::{Page, shown};
use super::parts::{self, delivery_place, delivery_total, lock_of, pill, to_and_by};
use super::warnings::warnings;
use super::words;
use crate::data::{Data, InView};
use crate::i18n::{format, t};
use crate::routing::Route;
use crate::ui::{
    Button, ButtonKind, DateBlock, Disclosure, Drawing, EmptyState, Glyph, LinkButton, PageHeader,
    Shape,
};

/// The delivery schedule.
pub(crate) fn deliveries() -> impl IntoView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::deliveries_title() lead=t::deliveries_lead()/>
            {shown(Query::Deliveries, Shape::Rows(4), show)}
        </div>
    }
}

fn show(page: &Page, view: &DeliverySchedule) -> AnyView {
    if view.deliveries.is_empty() {
        let href = page.href(Route::Subscriptions);
        return view! {
            <EmptyState drawing=Drawing::Parcel text=t::deliveries_empty()>
                <LinkButton href label=t::overview_see_subscriptions() kind=ButtonKind::Primary/>
            </EmptyState>
        }
        .into_any();
    }
    let month = |delivery: &Delivery| (delivery.key.date.year(), delivery.key.date.month());
    // Each item takes most of the place that a row does.
    let places = |delivery: &Delivery| 1 + parts::items_shown(delivery.items.len()) * 3 / 4;
    let shown = page.rows(view.deliveries.iter().map(places));
    let months = view.deliveries[..shown]
        .chunk_by(|a, b| month(a) == month(b))
        .map(|deliveries| {
            let rows = deliveries.iter().map(|delivery| row(page, view, delivery));
            view! {
                <section class="stack stack-small month">
                    <h2>{format::month_year(deliveries[0].key.date)}</h2>
                    <ol class="timeline">{rows.collect_view()}</ol>
                </section>
            }
        });
    let end = format::date(view.until, page.today());
    view! {
        <div class="stack stack-section">
            {warnings(page, &view.warnings)}
            {months.collect_view()}
            {page.more_rows(view.deliveries.len() - shown)}
            {adding::suggestion(page, view)}
            <p class="small muted">{t::deliveries_until(&end)}</p>
        </div>
    }
    .into_any()
}

fn row(page: &Page, view: &DeliverySchedule, delivery: &Delivery) -> AnyView {
    let (today, date) = (page.today(), delivery.key.date);
    let place = delivery_place(delivery.key);
    let marked = page.marked(place.clone());
    let skipped = delivery.state == DeliveryState::Skipped;
    let state = (delivery.state != DeliveryState::Planned)
        .then(|| pill(words::delivery_state(&delivery.state)));
    let updating = delivery.updating.then_some("true");
    view! {
        <li
            class="card delivery"
            id=place
            data-marked=marked
            data-skipped=skipped.then_some("")
            aria-busy=updating
        >
            <DateBlock weekday=format::weekday_short(date) day=format::day_number(date) skipped=skipped/>
            <div class="row row-between delivery-head">
                <div>
                    <h3 class="delivery-date" class:struck=skipped>{format::date(date, today)}</h3>
                    <p class="small muted">{subtitle(delivery, today)}</p>
                </div>
                {state}
            </div>
            <div class="stack delivery-body">
                {parts::items(delivery.items.iter().map(Into::into))}
                {failure(delivery, today)}
                {foot(page, view, delivery)}
            </div>
        </li>
    }
    .into_any()
}

/// "in 3 days", and whether the date is an estimate.
fn subtitle(delivery: &Delivery, today: Date) -> String {
    let away = format::relative(delivery.key.date, today);
    match delivery.estimated && delivery.state == DeliveryState::Planned {
        true => [away.as_str(), t::delivery_estimated()].join(" · "),
        false => away,
    }
}

fn failure(delivery: &Delivery, today: Date) -> AnyView {
    let Some(failure) = &delivery.failure else {
        return ().into_any();
    };
    view! { <p class="small delivery-failure">{words::payment_failure(failure, today)}</p> }
        .into_any()
}

/// Total, where to and how paid, what can be done and until when.
fn foot(page: &Page, view: &DeliverySchedule, delivery: &Delivery) -> AnyView {
    let controls = controls::controls(page, view, delivery);
    let deadline = controls::deadline(delivery, page.today());
    let given = delivery.given_to.as_deref();
    let given = given.map(|name| t::delivery_given_text(&words::short(name)));
    if delivery.state == DeliveryState::Skipped {
        let text = given.unwrap_or_else(|| t::delivery_skipped_text().to_owned());
        return view! {
            <div class="row row-between delivery-foot">
                <p class="small muted typed">{text}</p>
                {controls}
            </div>
            {deadline}
        }
        .into_any();
    }
    let breakdown = delivery
        .totals
        .filter(|_| !delivery.estimated)
        .map(|totals| {
            let sums = parts::sums(totals, delivery.estimated, delivery.updating);
            view! { <Disclosure summary=t::delivery_breakdown()>{sums}</Disclosure> }
        });
    let to = to_and_by(delivery.address.as_ref(), delivery.payment.as_ref());
    let gift = delivery.gift_for.as_deref();
    let gift = gift.map(|name| t::delivery_gift_for(&words::short(name)));
    let about = given.or(gift);
    let about = about.map(|text| view! { <p class="small typed">{text}</p> });
    view! {
        <div class="row row-between delivery-foot">
            <div>
                <p class="strong">{t::sum_total()}" "{delivery_total(delivery)}</p>
                <p class="small muted typed">{to}</p>
                {about}
                {adding::codes(&delivery.discounts)}
            </div>
            {controls}
        </div>
        {breakdown}
        {deadline}
    }
    .into_any()
}

/// The way to skip `delivery` or some of its items; nothing where that cannot be.
pub(super) fn skip_button(
    page: &Page,
    delivery: &Delivery,
    kind: ButtonKind,
    label: String,
) -> AnyView {
    let can = delivery.state == DeliveryState::Planned
        && delivery
            .items
            .iter()
            .any(|item| item.skippable && !item.skipped)
        && page.allows(Operation::SkipDelivery);
    if !can {
        return ().into_any();
    }
    let locked = lock_of(page, delivery);
    // Several "Skip" on one page: each says of what. A longer label says enough itself.
    let name = match label == t::delivery_skip() {
        true => t::delivery_skip_name(&format::date(delivery.key.date, page.today())),
        false => label.clone(),
    };
    let (own, action) = (page.clone(), Start::Skip(delivery.clone()));
    let press = move |()| own.start(action.clone());
    view! { <Button label kind name locked icon=Glyph::Skip on_press=press/> }.into_any()
}

/// The way to bring back what of `delivery` is skipped; nothing where that cannot be.
pub(super) fn unskip_button(
    page: &Page,
    delivery: &Delivery,
    locked: Signal<Option<String>>,
) -> AnyView {
    if !page.allows(Operation::UnskipDelivery) {
        return ().into_any();
    }
    let name = t::delivery_bring_back_name(&format::date(delivery.key.date, page.today()));
    let (own, action) = (page.clone(), Start::Unskip(delivery.clone()));
    let press = move |()| own.start(action.clone());
    view! { <Button label=t::delivery_bring_back() name locked icon=Glyph::Undo on_press=press/> }
        .into_any()
}

/// Opens the form for skipping `delivery`.
pub(super) fn start_skip(page: &Page, delivery: Delivery) {
    let today = page.today();
    page.changes
        .start(|| Arc::new(skip::Skip::new(delivery, today)));
}

/// Opens the review of bringing back what of `delivery` is skipped.
pub(super) fn start_unskip(page: &Page, delivery: Delivery) {
    let today = page.today();
    page.changes
        .start(|| Arc::new(unskip::Unskip::new(delivery, today)));
}

/// "Your next delivery is Tuesday 22 December.", from what is held now.
fn next_sentence(data: Data, today: Date) -> String {
    let from_schedule = data.held(&Query::Deliveries).and_then(|view| {
        let view = DeliverySchedule::of(&view)?;
        let planned = |delivery: &&Delivery| delivery.state == DeliveryState::Planned;
        view.deliveries
            .iter()
            .find(planned)
            .map(|delivery| delivery.key.date)
    });
    let from_overview = data.held(&Query::Overview).and_then(|view| {
        let view = protocol::view::Overview::of(&view)?;
        view.next.as_ref().map(|delivery| delivery.key.date)
    });
    match from_schedule.or(from_overview) {
        Some(date) => t::delivery_next_is(&format::date(date, today)),
        None => t::delivery_next_none().to_owned(),
    }
}
