//! The session and what belongs to the customer: addresses, payment methods, the person.

use std::collections::BTreeMap;

use base::Timestamp;
use protocol::view::{
    Address, Addresses, CancellationRules, Customer, Delivery, DeliveryKey, DeliveryState,
    Dependent, Gift, Layout, Payable, PaymentMethod, PaymentMethods, PaysFor, Section, Session,
};
use protocol::{AddressId, Later, Operation, PaymentMethodId, Problem};
use recharge::{Charge, GiftPurchase, PunchCardProgress, Subscription, SubscriptionStatus};

use crate::env::day_of;
use crate::model::address::{form, form_of, shipping_method};
use crate::model::code::{DELETION, EMAIL_CHANGE, PendingCode};
use crate::model::context::{AccountContext, address_discounts};
use crate::model::deliveries::use_credit;
use crate::model::payment::{BY_LINK, account, failed_charge};
use crate::model::text::{address_lines, masked, payment_line};
use crate::model::warnings::{expires, failure, is_expiring, state};
use crate::model::{announcement, credit, tax_id};
use crate::policy::Policy;
use crate::rules::{add_limits, date_rules, once_limits};
use crate::upstream::Upstream;
use crate::upstream::links::safe_link;
use crate::upstream::reader::{NOBODY, Reader};

/// How many deliveries to come are shown with an address.
const NEXT: usize = 3;

/// Who is here and what may be done.
pub(crate) async fn session(reader: &Reader<'_>) -> Result<Session, Problem> {
    let customer = reader.customer().await?;
    let policy = &reader.upstream.policy;
    let announcement = announcement::current(reader, &customer).await;
    Ok(Session {
        customer_id: customer.id,
        first_name: customer.first_name,
        merchant: policy.merchant.clone(),
        today: reader.today(),
        zone: reader.upstream.env.zone(),
        allowed: policy.allowed.iter().copied().collect(),
        cancellation: Later::new(&CancellationRules {
            reasons: policy.cancellation.reasons_for(customer.id),
            required: policy.cancellation.required,
            offers: allowed(&policy.cancellation.offers, policy),
            counted: policy.cancellation.counted,
        }),
        editable: Later::new(&policy.editable),
        layout: layout(policy),
        tokeniser: policy.tokeniser.clone(),
        countries: Later::new(&policy.countries),
        date_rules: Later::new(&date_rules(reader)),
        subscription_rules: Later::new(&policy.subscriptions),
        add_quantity: Later::new(&add_limits(reader)),
        once_quantity: Later::new(&once_limits(reader)),
        announcement: Later::new(&announcement),
        idle_minutes: policy.idle_minutes,
        flow: None,
        staff: None,
    })
}

/// Of `operations`, those that are allowed.
fn allowed(operations: &[Operation], policy: &Policy) -> Vec<Operation> {
    let operations = operations.iter().copied();
    operations
        .filter(|operation| policy.allowed.contains(operation))
        .collect()
}

/// The merchant's layout without what there is not.
fn layout(policy: &Policy) -> Layout {
    let Layout {
        mut sections,
        mut bar,
        actions,
    } = policy.layout.clone();
    let is_there = |section: &Section| *section != Section::History || policy.invoices;
    sections.retain(is_there);
    bar.retain(is_there);
    Layout {
        sections,
        bar,
        actions: allowed(&actions, policy),
    }
}

/// The customer's own data.
pub(crate) async fn customer(reader: &Reader<'_>) -> Result<Customer, Problem> {
    let customer = reader.customer().await?;
    Ok(Customer {
        tax_id: tax_id::current(reader).await?,
        credit: credit::available(reader, &customer).await?,
        streak: customer.subscription_related_charge_streak,
        referral_url: safe_link(&customer.include.referral_info.referral_url.url),
        punch_card: punch_card(&customer.include.punch_card_progress),
        gifts: customer
            .include
            .gift_purchases
            .iter()
            .map(|bought| gift(bought, reader.upstream))
            .collect(),
        first_name: customer.first_name,
        last_name: customer.last_name,
        email: customer.email,
        phone: (!customer.phone.is_empty()).then_some(customer.phone),
        since: customer
            .created_at
            .as_ref()
            .map(|at| day_of(&*reader.upstream.env, at)),
        active_count: customer.subscriptions_active_count,
        email_change: PendingCode::view(reader, EMAIL_CHANGE).await?,
        deletion: PendingCode::view(reader, DELETION).await?,
    })
}

