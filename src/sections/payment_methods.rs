//! What pays, what it pays for, and what is wrong with it.

mod add;
mod assign;
mod change;

use leptos::prelude::*;
use protocol::view::{PaymentMethod, PaymentMethodState, PaymentMethods};
use protocol::{Operation, PaymentMethodId, Query};

use super::page::{Page, shown};
use super::{parts, words};
use crate::i18n::{format, t};
use crate::ui::{
    Banner, Button, ButtonKind, Drawing, EmptyState, Fact, Facts, Glyph, Icon, Menu, MenuItem,
    PageHeader, Pill, Shape, Tone,
};
use add::AddCard;

/// The payment methods; with `adding` the fields for another card open by themselves.
pub(crate) fn payment_methods(adding: bool) -> impl IntoView {
    let here = Here {
        wanted: StoredValue::new(adding),
        adding: AddCard::new(),
        link_rests: RwSignal::new(false),
    };
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::payment_title() lead=t::payment_lead()/>
            {here.adding.view()}
            {shown(Query::PaymentMethods, Shape::Cards(2), move |page, view| show(page, view, here))}
        </div>
    }
}

/// What stays while the page is drawn anew.
#[derive(Clone, Copy)]
struct Here {
    /// Whether the fields for a card are still to be opened.
    wanted: StoredValue<bool>,
    /// The card that is being added.
    adding: AddCard,
    /// Whether a link was e-mailed a moment ago.
    link_rests: RwSignal<bool>,
}

/// The `id` of the element that shows a method.
fn place(id: PaymentMethodId) -> String {
    format!("payment-{id}")
}

fn show(page: &Page, view: &PaymentMethods, here: Here) -> AnyView {
    let add = add_button(page, view, here.adding);
    if here.wanted.try_update_value(std::mem::take) == Some(true) && can_add(page, view) {
        here.adding.start_soon();
    }
    if view.methods.is_empty() {
        return view! {
            <EmptyState drawing=Drawing::Card text=t::payment_empty()>{add}</EmptyState>
        }
        .into_any();
    }
    let cards = view
        .methods
        .iter()
        .map(|method| card(page, method, view, here));
    view! {
        <div class="stack cards">{cards.collect_view()}</div>
        <div class="row">{add}</div>
        {backup(page, view)}
    }
    .into_any()
}

fn can_add(page: &Page, view: &PaymentMethods) -> bool {
    page.allows(Operation::AddPaymentMethod) && view.can_add
}

/// The way to add a card, unless one is being added.
fn add_button(page: &Page, view: &PaymentMethods, adding: AddCard) -> AnyView {
    if !can_add(page, view) {
        return ().into_any();
    }
    let locked = page.locked(None);
    let button = move || {
        adding.is_closed().then(|| {
            let press = move |()| adding.start();
            view! { <Button label=t::card_open() locked icon=Glyph::Plus on_press=press/> }
        })
    };
    button.into_any()
}

/// Whether another method may be charged when the usual one fails, and what that means.
fn backup(page: &Page, view: &PaymentMethods) -> AnyView {
    let enabled = view.backup;
    let useful = view.methods.len() > 1 || enabled;
    if !page.allows(Operation::SetBackupPayment) || !useful {
        return ().into_any();
    }
    let changes = page.changes;
    let label = if enabled {
        t::backup_stop()
    } else {
        t::backup_allow()
    };
    let press = move |()| changes.start(|| change::backup(!enabled));
    let marked = page.marked("payment-backup".into());
    let text = if enabled {
        t::backup_text_on()
    } else {
        t::backup_text_off()
    };
    view! {
        <section class="card" id="payment-backup" data-marked=marked>
            <h2>{t::backup_title()}</h2>
            <p class="small">{text}</p>
            <div class="actions">
                <Button label locked=page.locked(None) kind=ButtonKind::Quiet on_press=press/>
            </div>
        </section>
    }
    .into_any()
}

fn card(page: &Page, method: &PaymentMethod, view: &PaymentMethods, here: Here) -> AnyView {
    let place = place(method.line.id);
    let marked = page.marked(place.clone());
    let expiry = method.line.expiry.map(|(year, month)| {
        let text = format::card_expiry(month, year.unsigned_abs());
        view! { <p class="small muted number">{t::payment_expires(&text)}</p> }
    });
    let default = method
        .default
        .then(|| view! { <Pill label=t::payment_default() icon=Glyph::Check/> });
    // That all is well needs no mark: only what is not does.
    let state = (method.state != PaymentMethodState::Valid && !method.expiring)
        .then(|| parts::pill(words::method_state(&method.state)));
    view! {
        <section class="card" id=place data-marked=marked>
            <div class="media">
                <span class="payment-mark"><Icon glyph=Glyph::Card/></span>
                <div>
                    <h2 class="typed">{words::payment_line(&method.line)}</h2>
                    {expiry}
                </div>
                <div class="row">{default}{state}{more(page, method, view)}</div>
            </div>
            {warning(page, method)}
            {uses(method)}
            {link(page, method, view, here.link_rests)}
        </section>
    }
    .into_any()
}

