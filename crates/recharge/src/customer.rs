//! Customers.

use base::{Currency, Timestamp};
use serde_json::{Map, Value, json};

use crate::address::Address;
use crate::amount::Amount;
use crate::id::{AddressId, CustomerId, ExternalId, PaymentMethodId};
use crate::included::Included;
use crate::lenient::{Lenient, upstream};
use crate::payment_method::PaymentMethod;
use crate::resource::Resource;
use crate::subscription::Subscription;
use crate::transport::Request;

upstream! {
    /// A customer. The hash that upstream sends along opens the hosted portal and is never read.
    pub struct Customer: CustomerId {
        /// E-mail address, unique in the store.
        email: String,
        /// First name.
        first_name: String,
        /// Last name.
        last_name: String,
        /// Telephone.
        phone: String,
        /// The customer in the shop; `None` where they have no account there.
        external_customer_id: Option<ExternalId>,
        /// Whether there is a payment method that can be charged.
        has_valid_payment_method: bool,
        /// Whether a failed payment is being tried again.
        has_payment_method_in_dunning: bool,
        /// Whether another payment method may be charged when the usual one fails.
        backup_payment_methods_enabled: bool,
        /// How many subscriptions are active.
        subscriptions_active_count: u32,
        /// How many subscriptions there are in all.
        subscriptions_total_count: u32,
        /// When they first paid; `None` where they have not yet.
        first_charge_processed_at: Option<Timestamp>,
        /// Since when they are a customer.
        created_at: Option<Timestamp>,
        /// When this record last changed.
        updated_at: Option<Timestamp>,
        /// Whether their credit is to be used on the next recurring charge.
        apply_credit_to_next_recurring_charge: bool,
        /// How many charges in a row were paid while they were subscribed; 0 where upstream does
        /// not count.
        subscription_related_charge_streak: u32,
        /// What was asked for along with them.
        include: CustomerInclude,
    }
}

upstream! {
    /// What comes inside a customer when it is asked for; empty otherwise.
    pub struct CustomerInclude {
        /// Their addresses.
        addresses: Included<Address>,
        /// Their payment methods.
        payment_methods: Included<PaymentMethod>,
        /// Their subscriptions.
        subscriptions: Included<Subscription>,
        /// Their link for friends.
        referral_info: ReferralInfo,
        /// Their punch cards.
        punch_card_progress: PunchCardProgress,
        /// The gifts that they bought for others.
        gift_purchases: Vec<GiftPurchase>,
    }
}

/// What to change of a customer; `None` leaves a field as it is.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CustomerUpdate {
    /// First name; upstream refuses an empty one.
    pub first_name: Option<String>,
    /// Last name; upstream refuses an empty one.
    pub last_name: Option<String>,
    /// Telephone; empty removes it.
    pub phone: Option<String>,
    /// Whether credit is to be used on the next recurring charge.
    pub apply_credit_to_next_recurring_charge: Option<bool>,
}

upstream! {
    /// How much credit a customer has in a store.
    pub struct CreditSummary {
        /// Whose it is; 0, which is nobody's, where upstream does not say.
        customer_id: CustomerId,
        /// What can be spent.
        total_available_balance: Amount,
        /// Its currency; `None` for the store's own.
        currency_code: Option<Currency>,
        /// The most that one charge takes of it; `None` for no such limit.
        max_redemption_limit: Option<Amount>,
    }
}

impl Resource for CreditSummary {
    const NAME: &'static str = "credit_summary";
    const PLURAL: &'static str = "credit_summaries";
}

impl CreditSummary {
    /// `GET /customers/{id}/credit_summary`.
    pub fn retrieve(id: CustomerId) -> Request {
        Request::get(format!("/customers/{id}/credit_summary"))
    }
}

upstream! {
    /// How a customer refers friends.
    pub struct ReferralInfo {
        /// The link.
        referral_url: ReferralUrl,
    }
}

upstream! {
    /// A link for friends.
    pub struct ReferralUrl {
        /// Its address; empty where there is none.
        url: String,
    }
}

upstream! {
    /// A card with a punch for each order.
    pub struct PunchCard {
        /// The state of each field: `locked` until it is earned, then `earned`, `redeemed`.
        punch_item_states: Vec<String>,
    }
}

upstream! {
    /// A gift that a customer bought, for somebody who redeems it by a link. Who that is upstream
    /// says by an id at most.
    pub struct GiftPurchase {
        /// What it is worth.
        amount: Option<Amount>,
        /// The currency of that; `None` for the store's own.
        gift_currency: Option<Currency>,
        /// What they wrote to the recipient; may be empty.
        gift_note: String,
        /// When the recipient was told of it; `None` while that is still to come.
        notification_sent_at: Option<Timestamp>,
        /// When it was redeemed; `None` where it was not yet.
        redeemed_at: Option<Timestamp>,
    }
}

