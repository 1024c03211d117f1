//! The customer's details, credit, rewards, history of changes, and copy of their data.

mod changes;
mod codes;
mod export;
mod names;
mod sign_out;

use leptos::prelude::*;
use protocol::view::{Credit, Customer, Gift, Session};
use protocol::{Operation, Query};
use wasm_bindgen_futures::JsFuture;

use crate::actions::{places, request_email_change, set_tax_id, update_customer, use_credit};
use crate::i18n::{format, isolated, t};
use crate::overview::page::{Page, quietly, shown};
use crate::overview::page_header::PageHeader;
use crate::overview::words;
use crate::ui::{Announcer, Button, Card, Fact, Facts, Progress, Shape, task};

/// The customer's own details.
pub(crate) fn customer() -> impl IntoView {
    // What staff who look at it cannot do.
    let own = quietly(Query::Session, |_, session: &Session| {
        let parts = || view! { {export::export()} {sign_out::everywhere()} };
        session.staff.is_none().then(parts).into_any()
    });
    view! {
        <div class="stack stack-section">
            <PageHeader title=t::nav_customer()/>
            {shown(Query::Customer, Shape::Facts(4), show)}
            {changes::changes()}
            {own}
            {shown(Query::Customer, Shape::Rows(1), |page, customer: &Customer| {
                codes::deletion(page, customer).into_any()
            })}
        </div>
    }
}

fn show(page: &Page, customer: &Customer) -> AnyView {
    let support = page
        .session()
        .and_then(|session| session.merchant.support_url.clone());
    let help = support.map(|url| view! { <a class="small" href=url>{t::customer_support()}</a> });
    view! {
        <div class="stack">
            {codes::awaited_email(page, customer)}
            {details(page, customer)}
            {customer.credit.as_ref().map(|own| credit(page, own))}
            {rewards(customer)}
            {gifts(&customer.gifts)}
            <p class="small muted">{t::customer_note()}" "{help}</p>
        </div>
    }
    .into_any()
}

fn details(page: &Page, customer: &Customer) -> AnyView {
    let name = [customer.first_name.as_str(), customer.last_name.as_str()];
    let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
    let editable = page.session().and_then(|session| session.editable.get());
    let editable = editable.unwrap_or_default();
    let can_edit = page.allows(Operation::UpdateCustomer);
    let edit = |is_editable: bool| {
        let (page, own) = (page.clone(), customer.clone());
        let press = move |()| update_customer::open(&page, &own);
        (can_edit && is_editable).then(|| Callback::new(press))
    };
    let changes = page.changes;
    let change_email = page
        .allows(Operation::RequestEmailChange)
        .then(|| Callback::new(move |()| request_email_change::open(changes, String::new())));
    let (own, tax_id) = (page.clone(), customer.tax_id.clone());
    let set_tax_id = page
        .allows(Operation::SetTaxId)
        .then(|| Callback::new(move |()| set_tax_id::open(&own, tax_id.clone())));
    let phone = customer.phone.clone().unwrap_or_default();
    let taxes = set_tax_id.map(|change| {
        fact(
            page,
            t::tax_id_label(),
            customer.tax_id.clone().unwrap_or_default(),
            Some(change),
        )
    });
    let since = customer.since.map(format::date_with_year);
    let active = format::integer(customer.active_count as usize);
    let facts = [
        fact(
            page,
            t::customer_name(),
            name.join(" "),
            edit(editable.name),
        ),
        fact(
            page,
            t::customer_email(),
            customer.email.clone(),
            change_email,
        ),
        fact(
            page,
            t::customer_phone(),
            isolated(phone),
            edit(editable.phone),
        ),
        taxes.unwrap_or_else(|| ().into_any()),
        fact(page, t::customer_since(), since.unwrap_or_default(), None),
        fact(page, t::customer_active(), active, None),
    ];
    let marked = page.marked(places::DETAILS.to_owned());
    view! {
        <section class="card" part="card" id=places::DETAILS data-marked=marked>
            <Facts>{facts.into_iter().collect_view()}</Facts>
        </section>
    }
    .into_any()
}

