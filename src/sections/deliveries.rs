//! The delivery schedule: a timeline by month.

mod controls;
mod ics;
mod menu;

use leptos::prelude::*;
use protocol::view::{Delivery, DeliverySchedule, DeliveryState, DiscountLine};
use protocol::{Date, Query};

use super::offers;
use crate::i18n::{format, t};
use crate::navigation::Route;
use crate::overview::page::{Page, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::parts::{self, delivery_place, pill, to_and_by};
use crate::overview::warnings::warnings;
use crate::overview::words;
use crate::ui::{
    ButtonKind, DateBlock, Disclosure, Drawing, EmptyState, Glyph, Icon, LinkButton, Shape,
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
    if view.deliveries.is_empty() && !view.cut {
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
    let end = parts::cut(view.cut).unwrap_or_else(|| {
        let date = format::date(view.until, page.today());
        view! { <p class="small muted">{t::deliveries_until(&date)}</p> }.into_any()
    });
    view! {
        <div class="stack stack-section">
            {warnings(page, &view.warnings)}
            {months.collect_view()}
            {page.more_rows(view.deliveries.len() - shown)}
            {offers::suggestion(page, view)}
            {end}
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
            class="card delivery" part="card"
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
    if delivery.estimated && delivery.state == DeliveryState::Planned {
        [away.as_str(), t::delivery_estimated()].join(" · ")
    } else {
        away
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
    let deadline = controls::deadline(page, delivery);
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
    // Where the total is not known, nothing stands for it.
    let total = (delivery.updating || delivery.totals.is_some()).then(|| {
        let label = parts::total_label(delivery.estimated);
        view! { <p class="strong">{label}" "{parts::total(delivery)}</p> }
    });
    view! {
        <div class="row row-between delivery-foot">
            <div>
                {total}
                <p class="small muted typed">{to}</p>
                {about}
                {codes(&delivery.discounts)}
            </div>
            {controls}
        </div>
        {breakdown}
        {deadline}
    }
    .into_any()
}

/// The codes on a delivery, each with how far it reaches; nothing where there is none.
fn codes(discounts: &[DiscountLine]) -> AnyView {
    let lines = discounts.iter().map(|discount| {
        let text = if discount.on_address {
            t::discount_on_address(&discount.code)
        } else {
            t::discount_on_delivery(&discount.code)
        };
        view! { <p class="caption muted icon-line"><Icon glyph=Glyph::Info/><span class="typed">{text}</span></p> }
    });
    lines.collect_view().into_any()
}
