//! What pays, what it pays for, and what is wrong with it.

mod brand;
mod card_entry;

use leptos::prelude::*;
use protocol::view::{PaymentKind, PaymentMethod, PaymentMethodState, PaymentMethods};
use protocol::{LINK_PAUSE_MINUTES, Operation, Query};

use crate::actions::{
    assign_payment_method, places, remove_payment_method, send_payment_link, set_backup_payment,
    set_default_payment_method, update_billing_address,
};
use crate::i18n::{format, t};
use crate::overview::page::{Page, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::warnings::replace;
use crate::overview::{parts, words};
use crate::ui::{
    Banner, Button, Drawing, EmptyState, Fact, Facts, Glyph, Menu, MenuItem, Pill, Shape, Tone,
};
use card_entry::{AddCard, Replaced};

/// The payment methods; with `adding` the fields for another card open by themselves.
pub(crate) fn payment_methods(adding: bool) -> impl IntoView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::payment_title() lead=t::payment_lead()/>
            {methods(adding)}
        </div>
    }
}

/// The payment methods without the head of the page.
pub(crate) fn methods(adding: bool) -> AnyView {
    let here = Here {
        wanted: StoredValue::new(adding),
        adding: AddCard::new(),
        link_just_sent: RwSignal::new(false),
    };
    view! {
        {here.adding.view()}
        {shown(Query::PaymentMethods, Shape::Cards(2), move |page, view| show(page, view, here))}
    }
    .into_any()
}

/// What stays while the page is drawn anew.
#[derive(Clone, Copy)]
struct Here {
    /// Whether the fields for a card are still to be opened.
    wanted: StoredValue<bool>,
    /// The card that is being added.
    adding: AddCard,
    /// Whether a link was e-mailed a moment ago.
    link_just_sent: RwSignal<bool>,
}