/// What can be done with it: letting it pay for more, making it the default, its billing address,
/// its removal.
fn more(page: &Page, method: &PaymentMethod, view: &PaymentMethods) -> Option<AnyView> {
    let can = |operation| page.allows(operation);
    let both = || (method.clone(), view.clone());
    let assign = can(Operation::AssignPaymentMethod) && assign::is_possible(method, view);
    let assign = assign.then(|| {
        let (own, all) = both();
        let make = move || assign::assign(&own, &all);
        page.item(t::assign_open(), Glyph::Pin, None, make)
    });
    let is_usable = !method.by_link && method.state != PaymentMethodState::Invalid;
    let default = can(Operation::SetDefaultPaymentMethod) && is_usable && !method.default;
    let default = default.then(|| {
        let (own, all) = both();
        let make = move || change::make_default(&own, &all);
        page.item(t::default_open(), Glyph::Check, None, make)
    });
    let billing = can(Operation::UpdateBillingAddress) && !method.by_link;
    let billing = billing.then(|| {
        let (own, all) = both();
        let countries = page.session().map(|session| session.countries.clone());
        let make = move || change::billing(&own, &all, countries.clone().unwrap_or_default());
        page.item(t::billing_open(), Glyph::Edit, None, make)
    });
    let remove = can(Operation::RemovePaymentMethod) && !method.by_link;
    let remove = remove.then(|| {
        let own = method.clone();
        let streets = method.addresses.iter();
        let streets: Vec<String> = streets.map(|a| words::short(&a.lines.street)).collect();
        let in_use = (!streets.is_empty()).then(|| t::remove_method_used(&format::list(&streets)));
        let make = move || change::remove(&own);
        page.item(t::remove_method_open(), Glyph::Close, in_use, make)
    });
    let items: Vec<MenuItem> = [assign, default, billing, remove]
        .into_iter()
        .flatten()
        .collect();
    let name = t::payment_more_name(&words::payment_line(&method.line));
    (!items.is_empty()).then(|| view! { <Menu label=t::ui_more() name items/> }.into_any())
}

/// Where the processor lets a card be changed by an e-mailed link only: the way to that link.
fn link(
    page: &Page,
    method: &PaymentMethod,
    view: &PaymentMethods,
    rests: RwSignal<bool>,
) -> AnyView {
    if !method.by_link || !page.allows(Operation::SendPaymentLink) {
        return ().into_any();
    }
    let (changes, own, email) = (page.changes, method.clone(), view.email.clone());
    let busy = page.locked(None);
    let locked = Signal::derive(move || match rests.get() {
        true => Some(t::link_rests().to_owned()),
        false => busy.get(),
    });
    let press = move |()| changes.start(|| change::send_link(&own, email.clone(), rests));
    view! {
        <p class="small muted">{t::link_text()}</p>
        <div class="actions"><Button label=t::link_open() locked on_press=press/></div>
    }
    .into_any()
}

/// That it expires soon, has expired, or cannot be charged.
fn warning(page: &Page, method: &PaymentMethod) -> AnyView {
    let today = page.today();
    let name = words::payment_line(&method.line);
    let (tone, title, text) = match (method.state == PaymentMethodState::Invalid, method.expires) {
        (true, _) => (
            Tone::Stop,
            t::warning_invalid(&name),
            t::warning_invalid_text(),
        ),
        (false, Some(day)) if method.expiring && day <= today => (
            Tone::Attention,
            t::warning_expired(&name),
            t::warning_expired_text(),
        ),
        (false, Some(day)) if method.expiring => {
            let away = format::relative(day.add_days(-1), today);
            (
                Tone::Attention,
                t::warning_expiring(&name, &away),
                t::warning_expiring_text(),
            )
        }
        _ => return ().into_any(),
    };
    view! { <Banner tone title text/> }.into_any()
}

/// The addresses whose deliveries it pays for, and its billing address.
fn uses(method: &PaymentMethod) -> AnyView {
    let pays = (!method.addresses.is_empty()).then(|| {
        let lines = method.addresses.iter().map(|address| {
            let line = address.lines.street.clone();
            view! { <li class="typed">{line}</li> }
        });
        let lines = lines.collect_view();
        view! { <Fact label=t::payment_pays_for()><ul>{lines}</ul></Fact> }
    });
    let unused = method.addresses.is_empty().then(|| {
        view! { <p class="small muted">{t::payment_unused()}</p> }
    });
    let billing = method.billing_address.as_ref().map(|lines| {
        let shown = parts::address(lines);
        view! { <Fact label=t::payment_billing()>{shown}</Fact> }
    });
    view! {
        {unused}
        <Facts>{pays}{billing}</Facts>
    }
    .into_any()
}
