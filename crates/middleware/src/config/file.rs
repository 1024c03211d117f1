//! From the file as it is written to a checked [`Config`].

mod announcements;
mod cancellation;
mod configurations;
mod effects;
mod limits;
mod login;
mod mail;
mod pages;
mod payments;
mod products;
mod rules;
mod segments;
mod shop;
mod sign_on;
mod support;
mod switches;
mod texts;
mod theme;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use gateway::Policy;
use jiff::tz::TimeZone;
use protocol::Operation;
use protocol::view::Merchant;

use super::error::ConfigError;
use super::secret;
use super::settings::{
    Config, HostedPortal, SecretFiles, SessionConfig, SessionCookie, UpstreamConfig,
};
use super::source::Source;
use super::spanned::Spanned;
use super::tables::{File, HostedPortalTable, UpstreamTable};
use super::url::Origin;
use crate::messages::Languages;
use configurations::Document;

impl Config {
    /// Reads and checks the file at `path`.
    ///
    /// # Errors
    /// Where it cannot be read, is not TOML, has an unknown key or a value that does not do.
    pub fn load(path: &Path) -> Result<Config, ConfigError> {
        Config::parse_at(path, &Config::read(path)?)
    }

    /// The text of the file at `path`.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub(crate) fn read(path: &Path) -> Result<String, ConfigError> {
        std::fs::read_to_string(path).map_err(|error| ConfigError {
            place: path.display().to_string(),
            message: format!("cannot be read: {error}"),
            hint: "copy examples/portal.toml and name it with --config".into(),
        })
    }

    /// Checks `text` as that of the file at `path`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub(crate) fn parse_at(path: &Path, text: &str) -> Result<Config, ConfigError> {
        let folder = path.parent().unwrap_or(Path::new(""));
        Config::parse(text, &path.display().to_string(), folder)
    }

    /// Checks `text`, called `name` in errors; its paths are relative to `folder`.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(text: &str, name: &str, folder: &Path) -> Result<Config, ConfigError> {
        parse(text, name, folder)
    }
}

fn parse(text: &str, name: &str, folder: &Path) -> Result<Config, ConfigError> {
    let source = Source { text, name };
    let document = Document::read(&source)?;
    let file = document.file(&source)?;
    let texts_dir = file.texts_dir.as_ref().map(|path| folder.join(path));
    let languages = Arc::new(Languages::load(texts_dir.as_deref())?);
    let check = |file: &File| check(&source, file, folder, &languages);
    let config = check(&file)?;
    let configurations = document.configurations(&source, check)?;
    login::check_configurations(&source, &file.login, &configurations)?;
    Ok(Config {
        rules: segments::rules(&source, &file.rules, &configurations)?,
        configurations,
        ..config
    })
}

/// Checks what the file says, its other configurations and its rules apart.
fn check(
    source: &Source<'_>,
    file: &File,
    folder: &Path,
    languages: &Arc<Languages>,
) -> Result<Config, ConfigError> {
    let listen = listen(source, &file.listen)?;
    let public_origin = match &file.public_origin {
        Some(value) => Some(source.origin(value)?),
        None if listen.ip().is_loopback() => None,
        None => {
            return Err(ConfigError {
                place: source.name.to_owned(),
                message: "public_origin is missing".into(),
                hint: "name the https origin under which customers reach the portal".into(),
            });
        }
    };
    let upstream = upstream(source, &file.upstream)?;
    let merchant = shop::merchant(source, file, &upstream)?;
    let frame_ancestors = file.frame_ancestors.iter();
    let payments = match &file.payments {
        Some(table) => Some(payments::payments(source, table, merchant.demo)?),
        None => None,
    };
    let tokeniser = payments.as_ref().map(|payments| payments.tokeniser.clone());

    let on_this_machine = listen.ip().is_loopback()
        && (public_origin.as_ref()).is_none_or(|origin| origin.as_str().starts_with("http:"));
    let cookie = cookie(source, file, merchant.demo && on_this_machine)?;

    let mail = match &file.mail {
        Some(table) => {
            let reported = file.webhooks.is_some();
            Some(mail::mail(source, table, folder, merchant.demo, reported)?)
        }
        None => None,
    };
    let sign_on = sign_on::sign_on(source, file, folder, merchant.demo)?;
    let effects = effects::effects(source, &file.effects, folder, merchant.demo)?;
    let mut policy = policy(source, file, merchant)?;
    policy.tokeniser = tokeniser;
    let switches = switches::switches(source, file, mail.is_some(), &effects)?;
    policy
        .allowed
        .retain(|operation| !switches.off.contains_key(operation));

    Ok(Config {
        mode: file.mode,
        listen,
        metrics_listen: match &file.metrics_listen {
            Some(value) => Some(socket_address(source, value)?),
            None => None,
        },
        proxies: limits::proxies(source, &file.trusted_proxies)?,
        connections: limits::connections(source, &file.limits)?,
        rates: limits::rates(source, file)?,
        public_origin,
        portal_dir: file.portal_dir.as_ref().map(|path| folder.join(path)),
        languages: Arc::clone(languages),
        database: folder.join(file.database.as_deref().unwrap_or(Path::new("portal.db"))),
        postgres: file.postgres.as_ref().map(|table| {
            let url_file = table.url_file.as_ref().map(|path| folder.join(path));
            secret::database_url(&url_file, file.mode)
        }),
        log: file.log,
        frame_ancestors: frame_ancestors
            .map(|value| source.origin(value))
            .collect::<Result<_, _>>()?,
        embedding_origins: embedding_origins(source, file)?,
        own_origin: file.own_origin,
        hsts_subdomains: hsts_subdomains(source, file)?,
        payments,
        session: session(source, file, cookie)?,
        sign_on,
        hosted_portal: match &file.hosted_portal {
            Some(table) => Some(hosted_portal(source, table)?),
            None => None,
        },
        support: file.support.is_some(),
        audit_ms: source.number(&file.audit.keep_days, 730, 1..=3_650)? as i64 * 86_400_000,
        zone: zone(source, &file.store.zone)?,
        secret_files: SecretFiles {
            recharge_token: file
                .upstream
                .token_file
                .as_ref()
                .map(|path| folder.join(path)),
            merchant_secret: file
                .merchant
                .secret_file
                .as_ref()
                .map(|path| folder.join(path)),
            processor_key: payments::key_file(file.payments.as_ref(), folder),
        },
        login: login::login(source, &file.login, mail.is_some())?,
        mail,
        effects,
        webhooks: file
            .webhooks
            .as_ref()
            .map(|table| webhooks::webhooks(table, folder, file.mode)),
        policy,
        switches,
        configurations: BTreeMap::new(),
        rules: Vec::new(),
        upstream,
    })
}