/// A gift that was bought. The link that redeems it is the recipient's alone.
fn gift(bought: &GiftPurchase, upstream: &Upstream) -> Gift {
    let currency = bought.gift_currency.unwrap_or(upstream.policy.currency);
    let day = |at: &Timestamp| day_of(&*upstream.env, at);
    let amount = bought.amount.as_ref();
    Gift {
        amount: amount.and_then(|amount| amount.in_currency(currency)),
        note: bought.gift_note.clone(),
        sent: bought.notification_sent_at.as_ref().map(day),
        redeemed: bought.redeemed_at.as_ref().map(day),
    }
}

/// How full the first punch card is.
fn punch_card(progress: &PunchCardProgress) -> Option<(u32, u32)> {
    let fields = &progress.0.first()?.punch_item_states;
    let filled = fields.iter().filter(|state| *state != "locked").count();
    let count = |many: usize| u32::try_from(many).unwrap_or(u32::MAX);
    (!fields.is_empty()).then(|| (count(filled), count(fields.len())))
}

/// All addresses with what depends on them.
pub(crate) async fn addresses(reader: &Reader<'_>) -> Result<Addresses, Problem> {
    let context = AccountContext::open(reader).await?;
    let all = reader.addresses().await?;
    let schedule = reader.schedule().await?;
    let subscriptions = reader.subscriptions().await?.items;
    let mut deliveries: BTreeMap<AddressId, Vec<DeliveryKey>> = BTreeMap::new();
    for delivery in context.deliveries(&schedule, &[]) {
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
            payment: context.payment(address.id),
            shipping_method: Some(shipping_method(address)).filter(|code| !code.is_empty()),
            discounts: address_discounts(address),
        })
        .collect();
    addresses.sort_by_key(|address| (address.subscriptions.is_empty(), address.id));
    let policy = &reader.upstream.policy;
    Ok(Addresses {
        addresses,
        cut: all.cut,
        shipping_methods: if policy.allowed.contains(&Operation::SetShippingMethod) {
            policy.shipping_methods.clone()
        } else {
            Vec::new()
        },
    })
}

/// All payment methods with what they pay for.
pub(crate) async fn payment_methods(reader: &Reader<'_>) -> Result<PaymentMethods, Problem> {
    let context = AccountContext::open(reader).await?;
    let all = reader.payment_methods().await?;
    let charges = reader.charges().await?.items;
    let mut deliveries = context.deliveries(&reader.schedule().await?, &charges);
    use_credit(reader, &context.customer, &mut deliveries).await;
    let mut methods: Vec<PaymentMethod> = all
        .items
        .iter()
        .map(|method| {
            let expires = expires(method);
            PaymentMethod {
                line: payment_line(method, &all.items),
                default: method.default,
                state: state(method),
                expires,
                expiring: expires.is_some_and(|expires| is_expiring(expires, context.today)),
                addresses: pays_for(&context, method.id, &method.include.addresses),
                billing_address: address_lines(&method.billing_address),
                billing: form_of(&method.billing_address),
                by_link: method.processor_name == BY_LINK,
            }
        })
        .collect();
    methods.sort_by_key(|method| (method.addresses.is_empty(), !method.default, method.line.id));
    Ok(PaymentMethods {
        methods,
        payable: payable(&context, &deliveries, &charges),
        can_add: context.policy.tokeniser.is_some()
            && account(&reader.processor_tokens().await?).is_some(),
        backup: context.customer.backup_payment_methods_enabled,
        email: masked(&context.customer.email),
        cut: all.cut,
    })
}

/// All addresses with what will be charged for each next.
fn payable(
    context: &AccountContext<'_>,
    deliveries: &[Delivery],
    charges: &[Charge],
) -> Vec<Payable> {
    let include = &context.customer.include;
    let retries = context.policy.allowed.contains(&Operation::ProcessDelivery);
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
                failed: failed_charge(charges, address.id)
                    .filter(|_| retries)
                    .and_then(|charge| failure(charge, context).amount),
            }
        })
        .collect();
    payable.sort_by_key(|address| (!address.active, address.id));
    payable
}

/// The addresses that a method pays for: those upstream names with it, else those that name it.
fn pays_for(
    context: &AccountContext,
    id: PaymentMethodId,
    named: &[recharge::Address],
) -> Vec<PaysFor> {
    let of_customer = || {
        let addresses = context.customer.include.addresses.iter();
        addresses
            .filter(|address| address.payment_method_id == Some(id))
            .collect()
    };
    let addresses: Vec<&recharge::Address> = if named.is_empty() {
        of_customer()
    } else {
        // They come with the customer's own method, and name their owner where upstream says.
        let owners = [context.customer.id, NOBODY];
        let own = named.iter();
        own.filter(|address| owners.contains(&address.customer_id))
            .collect()
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

fn first(mut keys: Vec<DeliveryKey>) -> Vec<DeliveryKey> {
    keys.truncate(NEXT);
    keys
}