fn show(page: &Page, view: &PaymentMethods, here: Here) -> AnyView {
    let add = add_button(page, view, here.adding);
    if here.wanted.try_update_value(std::mem::take) == Some(true) && can_add(page, view) {
        here.adding.start_soon(failing(view));
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

/// The card that another one had better take the place of.
fn failing(view: &PaymentMethods) -> Option<Replaced> {
    let fails = |method: &&PaymentMethod| {
        let wrong = method.expiring || method.state == PaymentMethodState::Invalid;
        wrong && can_replace(method)
    };
    view.methods.iter().find(fails).map(Replaced::of)
}

/// The fields for another card than those of `view`, alone. Calls `closed` when they are closed.
pub(super) fn card_fields(view: &PaymentMethods, closed: impl Fn() + 'static) -> AnyView {
    let adding = AddCard::new();
    adding.start_soon(failing(view));
    Effect::new(move |before: Option<bool>| {
        let is_closed = adding.is_closed();
        if is_closed && before == Some(false) {
            closed();
        }
        is_closed
    });
    adding.view()
}

/// Whether a card can be added to those of `view`.
pub(super) fn can_add(page: &Page, view: &PaymentMethods) -> bool {
    page.allows(Operation::AddPaymentMethod) && view.can_add
}

/// Whether a card that is added can take the place of `method`.
fn can_replace(method: &PaymentMethod) -> bool {
    method.line.kind == PaymentKind::Card && !method.by_link && !method.addresses.is_empty()
}

/// The way to put another card in the place of `method`, unless one is being added.
fn replace_button(
    page: &Page,
    method: &PaymentMethod,
    view: &PaymentMethods,
    adding: AddCard,
) -> Option<AnyView> {
    if !can_add(page, view) || !can_replace(method) {
        return None;
    }
    let (locked, replaced) = (page.locked(None), Replaced::of(method));
    let name = t::card_replace_name(&words::payment_line(&method.line));
    let button = move || {
        let (name, replaced) = (name.clone(), replaced.clone());
        adding.is_closed().then(|| {
            let press = move |()| adding.start(Some(replaced.clone()));
            view! {
                <div class="actions">
                    <Button label=t::card_replace() name locked on_press=press/>
                </div>
            }
        })
    };
    Some(button.into_any())
}

/// The way to add a card, unless one is being added.
fn add_button(page: &Page, view: &PaymentMethods, adding: AddCard) -> AnyView {
    if !can_add(page, view) {
        return ().into_any();
    }
    let locked = page.locked(None);
    let button = move || {
        adding.is_closed().then(|| {
            let press = move |()| adding.start(None);
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
    let own = page.clone();
    let label = if enabled {
        t::set_backup_payment_turn_off()
    } else {
        t::set_backup_payment_turn_on()
    };
    let press = move |()| set_backup_payment::open(&own, !enabled);
    let marked = page.marked(places::BACKUP.into());
    let text = if enabled {
        t::set_backup_payment_text_on()
    } else {
        t::set_backup_payment_text_off()
    };
    view! {
        <section class="card" part="card" id=places::BACKUP data-marked=marked>
            <h2>{t::set_backup_payment_title()}</h2>
            <p class="small">{text}</p>
            <div class="actions">
                <Button label locked=page.locked(None) on_press=press/>
            </div>
        </section>
    }
    .into_any()
}

fn card(page: &Page, method: &PaymentMethod, view: &PaymentMethods, here: Here) -> AnyView {
    let place = places::payment_method(method.line.id);
    let marked = page.marked(place.clone());
    let expiry = method.line.expiry.map(|(year, month)| {
        let text = format::card_expiry(month, year.unsigned_abs());
        view! { <p class="small muted">{t::payment_expires(&text)}</p> }
    });
    let default = method
        .default
        .then(|| view! { <Pill label=t::payment_default() icon=Glyph::Check/> });
    // That all is well needs no mark: only what is not does.
    let state = (method.state != PaymentMethodState::Valid && !method.expiring)
        .then(|| parts::pill(words::method_state(&method.state)));
    view! {
        <section class="card" part="card" id=place data-marked=marked>
            <div class="media">
                {brand::mark(&method.line)}
                <div>
                    <h2 class="typed">{words::payment_line(&method.line)}</h2>
                    {expiry}
                </div>
                <div class="row">{default}{state}{more(page, method, view)}</div>
            </div>
            {warning(page, method)}
            {uses(method)}
            {replace_button(page, method, view, here.adding)}
            {link(page, method, view, here.link_just_sent)}
        </section>
    }
    .into_any()
}

/// What can be done with it: letting it pay for more, making it the default, its billing address,
/// its removal.
fn more(page: &Page, method: &PaymentMethod, view: &PaymentMethods) -> Option<AnyView> {
    let can = |operation| page.allows(operation);
    let both = || (method.clone(), view.clone());
    let assign = can(Operation::AssignPaymentMethod) && assign_payment_method::can(method, view);
    let assign = assign.then(|| {
        let (own, all) = both();
        let open = move |page: &Page| assign_payment_method::open(page, &own, &all);
        page.item(t::assign_payment_method_open(), Glyph::Pin, None, open)
    });
    let is_usable = !method.by_link && method.state != PaymentMethodState::Invalid;
    let default = can(Operation::SetDefaultPaymentMethod) && is_usable && !method.default;
    let default = default.then(|| {
        let (own, all) = both();
        let open = move |page: &Page| set_default_payment_method::open(page, &own, &all);
        page.item(
            t::set_default_payment_method_open(),
            Glyph::Check,
            None,
            open,
        )
    });
    let billing = can(Operation::UpdateBillingAddress) && !method.by_link;
    let billing = billing.then(|| {
        let (own, all) = both();
        let open = move |page: &Page| update_billing_address::open(page, &own, &all);
        page.item(t::update_billing_address_open(), Glyph::Edit, None, open)
    });
    let remove = can(Operation::RemovePaymentMethod) && !method.by_link;
    let remove = remove.then(|| {
        let own = method.clone();
        let streets = method.addresses.iter();
        let streets: Vec<String> = streets.map(|a| words::short(&a.lines.street)).collect();
        let in_use =
            (!streets.is_empty()).then(|| t::remove_payment_method_used(&format::list(&streets)));
        let open = move |page: &Page| remove_payment_method::open(page, &own);
        page.item(t::remove_payment_method_open(), Glyph::Close, in_use, open)
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
    just_sent: RwSignal<bool>,
) -> AnyView {
    if !method.by_link || !page.allows(Operation::SendPaymentLink) {
        return ().into_any();
    }
    let (own, method, email) = (page.clone(), method.clone(), view.email.clone());
    let busy = page.locked(None);
    let locked = Signal::derive(move || {
        if just_sent.get() {
            Some(t::send_payment_link_just_sent(LINK_PAUSE_MINUTES as usize))
        } else {
            busy.get()
        }
    });
    let press = move |()| send_payment_link::open(&own, &method, email.clone(), just_sent);
    view! {
        <p class="small muted">{t::send_payment_link_lead()}</p>
        <div class="actions"><Button label=t::send_payment_link_open() locked on_press=press/></div>
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
            [t::warning_invalid_text(), replace(page)].join(" "),
        ),
        (false, Some(day)) if method.expiring && day <= today => (
            Tone::Attention,
            t::warning_expired(&name),
            [t::warning_expired_text(), replace(page)].join(" "),
        ),
        (false, Some(day)) if method.expiring => {
            let away = format::relative(day.add_days(-1), today);
            (
                Tone::Attention,
                t::warning_expiring(&name, &away),
                replace(page).to_owned(),
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
            let line = words::short(&address.lines.street);
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