fn listen(source: &Source<'_>, value: &Option<Spanned<String>>) -> Result<SocketAddr, ConfigError> {
    match value {
        Some(value) => socket_address(source, value),
        None => Ok(([127, 0, 0, 1], 8402).into()),
    }
}

fn socket_address(source: &Source<'_>, value: &Spanned<String>) -> Result<SocketAddr, ConfigError> {
    let address = value.as_ref().parse();
    address.map_err(|_| source.wrong(value, "not an address", "write it like 127.0.0.1:8402"))
}

fn upstream(source: &Source<'_>, table: &UpstreamTable) -> Result<UpstreamConfig, ConfigError> {
    let base_url = match &table.base_url {
        Some(value) => {
            let url = source.url(value)?;
            if url.url().path() != "/" || url.url().query().is_some() {
                let hint = "name scheme and host only, like https://api.rechargeapps.com";
                return Err(source.wrong(value, "the upstream has a path", hint));
            }
            url.url().clone()
        }
        None => reqwest::Url::parse("https://api.rechargeapps.com").map_err(|_| ConfigError {
            place: source.name.into(),
            message: "upstream.base_url is missing".into(),
            hint: String::new(),
        })?,
    };
    Ok(UpstreamConfig {
        base_url,
        connect_timeout: source.seconds(&table.connect_timeout_seconds, 3, 1..=30)?,
        read_timeout: source.seconds(&table.read_timeout_seconds, 10, 1..=60)?,
        deadline: source.seconds(&table.deadline_seconds, 32, 1..=120)?,
        bucket: source.number(&table.bucket, 40, 1..=10_000)? as u32,
        leak_per_second: source.number(&table.leak_per_second, 2, 1..=1_000)? as u32,
    })
}

/// Which cookie holds the session; the one without `Secure` only in a demonstration.
fn cookie(
    source: &Source<'_>,
    file: &File,
    is_local_demo: bool,
) -> Result<SessionCookie, ConfigError> {
    match &file.session.loopback_cookie {
        Some(value) if *value.as_ref() && !is_local_demo => Err(source.wrong(
            value,
            "a cookie without Secure is for a demonstration over http on a loopback address only",
            "leave it out",
        )),
        Some(value) if *value.as_ref() => Ok(SessionCookie::Loopback),
        _ => Ok(SessionCookie::HostOnly),
    }
}

/// The other origins whose pages may embed the portal.
fn embedding_origins(source: &Source<'_>, file: &File) -> Result<BTreeSet<Origin>, ConfigError> {
    let own = (file.public_origin.as_ref()).map(|value| source.origin(value));
    let own = own.transpose()?;
    let mut origins = BTreeSet::new();
    for value in &file.embedding.origins {
        let origin = source.origin(value)?;
        if origin.as_str().contains('*') {
            let hint = "list each origin in full";
            return Err(source.wrong(value, "this is a pattern", hint));
        }
        if own.as_ref() == Some(&origin) {
            let hint = "leave it out: pages of public_origin need no entry";
            return Err(source.wrong(value, "this is public_origin", hint));
        }
        origins.insert(origin);
    }
    Ok(origins)
}