/// Punch cards, which upstream names by the store.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct PunchCardProgress(pub Vec<PunchCard>);

impl Lenient for PunchCardProgress {
    fn read(value: Value) -> Option<PunchCardProgress> {
        let Value::Object(cards) = value else {
            return None;
        };
        let cards = cards.into_iter();
        let cards = cards.filter_map(|(_, card)| PunchCard::read(card));
        Some(PunchCardProgress(cards.collect()))
    }
}

/// Something that can come inside a [`Customer`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerPart {
    /// `include.addresses`.
    Addresses,
    /// `include.payment_methods`.
    PaymentMethods,
    /// `include.subscriptions`.
    Subscriptions,
    /// `include.referral_info`.
    ReferralInfo,
    /// `include.punch_card_progress`.
    PunchCardProgress,
    /// `include.gift_purchases`.
    GiftPurchases,
}

impl CustomerPart {
    fn word(self) -> &'static str {
        match self {
            CustomerPart::Addresses => "addresses",
            CustomerPart::PaymentMethods => "payment_methods",
            CustomerPart::Subscriptions => "subscriptions",
            CustomerPart::ReferralInfo => "referral_info",
            CustomerPart::PunchCardProgress => "punch_card_progress",
            CustomerPart::GiftPurchases => "gift_purchases",
        }
    }
}

impl Resource for Customer {
    const NAME: &'static str = "customer";
    const PLURAL: &'static str = "customers";
}

impl Customer {
    /// `GET /customers/{id}` with `parts` inside.
    pub fn retrieve(id: CustomerId, parts: &[CustomerPart]) -> Request {
        let request = Request::get(format!("/customers/{id}"));
        match parts {
            [] => request,
            _ => request.with_list("include", parts.iter().map(|part| part.word())),
        }
    }

    /// `PUT /customers/{id}`: changes what is said.
    pub fn update(id: CustomerId, update: &CustomerUpdate) -> Request {
        let fields = [
            ("first_name", update.first_name.as_ref()),
            ("last_name", update.last_name.as_ref()),
            ("phone", update.phone.as_ref()),
        ];
        let said = fields.into_iter();
        let said = said.filter_map(|(name, value)| Some((name.to_owned(), json!(value?))));
        let mut body: Map<String, Value> = said.collect();
        if let Some(applies) = update.apply_credit_to_next_recurring_charge {
            let name = "apply_credit_to_next_recurring_charge";
            body.insert(name.to_owned(), json!(applies));
        }
        Request::put(format!("/customers/{id}"), Value::Object(body))
    }

    /// `GET /customers?external_customer_id=`: the one who has that account in the shop, if any.
    pub fn by_external_id(external_customer_id: &str) -> Request {
        Customer::lookup("external_customer_id", external_customer_id)
    }

    /// `GET /customers?email=`: the one with exactly that address, if any.
    pub fn by_email(email: &str) -> Request {
        Customer::lookup("email", email)
    }

    /// `GET /customers?hash=`: the one whose hosted portal has that hash, if any.
    pub fn by_hash(hash: &str) -> Request {
        Customer::lookup("hash", hash)
    }

    /// `PUT /customers/{id}` with another e-mail address.
    pub fn change_email(id: CustomerId, email: &str) -> Request {
        Request::put(format!("/customers/{id}"), json!({ "email": email }))
    }

    /// `PUT /customers/{id}`: whether another payment method may be charged when the usual one
    /// fails.
    pub fn set_backup_payment(id: CustomerId, enabled: bool) -> Request {
        let body = json!({"backup_payment_methods_enabled": enabled});
        Request::put(format!("/customers/{id}"), body)
    }

    /// `POST /customers/{id}/notifications`: the e-mail by which a method of `shopify_payments`
    /// is changed; with the address that the method pays for, where there is one.
    pub fn send_payment_link(
        id: CustomerId,
        payment_method_id: PaymentMethodId,
        address_id: Option<AddressId>,
    ) -> Request {
        let body = json!({
            "type": "email",
            "template_type": "shopify_update_payment_information",
            "template_vars": {"payment_method_id": payment_method_id.0, "address_id": address_id.map(|id| id.0)},
        });
        Request::post(format!("/customers/{id}/notifications"), body)
    }

    // Two are asked for, so that an answer that ignored the filter cannot pass for the one.
    fn lookup(name: &'static str, value: &str) -> Request {
        Request::get("/customers")
            .with(name, value)
            .with("limit", 2)
    }
}