fn fact(page: &Page, label: &'static str, value: String, change: Option<Callback<()>>) -> AnyView {
    let value = if value.is_empty() {
        t::customer_none().to_owned()
    } else {
        words::short(&value)
    };
    let value = view! { <span class="typed">{value}</span> };
    match change {
        None => view! { <Fact label>{value}</Fact> }.into_any(),
        Some(on_change) => {
            let locked = page.locked(None);
            view! { <Fact label locked on_change>{value}</Fact> }.into_any()
        }
    }
}

/// The balance with its rule, and the switch for the next order.
fn credit(page: &Page, credit: &Credit) -> AnyView {
    let (rule, label) = if credit.next_order {
        (t::use_credit_used(), t::use_credit_keep())
    } else {
        (t::use_credit_saved(), t::use_credit_use())
    };
    let limit = credit
        .limit
        .map(|limit| t::credit_limit(&format::money(limit)));
    let (own, credit_now, locked) = (page.clone(), credit.clone(), page.locked(None));
    let press = move |()| use_credit::open(&own, &credit_now);
    view! {
        <section class="card" part="card" id=places::CREDIT data-marked=page.marked(places::CREDIT.to_owned())>
            <div class="row row-between">
                <div class="grow">
                    <h2>{t::credit_balance(&format::money(credit.balance))}</h2>
                    <p class="small muted">{rule}" "{limit}</p>
                </div>
                <Button label locked on_press=press/>
            </div>
        </section>
    }
    .into_any()
}

/// What they collect and whom they invite; nothing where there is no data.
fn rewards(customer: &Customer) -> AnyView {
    let card = customer.punch_card.map(|(filled, all)| {
        let words = [filled, all].map(|count| format::integer(count as usize));
        let label = t::rewards_punch_card(&words[1], &words[0]);
        view! { <Progress label value=filled max=all/> }
    });
    let streak = (customer.streak > 1).then(|| {
        view! { <p class="small">{t::rewards_streak(customer.streak as usize)}</p> }
    });
    let link = customer.referral_url.clone().map(referral);
    if card.is_none() && streak.is_none() && link.is_none() {
        return ().into_any();
    }
    view! { <Card title=t::rewards_title()>{card}{streak}{link}</Card> }.into_any()
}

/// The gifts that they bought, and whether they were redeemed; nothing where there are none.
fn gifts(all: &[Gift]) -> AnyView {
    if all.is_empty() {
        return ().into_any();
    }
    let rows = all.iter().map(|gift| {
        let name = match gift.amount {
            Some(amount) => t::gifts_one_worth(&format::money(amount)),
            None => t::gifts_one().to_owned(),
        };
        let state = match (gift.redeemed, gift.sent) {
            (Some(day), _) => t::gifts_redeemed(&format::date_with_year(day)),
            (None, Some(_)) => t::gifts_not_redeemed().to_owned(),
            (None, None) => t::gifts_not_sent().to_owned(),
        };
        let note = words::short(&gift.note);
        view! {
            <li class="row row-between">
                <span>{name}<br/><span class="small muted typed">{note}</span></span>
                <span class="small">{state}</span>
            </li>
        }
    });
    let rows = rows.collect_view();
    view! { <Card title=t::gifts_title()><ul class="stack stack-small">{rows}</ul></Card> }
        .into_any()
}

/// The link for friends. It can be copied by hand where the browser does not do it.
fn referral(url: String) -> AnyView {
    let announcer = Announcer::expect();
    let copied = url.clone();
    let copy = move |()| {
        let promise = window().navigator().clipboard().write_text(&copied);
        task::spawn_to_the_end(async move {
            match JsFuture::from(promise).await {
                Ok(_) => announcer.announce(t::rewards_copied()),
                Err(_) => announcer.announce(t::rewards_not_copied()),
            }
        });
    };
    view! {
        <div class="stack stack-small">
            <p class="small">{t::rewards_referral()}<br/><span class="typed">{url}</span></p>
            <div class="row"><Button label=t::rewards_copy() on_press=copy/></div>
        </div>
    }
    .into_any()
}
