//! The session and what belongs to the customer: addresses, payment methods, the person.

use std::collections::BTreeMap;

use protocol::view::{
    Address, Addresses, Credit, Customer, DeliveryKey, DeliveryState, Dependent, Gift, Payable,
    PaymentMethod, PaymentMethods, PaysFor, Session,
};
use protocol::{AddressForm, AddressId, Currency, Operation, PaymentMethodId, Problem};
use recharge::{
    Charge, ChargeStatus, GiftPurchase, PostalAddress, PunchCardProgress, Subscription,
    SubscriptionStatus, Timestamp,
};

use super::deliveries::{Desk, address_discounts};
use super::text::{address_lines, masked, payment_line, safe_link};
use super::warnings::{expires, is_expiring, state};
use crate::actions::code::Awaited;
use crate::actions::payment_method::{BY_LINK, account};
use crate::actions::{deletion, email, shipping, tax_id};
use crate::reader::Reader;
use crate::rules::date_rules;

/// How many deliveries to come are shown with an address.
const NEXT: usize = 3;

/// Who is here and what may be done.
pub(crate) async fn session(reader: &Reader<'_>) -> Result<Session, Problem> {
    let customer = reader.customer().await?;
    let policy = &reader.gateway.policy;
    Ok(Session {
        first_name: customer.first_name,
        merchant: policy.merchant.clone(),
        today: reader.today(),
        allowed: policy.allowed.clone(),
        cancel_reasons: policy.cancel_reasons.clone(),
        tokeniser: policy.tokeniser.clone(),
        countries: policy.countries.clone(),
        date_rules: date_rules(reader),
        subscription_rules: policy.subscriptions.clone(),
    })
}

/// The customer's own data.
pub(crate) async fn customer(reader: &Reader<'_>) -> Result<Customer, Problem> {
    let customer = reader.customer().await?;
    Ok(Customer {
        tax_id: tax_id::current(reader).await?,
        credit: credit(reader, &customer).await?,
        streak: customer.subscription_related_charge_streak,
        referral_url: safe_link(&customer.include.referral_info.referral_url.url),
        punch_card: punch_card(&customer.include.punch_card_progress),
        gifts: customer
            .include
            .gift_purchases
            .iter()
            .map(|bought| gift(bought, reader.gateway.policy.currency))
            .collect(),
        first_name: customer.first_name,
        last_name: customer.last_name,
        email: customer.email,
        phone: (!customer.phone.is_empty()).then_some(customer.phone),
        since: customer.created_at.as_ref().map(recharge::Timestamp::date),
        active_count: customer.subscriptions_active_count,
        email_change: Awaited::view(reader, email::FACT).await?,
        deletion: Awaited::view(reader, deletion::FACT).await?,
    })
}

/// A gift that was bought. The link that redeems it is the recipient's alone.
fn gift(bought: &GiftPurchase, store: Currency) -> Gift {
    let currency = bought.gift_currency.unwrap_or(store);
    let amount = bought.amount.as_ref();
    Gift {
        amount: amount.map(|amount| amount.in_currency(currency)),
        note: bought.gift_note.clone(),
        sent: bought.notification_sent_at.as_ref().map(Timestamp::date),
        redeemed: bought.redeemed_at.as_ref().map(Timestamp::date),
    }
}

/// How full the first punch card is.
fn punch_card(progress: &PunchCardProgress) -> Option<(u32, u32)> {
    let fields = &progress.0.first()?.punch_item_states;
    let filled = fields.iter().filter(|state| *state != "locked").count();
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    (!fields.is_empty()).then(|| (count(filled), count(fields.len())))
}

/// What she has to spend; not asked for where the merchant does not let her spend it.
pub(crate) async fn credit(
    reader: &Reader<'_>,
    customer: &recharge::Customer,
) -> Result<Option<Credit>, Problem> {
    let policy = &reader.gateway.policy;
    if !policy.allowed.contains(&Operation::UseCredit) {
        return Ok(None);
    }
    let summary = reader.credit().await?;
    let currency = summary.currency_code.unwrap_or(policy.currency);
    let balance = summary.total_available_balance.in_currency(currency);
    let limit = summary.max_redemption_limit;
    Ok((balance.minor() > 0).then(|| Credit {
        balance,
        limit: limit.map(|limit| limit.in_currency(currency)),
        next_order: customer.apply_credit_to_next_recurring_charge,
    }))
}

