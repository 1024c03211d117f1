//! The customer's own details.

use leptos::prelude::*;
use protocol::Query;
use protocol::view::Customer;

use super::page::{Page, shown};
use super::words;
use crate::i18n::{format, t};
use crate::ui::{Card, Fact, Facts, PageHeader, Shape};

/// The customer's own details.
pub(crate) fn customer() -> impl IntoView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::nav_customer()/>
            {shown(Query::Customer, Shape::Facts(4), show)}
        </div>
    }
}

fn show(page: &Page, customer: &Customer) -> AnyView {
    let name = [customer.first_name.as_str(), customer.last_name.as_str()];
    let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
    let lines = [
        (t::customer_name(), name.join(" ")),
        (t::customer_email(), customer.email.clone()),
        (
            t::customer_phone(),
            customer.phone.clone().unwrap_or_default(),
        ),
        (
            t::customer_since(),
            customer
                .since
                .map(format::date_with_year)
                .unwrap_or_default(),
        ),
        (
            t::customer_active(),
            format::integer(customer.active_count as usize),
        ),
    ];
    let facts = lines.into_iter().map(|(label, value)| {
        let value = if value.is_empty() {
            t::customer_none().to_owned()
        } else {
            words::short(&value)
        };
        view! { <Fact label><span class="typed">{value}</span></Fact> }
    });
    let support = page
        .session()
        .and_then(|session| session.merchant.support_url.clone());
    let help = support.map(|url| view! { <a class="small" href=url>{t::customer_support()}</a> });
    view! {
        <div class="stack">
            <Card><Facts>{facts.collect_view()}</Facts></Card>
            <p class="small muted">{t::customer_note()}" "{help}</p>
        </div>
    }
    .into_any()
}
