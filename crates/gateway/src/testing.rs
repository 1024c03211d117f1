//! Intents for tests: one sample of each operation, and what they are made from. The samples are
//! made for the sandbox's scenarios.

use async_trait::async_trait;
use protocol::view::{
    Address, Addresses, BoxItem, Catalogue, Delivery, DeliveryKey, DeliverySchedule, DeliveryState,
    PaymentMethods, Property, SubscriptionDetail, SubscriptionState, Subscriptions,
};
use protocol::{
    AddPaymentMethod, AddressForm, AddressId, BundleContents, Date, DeliveryGift, DiscountCode,
    Intent, MailedCode, NewAddress, NewPaymentMethod, OnetimeId, Operation, Outcome,
    PaymentMethodId, PlanId, Properties, PurchaseItemId, Query, SubscriptionId, Swap, UpdateBundle,
};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The sandbox's scenario in which the sample of an operation can be carried out.
pub fn scenario(operation: Operation) -> &'static str {
    match operation {
        Operation::UpdateBundle => "bundles",
        Operation::SendPaymentLink => "shopify-checkout",
        _ => "everyday",
    }
}

/// A kilo of espresso, which is sold once and by subscription.
pub const KILO: &str = "43120003";
/// A mug, which is sold once only.
pub const MUG: &str = "43120018";

/// A signed-in customer of a sandbox, in whatever way they reach the gateway.
#[async_trait]
pub trait Account: Send + Sync {
    /// The JSON of a view.
    async fn view(&self, query: Query) -> String;

    /// The outcome of a change, which is made under a key of its own.
    async fn done(&self, intent: Intent) -> Outcome;

    /// What upstream itself answers to a GET.
    async fn upstream(&self, path: &str) -> Value;

    /// The code in the email that was sent last.
    fn emailed_code(&self) -> String;
}

impl dyn Account + '_ {
    /// A view.
    ///
    /// # Panics
    /// Where it cannot be read as a `T`.
    pub async fn read<T: DeserializeOwned>(&self, query: Query) -> T {
        let json = self.view(query.clone()).await;
        serde_json::from_str(&json).unwrap_or_else(|why| panic!("{query:?}: {why}: {json}"))
    }
}

/// What takes `intent` back, once it is carried out.
///
/// # Panics
/// Where nothing does.
pub async fn undo_of(account: &dyn Account, intent: Intent) -> Intent {
    let outcome = account.done(intent).await;
    let undo = outcome
        .undo
        .clone()
        .unwrap_or_else(|| panic!("{outcome:?}"));
    undo.intent().expect("an undo that can be read")
}

/// The code that was emailed last, to be sent back.
pub fn emailed_code(account: &dyn Account) -> MailedCode {
    MailedCode {
        code: account.emailed_code().into(),
    }
}

/// The first open delivery that has no discount.
///
/// # Panics
/// Where there is none.
pub async fn next_delivery(account: &dyn Account) -> DeliveryKey {
    let schedule = schedule(account).await;
    let is_open = |delivery: &&Delivery| {
        delivery.state == DeliveryState::Planned
            && delivery.lock.is_none()
            && delivery.discounts.is_empty()
    };
    let found = schedule.deliveries.iter().find(is_open);
    found.expect("an open delivery").key
}

/// A plan of the kilo of espresso.
///
/// # Panics
/// Where there is none with that title.
pub async fn plan(account: &dyn Account, title: &str) -> PlanId {
    let catalogue: Catalogue = account.read(Query::Catalogue).await;
    let (product, _) = catalogue.variant(KILO).expect("the kilo");
    let found = product.plans.iter().find(|plan| plan.title == title);
    found.expect(title).id
}

/// The customer's one-time product.
///
/// # Panics
/// Where they have none.
pub async fn onetime_id(account: &dyn Account) -> OnetimeId {
    let schedule = schedule(account).await;
    let mut items = schedule.deliveries.iter().flat_map(|d| &d.items);
    let found = items.find(|item| item.one_time);
    OnetimeId(found.expect("a one-time product").purchase_item_id.0)
}

