//! The shop as customers see it: its name and help, its countries, its ways of shipping.

use std::collections::BTreeSet;

use gateway::ShippingRate;
use protocol::view::{FIRST_ACTIONS, Merchant, ShippingMethod};
use protocol::{Country, Currency, Money, Operation, Province};

use super::{pages, theme};
use crate::config::error::ConfigError;
use crate::config::settings::{Mode, UpstreamConfig};
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::{CountryTable, File, ShippingMethodTable};
use crate::config::url::is_loopback;

/// The shop's name, its addresses and its look.
pub(super) fn merchant(
    source: &Source<'_>,
    file: &File,
    upstream: &UpstreamConfig,
) -> Result<Merchant, ConfigError> {
    let table = &file.merchant;
    if table.name.as_ref().trim().is_empty() {
        return Err(source.wrong(&table.name, "the shop's name is empty", ""));
    }
    if let Some(support) = &table.support_url {
        check_support(source, support)?;
    }
    Ok(Merchant {
        name: table.name.as_ref().clone(),
        return_url: source.url(&table.return_url)?.url().to_string(),
        support_url: table.support_url.as_ref().map(|url| url.as_ref().clone()),
        // Made where the origin is known.
        login_url: None,
        first_action: match &table.first_action {
            Some(name) => Some(first_action(source, name)?),
            None => None,
        },
        headline: pages::headline(source, &table.headline)?,
        pages: pages::legal(source, &file.terms)?,
        theme: theme::theme(source, &file.theme, &table.accent)?,
        logo: theme::logo(source, &file.theme)?,
        legal: table.legal.clone(),
        test: file.mode == Mode::Test,
        // A real store is never reached without encryption, so this is a sandbox.
        demo: upstream.base_url.scheme() == "http" && is_loopback(&upstream.base_url),
    })
}

/// What the most prominent button of the overview may do: nothing that charges or ends anything.
fn first_action(source: &Source<'_>, name: &Spanned<String>) -> Result<Operation, ConfigError> {
    let operation = source.operation(name.as_ref(), name)?;
    if FIRST_ACTIONS.contains(&operation) {
        return Ok(operation);
    }
    let hint = "use reschedule_delivery, skip_delivery or update_address";
    Err(source.wrong(name, "not an action that can come first", hint))
}

/// Help is to be had by mail or on a page.
fn check_support(source: &Source<'_>, value: &Spanned<String>) -> Result<(), ConfigError> {
    let Some(mail) = value.as_ref().strip_prefix("mailto:") else {
        return source.url(value).map(drop);
    };
    let (address, _) = mail.split_once('?').unwrap_or((mail, ""));
    source.email_in(value, address).map(drop)
}

/// The ways of shipping with their prices in the store's currency.
pub(super) fn shipping_methods(
    source: &Source<'_>,
    file: &File,
) -> Result<Vec<ShippingMethod>, ConfigError> {
    let currency = currency(source, &file.store.currency)?;
    let method = |table: &ShippingMethodTable| {
        let price = price(source, &table.price, currency)?;
        if table.code.as_ref().trim().is_empty() {
            let hint = "name it as your shop's orders should";
            return Err(source.wrong(&table.code, "the code is empty", hint));
        }
        if table.title.as_ref().trim().is_empty() {
            let hint = "name it as customers should read it";
            return Err(source.wrong(&table.title, "the title is empty", hint));
        }
        Ok(ShippingMethod {
            code: table.code.as_ref().clone(),
            title: table.title.as_ref().clone(),
            price,
        })
    };
    let codes = file.shipping_methods.iter().map(|table| &table.code);
    each_once(source, codes)?;
    file.shipping_methods.iter().map(method).collect()
}

/// What shipping costs by country, where the file says so.
pub(super) fn shipping_rates(
    source: &Source<'_>,
    file: &File,
) -> Result<Vec<ShippingRate>, ConfigError> {
    let currency = currency(source, &file.store.currency)?;
    let mut rates = Vec::new();
    for table in &file.countries {
        let free_from = &table.free_shipping_from;
        let Some(shipping_price) = &table.shipping_price else {
            if let Some(free_from) = free_from {
                let hint = "say what it costs below that sum: shipping_price";
                return Err(source.wrong(free_from, "shipping has no price", hint));
            }
            continue;
        };
        let free_from = free_from.as_ref();
        rates.push(ShippingRate {
            country_code: table.code.as_ref().clone(),
            price: price(source, shipping_price, currency)?,
            free_from: free_from
                .map(|free_from| price(source, free_from, currency))
                .transpose()?,
        });
    }
    Ok(rates)
}

pub(super) fn price(
    source: &Source<'_>,
    value: &Spanned<String>,
    currency: Currency,
) -> Result<Money, ConfigError> {
    let price = Money::parse(value.as_ref(), currency).ok();
    price
        .filter(|price| price.minor() >= 0)
        .ok_or_else(|| source.wrong(value, "not a price", "write it like \"4.90\""))
}

/// Refuses what is named a second time.
fn each_once<'a>(
    source: &Source<'_>,
    names: impl Iterator<Item = &'a Spanned<String>>,
) -> Result<(), ConfigError> {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(name.as_ref()) {
            let message = format!("{} is there twice", name.as_ref());
            return Err(source.wrong(name, message, "take one of the two out"));
        }
    }
    Ok(())
}

/// The countries that are shipped to.
pub(super) fn countries(
    source: &Source<'_>,
    tables: &[CountryTable],
) -> Result<Vec<Country>, ConfigError> {
    let country = |table: &CountryTable| {
        let code = country_code(source, &table.code)?;
        let provinces = table.provinces.iter().map(|province| Province {
            name: province.name.clone(),
            code: province.code.clone(),
        });
        Ok(Country {
            code,
            provinces: provinces.collect(),
        })
    };
    each_once(source, tables.iter().map(|table| &table.code))?;
    tables.iter().map(country).collect()
}

/// A country's code: two capitals.
pub(super) fn country_code(
    source: &Source<'_>,
    value: &Spanned<String>,
) -> Result<String, ConfigError> {
    let code = value.as_ref();
    if code.len() == 2 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return Ok(code.clone());
    }
    Err(source.wrong(value, "not a country code", "use two capitals like US"))
}

/// A currency by its code.
pub(super) fn currency(
    source: &Source<'_>,
    value: &Spanned<String>,
) -> Result<Currency, ConfigError> {
    value
        .as_ref()
        .parse()
        .map_err(|_| source.wrong(value, "not a currency", "use three capitals like USD"))
}