/// Whether HSTS reaches the subdomains.
fn hsts_subdomains(source: &Source<'_>, file: &File) -> Result<bool, ConfigError> {
    match &file.hsts_subdomains {
        Some(value) if *value.as_ref() && !file.own_origin => Err(source.wrong(
            value,
            "HSTS is sent only where `own_origin` is true",
            "set own_origin = true where nothing but the portal is served under its origin",
        )),
        value => Ok(value.as_ref().is_some_and(|value| *value.as_ref())),
    }
}

fn session(
    source: &Source<'_>,
    file: &File,
    cookie: SessionCookie,
) -> Result<SessionConfig, ConfigError> {
    let table = &file.session;
    let minutes = |value, default, range| {
        let minutes = source.number(value, default, range)?;
        Ok(minutes as i64 * 60_000)
    };
    let own = source.url(&file.merchant.return_url)?.origin();
    let mut return_origins = BTreeSet::from([own]);
    for value in &table.return_origins {
        return_origins.insert(source.origin(value)?);
    }
    Ok(SessionConfig {
        link_ms: minutes(&table.link_minutes, 5, 1..=10)?,
        idle_ms: idle_minutes(source, file)? as i64 * 60_000,
        absolute_ms: source.number(&table.absolute_hours, 12, 1..=7 * 24)? as i64 * 3_600_000,
        return_origins,
        cookie,
    })
}

/// After how many minutes without a request a session ends.
fn idle_minutes(source: &Source<'_>, file: &File) -> Result<u64, ConfigError> {
    source.number(&file.session.idle_minutes, 30, 1..=24 * 60)
}

fn hosted_portal(
    source: &Source<'_>,
    table: &HostedPortalTable,
) -> Result<HostedPortal, ConfigError> {
    let base_url = source.url(&table.base_url)?;
    if base_url.url().query().is_some() {
        let hint = "write it like https://your-shop.admin.rechargeapps.com";
        return Err(source.wrong(&table.base_url, "has a query", hint));
    }
    let mut origins = BTreeSet::from([base_url.origin()]);
    for value in &table.origins {
        origins.insert(source.origin(value)?);
    }
    let shop_url = table.shop_url.as_ref();
    Ok(HostedPortal {
        base_url,
        shop_url: shop_url.map(|value| source.host(value)).transpose()?,
        way: table.way,
        origins,
    })
}

fn zone(source: &Source<'_>, value: &Spanned<String>) -> Result<TimeZone, ConfigError> {
    TimeZone::get(value.as_ref()).map_err(|_| {
        source.wrong(
            value,
            "no such time zone",
            "use an IANA name like Europe/Berlin",
        )
    })
}

fn policy(source: &Source<'_>, file: &File, merchant: Merchant) -> Result<Policy, ConfigError> {
    let subscriptions = rules::subscriptions(source, &file.subscriptions)?;
    let (editable, _) = pages::editable(source, &file.customer)?;
    Ok(Policy {
        merchant,
        allowed: Operation::ALL.iter().copied().collect(),
        support: support::allowed(source, &file.support)?,
        cancellation: cancellation::cancellation(source, file)?,
        editable,
        invoices: file.history.invoices.unwrap_or(true),
        tax_ids: file.customer.tax_ids.unwrap_or(true),
        layout: pages::layout(source, file)?,
        countries: shop::countries(source, &file.countries)?,
        shipping_methods: shop::shipping_methods(source, file)?,
        shipping_rates: shop::shipping_rates(source, file)?,
        tokeniser: None,
        zero_inventory_purchase: file.store.zero_inventory_purchase,
        currency: shop::currency(source, &file.store.currency)?,
        horizon_days: source.number(&file.store.horizon_days, 90, 1..=365)? as u32,
        cut_off_days: source.number(&file.cutoff.days, 1, 0..=30)? as u32,
        cut_off_minute: minute(source, &file.cutoff.time)?,
        closed: rules::closed(source, &file.dates)?,
        announcements: announcements::announcements(source, &file.announcements)?,
        step_up: rules::step_up(source, file)?,
        products: products::products(source, &file.products, &subscriptions)?,
        subscriptions,
        locks: rules::locks(source, &file.locks)?,
        idle_minutes: idle_minutes(source, file)? as u32,
        cache_ms: source.number(&file.upstream.cache_seconds, 30, 0..=300)? * 1000,
        reported_cache_ms: webhooks::cache_ms(source, file.webhooks.as_ref())?,
        write_window_ms: source.number(&file.upstream.write_window_seconds, 60, 1..=600)? * 1000,
    })
}

/// `HH:MM` as minutes after midnight; midnight where absent.
fn minute(source: &Source<'_>, value: &Option<Spanned<String>>) -> Result<u16, ConfigError> {
    let Some(value) = value else { return Ok(0) };
    let parts = value.as_ref().split_once(':');
    let minute = parts.and_then(|(hours, minutes)| {
        let (hours, minutes): (u16, u16) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours < 24 && minutes < 60).then_some(hours * 60 + minutes)
    });
    minute.ok_or_else(|| source.wrong(value, "not a time of day", "write it like 17:00"))
}