/// A discount code.
pub fn code(code: &str) -> DiscountCode {
    DiscountCode { code: code.into() }
}

/// The delivery schedule.
pub async fn schedule(account: &dyn Account) -> DeliverySchedule {
    account.read(Query::Deliveries).await
}

/// A delivery with a queued charge and, where there is one, nothing but subscriptions in it.
pub async fn plain_delivery(account: &dyn Account) -> Delivery {
    plain(&schedule(account).await).clone()
}

/// The same of a schedule.
///
/// # Panics
/// Where there is none.
pub fn plain(schedule: &DeliverySchedule) -> &Delivery {
    let is_queued = |delivery: &&Delivery| {
        delivery.state == DeliveryState::Planned
            && !delivery.estimated
            && delivery.lock.is_none()
            && !skippable(delivery).is_empty()
    };
    let queued: Vec<&Delivery> = schedule.deliveries.iter().filter(is_queued).collect();
    let plain = queued
        .iter()
        .find(|delivery| delivery.items.iter().all(|item| item.skippable));
    plain.or(queued.first()).expect("a delivery to skip")
}

/// What can be skipped of a delivery.
pub fn skippable(delivery: &Delivery) -> Vec<PurchaseItemId> {
    let items = delivery
        .items
        .iter()
        .filter(|item| item.skippable && !item.skipped);
    items.map(|item| item.purchase_item_id).collect()
}

/// What comes with a delivery.
pub fn coming(delivery: &Delivery) -> Vec<PurchaseItemId> {
    let items = delivery.items.iter().filter(|item| !item.skipped);
    items.map(|item| item.purchase_item_id).collect()
}

/// These items for somebody in England.
pub fn gift(purchase_item_ids: Vec<PurchaseItemId>) -> DeliveryGift {
    let recipient = address([
        ("first_name", "Noor"),
        ("last_name", "Haddad"),
        ("address1", "5 Mill Lane"),
        ("city", "Leeds"),
        ("zip", "LS1 4AP"),
        ("country_code", "GB"),
    ]);
    DeliveryGift {
        purchase_item_ids,
        email: "noor.haddad@example.com".into(),
        recipient,
    }
}

/// All addresses.
pub async fn addresses(account: &dyn Account) -> Vec<Address> {
    let all: Addresses = account.read(Query::Addresses).await;
    all.addresses
}

/// A second home in Seattle, paid with the first method there is.
pub async fn new_address(account: &dyn Account) -> NewAddress {
    let methods = payment_methods(account).await.methods;
    let address = address([
        ("first_name", "Maya"),
        ("last_name", "Lindqvist"),
        ("address1", "1 Pike Place"),
        ("city", "Seattle"),
        ("province", "Washington"),
        ("zip", "98101"),
        ("country_code", "US"),
    ]);
    NewAddress {
        address,
        payment_method_id: methods.first().map(|method| method.line.id),
    }
}

fn address<const N: usize>(fields: [(&str, &str); N]) -> AddressForm {
    let mut form = AddressForm::default();
    for (field, value) in fields {
        form.set(field, value.into());
    }
    form
}

/// All payment methods.
pub async fn payment_methods(account: &dyn Account) -> PaymentMethods {
    account.read(Query::PaymentMethods).await
}

/// A card made from `token` that is to pay for addresses.
pub fn new_card(token: &str, address_ids: Vec<AddressId>) -> Intent {
    let body = NewPaymentMethod {
        token: token.into(),
        address_ids,
        retry_charges: false,
    };
    AddPaymentMethod { body }.into()
}

