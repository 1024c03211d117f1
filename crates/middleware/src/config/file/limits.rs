//! Connections, proxies and rates.

use ipnet::IpNet;

use crate::client_address::Proxies;
use crate::config::error::ConfigError;
use crate::config::settings::{ConnectionLimits, RateLimits};
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::{File, LimitsTable};

/// Addresses or networks, such as `127.0.0.1` and `10.0.0.0/8`.
pub(super) fn proxies(
    source: &Source<'_>,
    values: &[Spanned<String>],
) -> Result<Proxies, ConfigError> {
    let network = |value: &Spanned<String>| {
        let text = value.as_ref();
        let network: Option<IpNet> = text.parse().ok();
        network
            .or_else(|| Some(IpNet::from(text.parse::<std::net::IpAddr>().ok()?)))
            .ok_or_else(|| {
                let hint = "write it like 127.0.0.1 or 10.0.0.0/8";
                source.wrong(value, "not an IP address or network", hint)
            })
    };
    values
        .iter()
        .map(network)
        .collect::<Result<_, _>>()
        .map(Proxies)
}

pub(super) fn connections(
    source: &Source<'_>,
    table: &LimitsTable,
) -> Result<ConnectionLimits, ConfigError> {
    let most = 16..=100_000;
    Ok(ConnectionLimits {
        total: source.number(&table.connections, 1_024, most.clone())? as usize,
        per_address: source.number(&table.connections_per_address, 512, most)? as usize,
        header_timeout: source.seconds(&table.header_timeout_seconds, 15, 1..=120)?,
        idle_timeout: source.seconds(&table.idle_timeout_seconds, 75, 1..=600)?,
        write_timeout: source.seconds(&table.write_timeout_seconds, 30, 1..=600)?,
    })
}

pub(super) fn rates(source: &Source<'_>, file: &File) -> Result<RateLimits, ConfigError> {
    let table = &file.limits;
    let rate = |value, default, least| {
        let rate = source.number(value, default, least..=100_000)?;
        Ok(rate as u32)
    };
    Ok(RateLimits {
        session_per_minute: rate(&file.session.requests_per_minute, 240, 30)?,
        customer_per_minute: rate(&table.customer_requests_per_minute, 480, 30)?,
        guesses_per_minute: rate(&table.guesses_per_minute, 20, 1)?,
        links_per_hour: rate(&table.links_per_hour, 240, 10)?,
        emails_per_hour: rate(&table.emails_per_hour, 10, 1)?,
    })
}
