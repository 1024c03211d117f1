use base::Date;
use recharge::CustomerId;
use serde::{Deserialize, Serialize};

use super::announcement::Announcement;
use super::cancellation::CancellationRules;
use super::flow::SessionFlow;
use super::layout::Layout;
use super::rules::{DateRules, EditableDetails, QuantityLimits, SubscriptionRules};
use crate::country::Country;
use crate::intents::Operation;
use crate::json::{Later, Read};
use crate::payment::Tokeniser;

/// What the overview's most prominent button can do, in the order in which they stand there: nothing
/// that charges or ends anything.
pub const FIRST_ACTIONS: [Operation; 3] = [
    Operation::RescheduleDelivery,
    Operation::SkipDelivery,
    Operation::UpdateAddress,
];

/// Who is here, in whose shop, and what may be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Read)]
pub struct Session {
    /// Tells one customer from another: what is kept in a browser tab belongs to one of them.
    pub customer_id: CustomerId,
    /// The customer's first name; may be empty.
    pub first_name: String,
    /// The shop.
    pub merchant: Merchant,
    /// Today, in the store's zone. The browser's own clock is never asked.
    pub today: Date,
    /// The store's zone by its IANA name.
    pub zone: String,
    /// The operations that the merchant allows.
    pub allowed: Vec<Operation>,
    /// What the form for cancelling asks and offers.
    pub cancellation: Later<CancellationRules>,
    /// Which of their details the customer may change, where the operation is allowed.
    pub editable: Later<EditableDetails>,
    /// The sections that there are, and what comes first.
    pub layout: Layout,
    /// How cards are added; `None` where they are not added here.
    pub tokeniser: Option<Tokeniser>,
    /// The countries that the store ships to.
    pub countries: Later<Vec<Country>>,
    /// The days that may be chosen for a delivery.
    pub date_rules: Later<DateRules>,
    /// What may be chosen for a subscription.
    pub subscription_rules: Later<SubscriptionRules>,
    /// How many of one product a new subscription may have.
    pub add_quantity: Later<QuantityLimits>,
    /// How many of one product may be bought once.
    pub once_quantity: Later<QuantityLimits>,
    /// What the merchant has to say to this customer now, one thing at a time.
    pub announcement: Later<Option<Announcement>>,
    /// A session ends after so many minutes without a request, or up to a minute before that.
    pub idle_minutes: u32,
    /// The one thing that the session is for, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub flow: Option<SessionFlow>,
    /// The id of the member of the shop's staff who looks at the portal for the customer; `None`
    /// for the customer.
    #[serde(default)]
    pub staff: Option<String>,
}

/// What signing out everywhere has done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct SignedOut {
    /// How many sessions of the customer it ended beside the one that asked.
    pub other_sessions: u64,
}

/// The shop that the portal stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Read)]
pub struct Merchant {
    /// Its name.
    pub name: String,
    /// Where 'Back to …' leads: an https (in a demo http) URL that the server has checked.
    pub return_url: String,
    /// Where help is to be had: a `mailto:` or https URL.
    pub support_url: Option<String>,
    /// Where customers sign in again with their email address, where they can.
    pub login_url: Option<String>,
    /// What the most prominent button of the overview does; rescheduling where nothing is said.
    #[serde(default)]
    pub first_action: Option<Operation>,
    /// The merchant's theme, as declarations of CSS that the server has checked.
    pub theme: Option<String>,
    /// The address of the merchant's logo, shown in place of the name.
    pub logo: Option<String>,
    /// A sentence at the top of the overview.
    pub headline: Option<String>,
    /// The merchant's legal pages.
    #[serde(default)]
    pub pages: LegalPages,
    /// What stands on a receipt by law, line by line: company, address, register, tax id.
    #[serde(default)]
    pub legal: Vec<String>,
    /// Whether this portal is for testing.
    #[serde(default)]
    pub test: bool,
    /// Whether this is a demonstration with invented data.
    pub demo: bool,
}

/// The merchant's legal pages, https (in a demo http) URLs that the server has checked.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, Read)]
pub struct LegalPages {
    /// The terms of service.
    pub terms: Option<String>,
    /// The privacy policy.
    pub privacy: Option<String>,
    /// Who runs the shop.
    pub imprint: Option<String>,
}