/// A card that was just added and pays for nothing.
///
/// # Panics
/// Where it was not added.
pub async fn added_card(account: &dyn Account) -> PaymentMethodId {
    let ids = |methods: PaymentMethods| methods.methods.into_iter().map(|method| method.line.id);
    let before: Vec<_> = ids(payment_methods(account).await).collect();
    let add = new_card("pm_mastercard_4444_added", Vec::new());
    account.done(add).await;
    let mut after = ids(payment_methods(account).await);
    after.find(|id| !before.contains(id)).expect("the new card")
}

/// The first subscription in a state.
pub async fn subscription(
    account: &dyn Account,
    state: SubscriptionState,
) -> Option<SubscriptionId> {
    let all: Subscriptions = account.read(Query::Subscriptions).await;
    let found = all.subscriptions.iter().find(|card| card.state == state);
    found.map(|card| card.id)
}

/// The first active subscription that is paid as it goes and has nothing locked or skipped.
///
/// # Panics
/// Where there is none.
pub async fn changeable(account: &dyn Account) -> SubscriptionDetail {
    let all: Subscriptions = account.read(Query::Subscriptions).await;
    for card in all.subscriptions {
        if card.state == SubscriptionState::Active && card.deliveries_per_charge == 1 {
            let detail: SubscriptionDetail = account.read(Query::Subscription(card.id)).await;
            let several = detail.frequencies.len() > 1;
            if detail.locks.is_empty() && detail.skipped_dates.is_empty() && several {
                return detail;
            }
        }
    }
    panic!("no subscription can be changed");
}

/// So many days after the next date of a subscription.
///
/// # Panics
/// Where it has none.
pub fn days_after(detail: &SubscriptionDetail, days: i32) -> Date {
    detail.card.next_date.expect("a next date").add_days(days)
}

/// One property.
pub fn note(name: &str, value: &str) -> Properties {
    let property = Property {
        name: name.into(),
        value: value.into(),
    };
    Properties {
        properties: vec![property],
    }
}

/// A variant of another product that comes as often.
///
/// # Panics
/// Where the shop has none.
pub async fn other_variant(account: &dyn Account, detail: &SubscriptionDetail) -> Swap {
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    let interval = detail.card.interval.expect("an interval");
    let plans = account.upstream("/plans?type=subscription&limit=250").await;
    let unit = serde_json::to_value(interval.unit).expect("a unit");
    let comes_as_often = |plan: &&Value| {
        let preferences = &plan["subscription_preferences"];
        preferences["order_interval_frequency"] == interval.every
            && preferences["interval_unit"] == unit
    };
    let product = |plan: &Value| text(&plan["external_product_id"]["ecommerce"]);
    let plans = plans["plans"].as_array().expect("plans").iter();
    let mut plans = plans.filter(comes_as_often);
    let other = plans.find(|plan| Some(product(plan)) != detail.external_product_id);
    let external_product_id = product(other.expect("another product"));
    let path = format!("/products?external_product_ids={external_product_id}");
    let found = account.upstream(&path).await;
    Swap {
        external_variant_id: text(&found["products"][0]["variants"][0]["external_variant_id"]),
        external_product_id,
        plan_id: None,
    }
}

/// Other contents of the first bundle; where there is none, of what is no bundle.
///
/// # Panics
/// Where the customer has no subscription.
pub async fn other_contents(account: &dyn Account) -> Intent {
    let all: Subscriptions = account.read(Query::Subscriptions).await;
    let contents = |id, external_variant_id: &str, quantity| {
        let item = BoxItem {
            external_variant_id: external_variant_id.into(),
            quantity,
        };
        UpdateBundle {
            subscription_id: id,
            body: BundleContents { items: vec![item] },
        }
        .into()
    };
    for card in &all.subscriptions {
        let detail: SubscriptionDetail = account.read(Query::Subscription(card.id)).await;
        let filled = detail.contents.filter(|found| !found.items.is_empty());
        if let Some(found) = filled {
            let most = found.max().expect("a largest size");
            return contents(card.id, &found.choices[0].external_variant_id, most);
        }
    }
    contents(all.subscriptions[0].id, "1", 1)
}
