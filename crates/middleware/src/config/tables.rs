//! The file as it is written: every key with the type it has there. A `Spanned` value knows its
//! line, for complaints.

use std::collections::BTreeMap;
use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

use super::settings::{ClientType, CustomerName, JwtAlgorithm, LogLevel, Mode, Way};
use super::spanned::Spanned;

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    /// Address and port to listen on; port 0 takes a free one. Default: 127.0.0.1:8402.
    pub(super) listen: Option<Spanned<String>>,
    /// Whether the portal is for testing. A test portal has its own secrets, database, and session
    /// ids, and shows a banner.
    #[serde(default)]
    pub(super) mode: Mode,
    /// Address and port on which metrics for Prometheus are served. Without it they are not.
    pub(super) metrics_listen: Option<Spanned<String>>,
    /// The proxies in front, whose `X-Forwarded-For` is read: IP addresses or networks.
    #[serde(default)]
    pub(super) trusted_proxies: Vec<Spanned<String>>,
    /// How many connections and requests there may be.
    #[serde(default)]
    pub(super) limits: LimitsTable,
    /// Scheme, host, and port under which browsers reach the portal. Required unless `listen` is a
    /// loopback address.
    pub(super) public_origin: Option<Spanned<String>>,
    /// The folder of the built portal, where the binary does not contain it.
    pub(super) portal_dir: Option<PathBuf>,
    /// A folder with your own texts, such as `en.json` and `fr.json`.
    pub(super) texts_dir: Option<PathBuf>,
    /// The SQLite file with sessions and changes. Default: portal.db.
    pub(super) database: Option<PathBuf>,
    /// A PostgreSQL database in place of the SQLite file, for several processes.
    pub(super) postgres: Option<PostgresTable>,
    /// How much the log says.
    #[serde(default = "info")]
    pub(super) log: LogLevel,
    /// Origins whose pages may show the portal in a frame.
    #[serde(default)]
    pub(super) frame_ancestors: Vec<Spanned<String>>,
    /// Pages of other origins that embed the portal.
    #[serde(default)]
    pub(super) embedding: EmbeddingTable,
    /// Whether nothing but the portal is served under `public_origin`.
    #[serde(default)]
    pub(super) own_origin: bool,
    /// Whether HSTS covers the subdomains; only with `own_origin`.
    pub(super) hsts_subdomains: Option<Spanned<bool>>,
    /// The reasons that customers choose from when they cancel, 1 to 255 characters each.
    pub(super) cancel_reasons: Option<Spanned<Vec<String>>>,
    /// How Recharge is reached.
    pub(super) upstream: UpstreamTable,
    /// Your shop, as customers see it.
    pub(super) merchant: MerchantTable,
    /// Your legal pages.
    #[serde(default)]
    pub(super) terms: TermsTable,
    /// What customers may change about themselves.
    #[serde(default)]
    pub(super) customer: CustomerTable,
    /// What customers see of the past.
    #[serde(default)]
    pub(super) history: HistoryTable,
    /// How customers cancel.
    #[serde(default)]
    pub(super) cancellation: CancellationTable,
    /// What comes first.
    #[serde(default)]
    pub(super) layout: LayoutTable,
    /// Which products may be added, swapped to, and bought once.
    #[serde(default)]
    pub(super) products: ProductsTable,
    /// Messages for customers: each an `id`, a `text`, texts by language tag, and whom and when it
    /// is for.
    #[serde(default)]
    pub(super) announcements: Vec<Spanned<TextTable>>,
    /// How the portal looks.
    #[serde(default)]
    pub(super) theme: ThemeTable,
    /// How customers add cards. Without this table they cannot.
    pub(super) payments: Option<PaymentsTable>,
    /// Your store at Recharge.
    pub(super) store: StoreTable,
    /// Until when a delivery can be changed.
    #[serde(default)]
    pub(super) cutoff: CutOffTable,
    /// The days on which nothing is sent.
    #[serde(default)]
    pub(super) dates: DatesTable,
    /// What may be chosen for a subscription.
    #[serde(default)]
    pub(super) subscriptions: SubscriptionsTable,
    /// When an action cannot be used on a subscription, by the name of the action.
    #[serde(default)]
    pub(super) locks: BTreeMap<String, Spanned<LockTable>>,
    /// How long links and sessions last.
    #[serde(default)]
    pub(super) session: SessionTable,
    /// Sign-on by a JWT that your server signs.
    pub(super) jwt: Option<JwtTable>,
    /// Sign-on through Shopify's app proxy.
    pub(super) app_proxy: Option<AppProxyTable>,
    /// Sign-on by Shopify's Customer Account API.
    pub(super) customer_account: Option<CustomerAccountTable>,
    /// The portal that Recharge hosts.
    pub(super) hosted_portal: Option<HostedPortalTable>,
    /// What support staff may do in a session for a customer.
    pub(super) support: Option<SupportTable>,
    /// The audit log.
    #[serde(default)]
    pub(super) audit: AuditTable,
    /// What is counted.
    #[serde(default)]
    pub(super) analytics: AnalyticsTable,
    /// What needs a fresh code by email.
    #[serde(default)]
    pub(super) step_up: StepUpTable,
    /// How codes and notices reach customers. Without this table, actions that need a code are off.
    pub(super) mail: Option<MailTable>,
    /// The login page, which sends a code by email.
    #[serde(default)]
    pub(super) login: LoginTable,
    /// What else happens after a change.
    #[serde(default)]
    pub(super) effects: Vec<EffectTable>,
    /// Webhooks from Recharge, which say what has changed there. Without this table none are received.
    pub(super) webhooks: Option<WebhooksTable>,
    /// Actions by name; `false` switches one off.
    #[serde(default)]
    pub(super) actions: BTreeMap<String, Spanned<bool>>,
    /// Named configurations: tables of the shape of the file, merged over it for some customers.
    #[serde(default, rename = "configurations")]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub(super) _configurations: BTreeMap<String, toml::Table>,
    /// Which configuration is for whom: the first rule whose conditions all hold.
    #[serde(default)]
    pub(super) rules: Vec<RuleTable>,
    /// The countries that you ship to.
    pub(super) countries: Vec<CountryTable>,
    /// The shipping methods that customers may choose.
    #[serde(default)]
    pub(super) shipping_methods: Vec<ShippingMethodTable>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SupportTable {
    /// The actions that support staff may also use, by name. Default: none.
    #[serde(default)]
    pub(super) act: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AnalyticsTable {
    /// Whether the steps of canceling are counted. Default: false.
    #[serde(default)]
    pub(super) funnel: bool,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StepUpTable {
    /// Paying more than this at once needs a code. Default: no such limit.
    pub(super) pay_above: Option<Spanned<String>>,
    /// Whether the export of a customer's data needs a code. Default: true with `[mail]`.
    pub(super) export: Option<Spanned<bool>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditTable {
    /// How many days the audit log is kept.
    pub(super) keep_days: Option<Spanned<u64>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsTable {
    /// Connections at once. Default: 1024.
    pub(super) connections: Option<Spanned<u64>>,
    /// Connections at once from one IP address. Default: 512.
    pub(super) connections_per_address: Option<Spanned<u64>>,
    /// How long a new connection may take to send the head of its first request. Default: 15.
    pub(super) header_timeout_seconds: Option<Spanned<u64>>,
    /// How long a connection may wait for its next request. Default: 75.
    pub(super) idle_timeout_seconds: Option<Spanned<u64>>,
    /// How long a client may read nothing of its response. Default: 30.
    pub(super) write_timeout_seconds: Option<Spanned<u64>>,
    /// Requests of one customer in all sessions together. Default: 480.
    pub(super) customer_requests_per_minute: Option<Spanned<u64>>,
    /// Wrong secrets, links, and sessions from one IP address, of each. Default: 20.
    pub(super) guesses_per_minute: Option<Spanned<u64>>,
    /// Links made for one customer. Default: 240.
    pub(super) links_per_hour: Option<Spanned<u64>>,
    /// Actions of one customer that send an email. Default: 10.
    pub(super) emails_per_hour: Option<Spanned<u64>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UpstreamTable {
    /// Where Recharge is. Default: https://api.rechargeapps.com.
    pub(super) base_url: Option<Spanned<String>>,
    /// A file that contains the Recharge token.
    pub(super) token_file: Option<PathBuf>,
    /// Longest wait for a connection, 1 to 30. Default: 3.
    pub(super) connect_timeout_seconds: Option<Spanned<u64>>,
    /// Longest silence while a response arrives, 1 to 60. Default: 10.
    pub(super) read_timeout_seconds: Option<Spanned<u64>>,
    /// Longest time for one call with all waits and retries, 1 to 120. Default: 32.
    pub(super) deadline_seconds: Option<Spanned<u64>>,
    /// Recharge's limit for your token: calls at once. Default: 40.
    pub(super) bucket: Option<Spanned<u64>>,
    /// Recharge's limit for your token: calls per second. Default: 2.
    pub(super) leak_per_second: Option<Spanned<u64>>,
    /// How long a response of Recharge may be reused, 0 to 300. Default: 30.
    pub(super) cache_seconds: Option<Spanned<u64>>,
    /// How long a change may still take effect after its response was lost, 1 to 600. Default: 60.
    pub(super) write_window_seconds: Option<Spanned<u64>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MerchantTable {
    /// Your shop's name.
    pub(super) name: Spanned<String>,
    /// Where "Back to the shop" leads.
    pub(super) return_url: Spanned<String>,
    /// Where help can be found: `mailto:` or https.
    pub(super) support_url: Option<Spanned<String>>,
    /// Your color, such as `#0b6e4f`.
    pub(super) accent: Option<Spanned<String>>,
    /// What the most prominent button of the overview does.
    pub(super) first_action: Option<Spanned<String>>,
    /// A sentence at the top of the overview, at most 200 characters.
    pub(super) headline: Option<Spanned<String>>,
    /// Lines on receipts: company, address, register, tax id.
    #[serde(default)]
    pub(super) legal: Vec<String>,
    /// A file that contains the merchant's secret.
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsTable {
    /// The terms of service.
    pub(super) terms_url: Option<Spanned<String>>,
    /// The privacy policy.
    pub(super) privacy_url: Option<Spanned<String>>,
    /// Who runs the shop.
    pub(super) imprint_url: Option<Spanned<String>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerTable {
    /// Which details customers may change: `name`, `phone`, `email`, `billing_address`,
    /// `shipping_address`. Default: all.
    pub(super) editable: Option<Vec<Spanned<String>>>,
    /// Whether customers may enter a tax id. Default: true.
    pub(super) tax_ids: Option<bool>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryTable {
    /// Whether customers see their past orders. Default: true.
    pub(super) invoices: Option<bool>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CancellationTable {
    /// The order of the reasons.
    #[serde(default)]
    pub(super) order: ReasonOrder,
    /// Whether a reason has to be chosen. Default: true.
    pub(super) required: Option<bool>,
    /// The reason that Recharge gets where none was chosen, only with `required = false`.
    pub(super) default_reason: Option<Spanned<String>>,
    /// What the form offers instead of cancelling, by the names of the actions.
    pub(super) offers: Option<Vec<Spanned<String>>>,
    /// The reasons, in place of `cancel_reasons`: each an `id`, a `text`, and texts by language
    /// tag.
    #[serde(default)]
    pub(super) reasons: Vec<Spanned<TextTable>>,
}

/// A table of texts: keys of its own beside a text for each language.
pub(super) type TextTable = BTreeMap<String, Spanned<String>>;

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReasonOrder {
    #[default]
    Listed,
    Shuffled,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LayoutTable {
    /// The order of the sections in the navigation. Those that are not listed follow.
    pub(super) sections: Option<Vec<Spanned<String>>>,
    /// The actions of a subscription that come first, by their names.
    #[serde(default)]
    pub(super) actions: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductsTable {
    /// The products that a subscription may be started for.
    #[serde(default)]
    pub(super) add: ProductListTable,
    /// The products that a subscription may be swapped to.
    #[serde(default)]
    pub(super) swap: ProductListTable,
    /// The products that may be bought once.
    #[serde(default)]
    pub(super) once: ProductListTable,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductListTable {
    /// Product ids of your platform.
    #[serde(default)]
    pub(super) products: Vec<Spanned<String>>,
    /// Ids of collections.
    #[serde(default)]
    pub(super) collections: Vec<Spanned<String>>,
    /// Variant ids of your platform.
    #[serde(default)]
    pub(super) variants: Vec<Spanned<String>>,
    /// Ids of plans.
    #[serde(default)]
    pub(super) plans: Vec<u64>,
    /// The minimum quantity of one product.
    pub(super) fewest: Option<Spanned<u64>>,
    /// The maximum quantity of one product.
    pub(super) most: Option<Spanned<u64>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ThemeTable {
    /// `light`, `dark`, or `auto`.
    pub(super) mode: Option<Spanned<String>>,
    /// Your logo in place of the shop's name: https, or a path.
    pub(super) logo: Option<Spanned<String>>,
    /// Fonts, corners, and spacing, by token.
    #[serde(default)]
    pub(super) tokens: BTreeMap<String, Spanned<String>>,
    /// Colors of the light page, by token.
    #[serde(default)]
    pub(super) light: BTreeMap<String, Spanned<String>>,
    /// Colors of the dark page, by token.
    #[serde(default)]
    pub(super) dark: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentsTable {
    /// `stripe`, or `sandbox` over a sandbox.
    pub(super) tokeniser: Spanned<String>,
    /// Stripe's public key.
    pub(super) publishable_key: Option<String>,
    /// A file that contains Stripe's secret key.
    pub(super) secret_key_file: Option<PathBuf>,
    /// Where the sandbox serves its card fields.
    pub(super) origin: Option<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreTable {
    /// The currency where Recharge names none, three letters.
    pub(super) currency: Spanned<String>,
    /// The time zone in which the store's days begin and end, such as `America/New_York`.
    pub(super) zone: Spanned<String>,
    /// How many days ahead the delivery schedule reaches, 1 to 365. Default: 90.
    pub(super) horizon_days: Option<Spanned<u64>>,
    /// Whether customers may order what is out of stock.
    #[serde(default)]
    pub(super) zero_inventory_purchase: bool,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CutOffTable {
    /// How many days before its date a delivery can be changed, 0 to 30. Default: 1.
    pub(super) days: Option<Spanned<u64>>,
    /// Until when on that day, such as `18:00`. Default: 00:00.
    pub(super) time: Option<Spanned<String>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DatesTable {
    /// Days of the week on which nothing is sent, such as `sunday`.
    #[serde(default)]
    pub(super) closed_weekdays: Vec<Spanned<String>>,
    /// Single days on which nothing is sent, such as `2026-12-25`.
    #[serde(default)]
    pub(super) closed_dates: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriptionsTable {
    /// The minimum quantity of one product. Default: 1.
    pub(super) fewest: Option<Spanned<u64>>,
    /// The maximum quantity of one product. Default: 20.
    pub(super) most: Option<Spanned<u64>>,
    /// The longest note and the longest property, in characters. Default: 255.
    pub(super) note_length: Option<Spanned<u64>>,
    /// The properties of a subscription that customers may write, by name.
    #[serde(default)]
    pub(super) properties: Vec<String>,
    /// After how many months a pause may end, each 1 to 12. Default: 1, 2, 3.
    pub(super) pause_months: Option<Spanned<Vec<u32>>>,
    /// The longest pause, in days.
    pub(super) longest_pause_days: Option<Spanned<u64>>,
    /// How many times a subscription may be paused in a year.
    pub(super) most_pauses_per_year: Option<Spanned<u64>>,
    /// How many deliveries of a subscription may be skipped in a year.
    pub(super) most_skips_per_year: Option<Spanned<u64>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LockTable {
    /// Not before the subscription has had this many orders.
    #[serde(default)]
    pub(super) minimum_orders: u32,
    /// Not from this many days before the next charge on.
    #[serde(default)]
    pub(super) days_before: u32,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleTable {
    /// The name of a configuration, or `default` for the rest of the file.
    pub(super) configuration: Spanned<String>,
    /// One of the customer's addresses is in one of these countries, two letters each.
    #[serde(default)]
    pub(super) countries: Vec<Spanned<String>>,
    /// One of the customer's latest 50 orders has one of these tags.
    #[serde(default)]
    pub(super) tags: Vec<Spanned<String>>,
    /// One of the active subscriptions is for one of these: a product id of your platform, or a
    /// title.
    #[serde(default)]
    pub(super) products: Vec<Spanned<String>>,
    /// One of the active subscriptions is paid in one of these.
    #[serde(default)]
    pub(super) currencies: Vec<Spanned<String>>,
    /// The customer has had at least this many orders, up to 249.
    pub(super) min_orders: Option<Spanned<u64>>,
    /// The customer has had at most this many orders, up to 249.
    pub(super) max_orders: Option<Spanned<u64>>,
    /// The oldest active subscription was created at least this many days ago.
    pub(super) min_subscription_days: Option<Spanned<u64>>,
    /// The oldest active subscription was created at most this many days ago.
    pub(super) max_subscription_days: Option<Spanned<u64>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionTable {
    /// How long a link works, 1 to 10. Default: 5.
    pub(super) link_minutes: Option<Spanned<u64>>,
    /// How long a session lasts without a request. Default: 30.
    pub(super) idle_minutes: Option<Spanned<u64>>,
    /// How long a session lasts at most. Default: 12.
    pub(super) absolute_hours: Option<Spanned<u64>>,
    /// Requests that one session may make in a minute. Default: 240.
    pub(super) requests_per_minute: Option<Spanned<u64>>,
    /// Origins that a link's `return_url` may lead to, besides that of `merchant.return_url`.
    #[serde(default)]
    pub(super) return_origins: Vec<Spanned<String>>,
    /// A cookie without `Secure`, for a demonstration over http on a loopback address.
    pub(super) loopback_cookie: Option<Spanned<bool>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EmbeddingTable {
    /// Origins whose pages may embed the portal with a bearer token.
    #[serde(default)]
    pub(super) origins: Vec<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct JwtTable {
    /// The algorithm. A JWT with another `alg` is refused.
    pub(super) algorithm: Spanned<JwtAlgorithm>,
    /// A file that contains the secret of HS256.
    pub(super) secret_file: Option<PathBuf>,
    /// A file with the public key as PEM, for every algorithm but HS256.
    pub(super) public_key_file: Option<Spanned<PathBuf>>,
    /// In place of the public key a JWK set, with a `kid` for each key.
    pub(super) jwks_file: Option<Spanned<PathBuf>>,
    /// The `iss` that a JWT must have.
    pub(super) issuer: Spanned<String>,
    /// The `aud` that a JWT must have.
    pub(super) audience: Spanned<String>,
    /// The longest time from `iat` to `exp`, 1 to 10. Default: 5.
    pub(super) max_minutes: Option<Spanned<u64>>,
    /// The claim that names the customer. Default: sub.
    pub(super) customer_claim: Option<Spanned<String>>,
    /// What that claim contains.
    #[serde(default)]
    pub(super) customer_is: CustomerName,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AppProxyTable {
    /// The shop's domain at Shopify, such as `your-shop.myshopify.com`.
    pub(super) shop: Spanned<String>,
    /// A file that contains the app's client secret.
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerAccountTable {
    /// The shop's origin, which serves `/.well-known/openid-configuration`.
    pub(super) shop_url: Spanned<String>,
    /// The client ID, as Shopify shows it.
    pub(super) client_id: Spanned<String>,
    /// The type of the client in Shopify.
    #[serde(default)]
    pub(super) client: ClientType,
    /// A file that contains the secret of a confidential client.
    pub(super) client_secret_file: Option<PathBuf>,
    /// Where Shopify leads after signing out, as entered there. With it, signing out of the portal
    /// signs out of the store as well.
    pub(super) logout_url: Option<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HostedPortalTable {
    /// What comes before `/portal/{hash}/subscriptions`.
    pub(super) base_url: Spanned<String>,
    /// The store's address at its platform, such as `your-shop.myshopify.com`.
    pub(super) shop_url: Option<Spanned<String>>,
    /// How customers are sent there.
    #[serde(default)]
    pub(super) way: Way,
    /// Origins besides that of `base_url` to which Recharge's link may lead.
    #[serde(default)]
    pub(super) origins: Vec<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MailTable {
    /// The sender, such as `Your Shop <hello@shop.example>`.
    pub(super) from: Spanned<String>,
    /// Your mail server.
    pub(super) smtp_host: Option<Spanned<String>>,
    /// Its port: STARTTLS, or TLS from the start at 465. Default: 587.
    pub(super) smtp_port: Option<Spanned<u64>>,
    /// Your user name at the mail server.
    pub(super) smtp_user: Option<String>,
    /// A file that contains the password.
    pub(super) password_file: Option<PathBuf>,
    /// In place of a server, for demonstrations: the last email is written here.
    pub(super) folder: Option<Spanned<PathBuf>>,
    /// Whether customers get an email with the way to the portal after each payment. It needs
    /// `[webhooks]`. Default: false.
    pub(super) after_payment: Option<Spanned<bool>>,
}

#[derive(Deserialize, Default, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginTable {
    /// Whether there is a login page. Default: false.
    pub(super) enabled: Option<Spanned<bool>>,
    /// The named configurations that have a login page of their own, at `/portal/login/` and the name.
    #[serde(default)]
    pub(super) configurations: Vec<Spanned<String>>,
    /// Requests of the login page from one IP address in a minute.
    pub(super) requests_per_minute: Option<Spanned<u64>>,
    /// Emails of the login page to one address in an hour.
    pub(super) emails_per_hour: Option<Spanned<u64>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EffectTable {
    /// The action, by its name.
    pub(super) after: Spanned<String>,
    /// What happens.
    pub(super) kind: EffectKindWord,
    /// The namespace of a metafield of the customer.
    pub(super) namespace: Option<Spanned<String>>,
    /// The key of a metafield of the customer.
    pub(super) key: Option<Spanned<String>>,
    /// The value of a metafield, which may name facts such as `{date}`.
    pub(super) value: Option<Spanned<String>>,
    /// Where a webhook is sent.
    pub(super) url: Option<Spanned<String>>,
    /// The environment variable with the secret that signs a webhook.
    pub(super) secret_env: Option<String>,
    /// A file that contains the secret that signs a webhook.
    pub(super) secret_file: Option<PathBuf>,
    /// The address of an email.
    pub(super) to: Option<Spanned<String>>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PostgresTable {
    /// A file that contains the database's URL, such as `postgres://user:password@host/portal`.
    pub(super) url_file: Option<PathBuf>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WebhooksTable {
    /// A file that contains the API client secret of the Recharge token.
    pub(super) client_secret_file: Option<PathBuf>,
    /// How long a response of Recharge may be reused while webhooks arrive, 0 to 1440. Default: 240.
    pub(super) cache_minutes: Option<Spanned<u64>>,
}

#[derive(Deserialize, Clone, Copy, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum EffectKindWord {
    Metafield,
    Webhook,
    Mail,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ShippingMethodTable {
    /// Its name in your orders, each once.
    pub(super) code: Spanned<String>,
    /// What customers read.
    pub(super) title: Spanned<String>,
    /// What each delivery costs to ship, in the store's currency, such as `2.90`.
    pub(super) price: Spanned<String>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CountryTable {
    /// The country, two capitals.
    pub(super) code: Spanned<String>,
    /// What a delivery there costs to ship, such as `4.90`.
    pub(super) shipping_price: Option<Spanned<String>>,
    /// The sum of items from which shipping is free, such as `45.00`.
    pub(super) free_shipping_from: Option<Spanned<String>>,
    /// Its provinces.
    #[serde(default)]
    pub(super) provinces: Vec<ProvinceTable>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProvinceTable {
    /// The name, as Recharge has it.
    pub(super) name: String,
    /// The code, such as `NY`.
    #[serde(default)]
    pub(super) code: String,
}

fn info() -> LogLevel {
    LogLevel::Info
}