/// All addresses with what depends on them.
pub(crate) async fn addresses(reader: &Reader<'_>) -> Result<Addresses, Problem> {
    let desk = Desk::open(reader).await?;
    let all = reader.addresses().await?;
    let schedule = reader.schedule().await?;
    let subscriptions = reader.subscriptions().await?.items;
    let mut deliveries: BTreeMap<AddressId, Vec<DeliveryKey>> = BTreeMap::new();
    for delivery in desk.deliveries(&schedule, &[]) {
        if delivery.state != DeliveryState::Skipped {
            deliveries
                .entry(delivery.key.address_id)
                .or_default()
                .push(delivery.key);
        }
    }
    let mut addresses: Vec<Address> = all
        .items
        .iter()
        .map(|address| Address {
            id: address.id,
            form: form(address),
            lines: address_lines(&address.postal()).unwrap_or_default(),
            subscriptions: dependents(&subscriptions, address.id),
            deliveries: first(deliveries.remove(&address.id).unwrap_or_default()),
            payment: desk.payment(address.id),
            shipping_method: Some(shipping::chosen(address)).filter(|code| !code.is_empty()),
            discounts: address_discounts(address),
        })
        .collect();
    addresses.sort_by_key(|address| (address.subscriptions.is_empty(), address.id));
    Ok(Addresses {
        addresses,
        cut: all.cut,
        shipping_methods: match reader
            .gateway
            .policy
            .allowed
            .contains(&Operation::SetShippingMethod)
        {
            true => reader.gateway.policy.shipping_methods.clone(),
            false => Vec::new(),
        },
    })
}

/// All payment methods with what they pay for.
pub(crate) async fn payment_methods(reader: &Reader<'_>) -> Result<PaymentMethods, Problem> {
    let desk = Desk::open(reader).await?;
    let all = reader.payment_methods().await?;
    let charges = reader.charges().await?.items;
    let mut methods: Vec<PaymentMethod> = all
        .items
        .iter()
        .map(|method| {
            let expires = expires(method);
            PaymentMethod {
                line: payment_line(method),
                default: method.default,
                state: state(method),
                expires,
                expiring: expires.is_some_and(|expires| is_expiring(expires, desk.today)),
                addresses: pays_for(&desk, method.id, &method.include.addresses),
                billing_address: address_lines(&method.billing_address),
                billing: form_of(&method.billing_address),
                by_link: method.processor_name == BY_LINK,
            }
        })
        .collect();
    methods.sort_by_key(|method| (method.addresses.is_empty(), !method.default, method.line.id));
    Ok(PaymentMethods {
        methods,
        payable: payable(&desk, &reader.schedule().await?, &charges),
        can_add: desk.policy.tokeniser.is_some()
            && account(&reader.processor_tokens().await?).is_some(),
        backup: desk.customer.backup_payment_methods_enabled,
        failed: charges.iter().any(|c| c.status == ChargeStatus::Error),
        email: masked(&desk.customer.email),
        cut: all.cut,
    })
}

/// All addresses with what will be charged for each next.
fn payable(
    desk: &Desk<'_>,
    schedule: &recharge::DeliverySchedule,
    charges: &[Charge],
) -> Vec<Payable> {
    let deliveries = desk.deliveries(schedule, charges);
    let include = &desk.customer.include;
    let mut payable: Vec<Payable> = include
        .addresses
        .iter()
        .map(|address| {
            let next = deliveries.iter().find(|delivery| {
                delivery.key.address_id == address.id && delivery.state == DeliveryState::Planned
            });
            Payable {
                id: address.id,
                lines: address_lines(&address.postal()).unwrap_or_default(),
                form: form(address),
                method: address.payment_method_id,
                active: !dependents(&include.subscriptions, address.id).is_empty(),
                next: next.map(|delivery| delivery.key.date),
                total: next.and_then(|delivery| Some(delivery.totals.as_ref()?.total)),
            }
        })
        .collect();
    payable.sort_by_key(|address| (!address.active, address.id));
    payable
}

/// The addresses that a method pays for: those upstream names with it, else those that name it.
fn pays_for(desk: &Desk, id: PaymentMethodId, named: &[recharge::Address]) -> Vec<PaysFor> {
    let of_customer = || {
        let addresses = desk.customer.include.addresses.iter();
        addresses
            .filter(|address| address.payment_method_id == Some(id))
            .collect()
    };
    let addresses: Vec<&recharge::Address> = if named.is_empty() {
        of_customer()
    } else {
        named.iter().collect()
    };
    addresses
        .into_iter()
        .map(|address| PaysFor {
            id: address.id,
            lines: address_lines(&address.postal()).unwrap_or_default(),
        })
        .collect()
}

/// The active subscriptions that go to an address.
fn dependents(subscriptions: &[Subscription], address_id: AddressId) -> Vec<Dependent> {
    subscriptions
        .iter()
        .filter(|s| s.address_id == address_id && s.status == SubscriptionStatus::Active)
        .map(|s| Dependent {
            id: s.id,
            title: s.product_title.clone(),
        })
        .collect()
}

/// An address as a form shows it: every field set.
pub(crate) fn form(address: &recharge::Address) -> AddressForm {
    form_of(&address.postal())
}

/// The same of an address inside something else.
pub(crate) fn form_of(address: &PostalAddress) -> AddressForm {
    AddressForm {
        first_name: Some(address.first_name.clone()),
        last_name: Some(address.last_name.clone()),
        company: Some(address.company.clone()),
        address1: Some(address.address1.clone()),
        address2: Some(address.address2.clone()),
        city: Some(address.city.clone()),
        province: Some(address.province.clone()),
        zip: Some(address.zip.clone()),
        country_code: Some(address.country_code.clone()),
        phone: Some(address.phone.clone()),
    }
}

fn first(mut keys: Vec<DeliveryKey>) -> Vec<DeliveryKey> {
    keys.truncate(NEXT);
    keys
}
