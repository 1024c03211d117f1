//! The file as it is written: every key with the type it has there. A `Spanned` value knows its
//! line, for complaints.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;
use toml::Spanned;

use super::settings::{ClientType, CustomerName, JwtAlgorithm, LogLevel, Way};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) listen: Option<Spanned<String>>,
    pub(super) metrics_listen: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) trusted_proxies: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) limits: LimitsTable,
    pub(super) public_origin: Option<Spanned<String>>,
    pub(super) portal_dir: Option<PathBuf>,
    pub(super) texts_dir: Option<PathBuf>,
    pub(super) database: Option<PathBuf>,
    #[serde(default = "info")]
    pub(super) log: LogLevel,
    #[serde(default)]
    pub(super) frame_ancestors: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) embedding: EmbeddingTable,
    #[serde(default)]
    pub(super) own_origin: bool,
    pub(super) hsts_subdomains: Option<Spanned<bool>>,
    pub(super) cancel_reasons: Option<Spanned<Vec<String>>>,
    pub(super) upstream: UpstreamTable,
    pub(super) merchant: MerchantTable,
    #[serde(default)]
    pub(super) terms: TermsTable,
    #[serde(default)]
    pub(super) customer: CustomerTable,
    #[serde(default)]
    pub(super) history: HistoryTable,
    #[serde(default)]
    pub(super) cancellation: CancellationTable,
    #[serde(default)]
    pub(super) layout: LayoutTable,
    #[serde(default)]
    pub(super) products: ProductsTable,
    #[serde(default)]
    pub(super) announcements: Vec<Spanned<TextTable>>,
    #[serde(default)]
    pub(super) theme: ThemeTable,
    pub(super) payments: Option<PaymentsTable>,
    pub(super) store: StoreTable,
    #[serde(default)]
    pub(super) cutoff: CutOffTable,
    #[serde(default)]
    pub(super) dates: DatesTable,
    #[serde(default)]
    pub(super) subscriptions: SubscriptionsTable,
    #[serde(default)]
    pub(super) locks: BTreeMap<String, Spanned<LockTable>>,
    #[serde(default)]
    pub(super) session: SessionTable,
    pub(super) jwt: Option<JwtTable>,
    pub(super) app_proxy: Option<AppProxyTable>,
    pub(super) customer_account: Option<CustomerAccountTable>,
    pub(super) hosted_portal: Option<HostedPortalTable>,
    pub(super) support: Option<SupportTable>,
    #[serde(default)]
    pub(super) audit: AuditTable,
    #[serde(default)]
    pub(super) analytics: AnalyticsTable,
    pub(super) mail: Option<MailTable>,
    #[serde(default)]
    pub(super) login: LoginTable,
    #[serde(default)]
    pub(super) effects: Vec<EffectTable>,
    #[serde(default)]
    pub(super) actions: BTreeMap<String, Spanned<bool>>,
    #[serde(default, rename = "configurations")]
    pub(super) _configurations: BTreeMap<String, toml::Table>,
    #[serde(default)]
    pub(super) rules: Vec<RuleTable>,
    pub(super) countries: Vec<CountryTable>,
    #[serde(default)]
    pub(super) shipping_methods: Vec<ShippingMethodTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SupportTable {
    #[serde(default)]
    pub(super) act: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct AnalyticsTable {
    #[serde(default)]
    pub(super) funnel: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditTable {
    pub(super) keep_days: Option<Spanned<u64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct LimitsTable {
    pub(super) connections: Option<Spanned<u64>>,
    pub(super) connections_per_address: Option<Spanned<u64>>,
    pub(super) header_timeout_seconds: Option<Spanned<u64>>,
    pub(super) idle_timeout_seconds: Option<Spanned<u64>>,
    pub(super) write_timeout_seconds: Option<Spanned<u64>>,
    pub(super) customer_requests_per_minute: Option<Spanned<u64>>,
    pub(super) guesses_per_minute: Option<Spanned<u64>>,
    pub(super) links_per_hour: Option<Spanned<u64>>,
    pub(super) emails_per_hour: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UpstreamTable {
    pub(super) base_url: Option<Spanned<String>>,
    pub(super) token_file: Option<PathBuf>,
    pub(super) connect_timeout_seconds: Option<Spanned<u64>>,
    pub(super) read_timeout_seconds: Option<Spanned<u64>>,
    pub(super) deadline_seconds: Option<Spanned<u64>>,
    pub(super) bucket: Option<Spanned<u64>>,
    pub(super) leak_per_second: Option<Spanned<u64>>,
    pub(super) cache_seconds: Option<Spanned<u64>>,
    pub(super) write_window_seconds: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MerchantTable {
    pub(super) name: Spanned<String>,
    pub(super) return_url: Spanned<String>,
    pub(super) support_url: Option<Spanned<String>>,
    pub(super) accent: Option<Spanned<String>>,
    pub(super) first_action: Option<Spanned<String>>,
    pub(super) headline: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) legal: Vec<String>,
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct TermsTable {
    pub(super) terms_url: Option<Spanned<String>>,
    pub(super) privacy_url: Option<Spanned<String>>,
    pub(super) imprint_url: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerTable {
    pub(super) editable: Option<Vec<Spanned<String>>>,
    pub(super) tax_ids: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct HistoryTable {
    pub(super) invoices: Option<bool>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct CancellationTable {
    #[serde(default)]
    pub(super) order: ReasonOrder,
    pub(super) required: Option<bool>,
    pub(super) default_reason: Option<Spanned<String>>,
    pub(super) offers: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) reasons: Vec<Spanned<TextTable>>,
}

/// A table of texts: keys of its own beside a text for each language.
pub(super) type TextTable = BTreeMap<String, Spanned<String>>;

#[derive(Deserialize, Default, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum ReasonOrder {
    #[default]
    Listed,
    Shuffled,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct LayoutTable {
    pub(super) sections: Option<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) actions: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductsTable {
    #[serde(default)]
    pub(super) add: ProductListTable,
    #[serde(default)]
    pub(super) swap: ProductListTable,
    #[serde(default)]
    pub(super) once: ProductListTable,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct ProductListTable {
    #[serde(default)]
    pub(super) products: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) collections: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) variants: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) plans: Vec<u64>,
    pub(super) fewest: Option<Spanned<u64>>,
    pub(super) most: Option<Spanned<u64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct ThemeTable {
    pub(super) mode: Option<Spanned<String>>,
    pub(super) logo: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) tokens: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) light: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pub(super) dark: BTreeMap<String, Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentsTable {
    pub(super) tokeniser: Spanned<String>,
    pub(super) publishable_key: Option<String>,
    pub(super) secret_key_file: Option<PathBuf>,
    pub(super) origin: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StoreTable {
    pub(super) currency: Spanned<String>,
    pub(super) zone: Spanned<String>,
    pub(super) horizon_days: Option<Spanned<u64>>,
    #[serde(default)]
    pub(super) zero_inventory_purchase: bool,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct CutOffTable {
    pub(super) days: Option<Spanned<u64>>,
    pub(super) time: Option<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct DatesTable {
    #[serde(default)]
    pub(super) closed_weekdays: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) closed_dates: Vec<Spanned<String>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct SubscriptionsTable {
    pub(super) fewest: Option<Spanned<u64>>,
    pub(super) most: Option<Spanned<u64>>,
    pub(super) note_length: Option<Spanned<u64>>,
    #[serde(default)]
    pub(super) properties: Vec<String>,
    pub(super) pause_months: Option<Spanned<Vec<u32>>>,
    pub(super) longest_pause_days: Option<Spanned<u64>>,
    pub(super) most_pauses_per_year: Option<Spanned<u64>>,
    pub(super) most_skips_per_year: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct LockTable {
    #[serde(default)]
    pub(super) minimum_orders: u32,
    #[serde(default)]
    pub(super) days_before: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RuleTable {
    pub(super) configuration: Spanned<String>,
    #[serde(default)]
    pub(super) countries: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) tags: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) products: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) currencies: Vec<Spanned<String>>,
    pub(super) min_orders: Option<Spanned<u64>>,
    pub(super) max_orders: Option<Spanned<u64>>,
    pub(super) min_subscription_days: Option<Spanned<u64>>,
    pub(super) max_subscription_days: Option<Spanned<u64>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct SessionTable {
    pub(super) link_minutes: Option<Spanned<u64>>,
    pub(super) idle_minutes: Option<Spanned<u64>>,
    pub(super) absolute_hours: Option<Spanned<u64>>,
    pub(super) requests_per_minute: Option<Spanned<u64>>,
    #[serde(default)]
    pub(super) return_origins: Vec<Spanned<String>>,
    pub(super) loopback_cookie: Option<Spanned<bool>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct EmbeddingTable {
    #[serde(default)]
    pub(super) origins: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct JwtTable {
    pub(super) algorithm: Spanned<JwtAlgorithm>,
    pub(super) secret_file: Option<PathBuf>,
    pub(super) public_key_file: Option<Spanned<PathBuf>>,
    pub(super) jwks_file: Option<Spanned<PathBuf>>,
    pub(super) issuer: Spanned<String>,
    pub(super) audience: Spanned<String>,
    pub(super) max_minutes: Option<Spanned<u64>>,
    pub(super) customer_claim: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) customer_is: CustomerName,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AppProxyTable {
    pub(super) shop: Spanned<String>,
    pub(super) secret_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CustomerAccountTable {
    pub(super) shop_url: Spanned<String>,
    pub(super) client_id: Spanned<String>,
    #[serde(default)]
    pub(super) client: ClientType,
    pub(super) client_secret_file: Option<PathBuf>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct HostedPortalTable {
    pub(super) base_url: Spanned<String>,
    pub(super) shop_url: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) way: Way,
    #[serde(default)]
    pub(super) origins: Vec<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MailTable {
    pub(super) from: Spanned<String>,
    pub(super) smtp_host: Option<Spanned<String>>,
    pub(super) smtp_port: Option<Spanned<u64>>,
    pub(super) smtp_user: Option<String>,
    pub(super) password_file: Option<PathBuf>,
    pub(super) folder: Option<Spanned<PathBuf>>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
pub(super) struct LoginTable {
    pub(super) enabled: Option<Spanned<bool>>,
    pub(super) requests_per_minute: Option<Spanned<u64>>,
    pub(super) emails_per_hour: Option<Spanned<u64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EffectTable {
    pub(super) after: Spanned<String>,
    pub(super) kind: EffectKindWord,
    pub(super) namespace: Option<Spanned<String>>,
    pub(super) key: Option<Spanned<String>>,
    pub(super) value: Option<Spanned<String>>,
    pub(super) url: Option<Spanned<String>>,
    pub(super) secret_env: Option<String>,
    pub(super) secret_file: Option<PathBuf>,
    pub(super) to: Option<Spanned<String>>,
}

#[derive(Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
pub(super) enum EffectKindWord {
    Metafield,
    Webhook,
    Mail,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ShippingMethodTable {
    pub(super) code: Spanned<String>,
    pub(super) title: Spanned<String>,
    pub(super) price: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CountryTable {
    pub(super) code: Spanned<String>,
    pub(super) shipping_price: Option<Spanned<String>>,
    pub(super) free_shipping_from: Option<Spanned<String>>,
    #[serde(default)]
    pub(super) provinces: Vec<ProvinceTable>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ProvinceTable {
    pub(super) name: String,
    #[serde(default)]
    pub(super) code: String,
}

fn info() -> LogLevel {
    LogLevel::Info
}
