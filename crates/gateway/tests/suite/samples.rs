//! An intent of every operation that can be carried out in `everyday`.

#[path = "samples/subscriptions.rs"]
pub(crate) mod subscriptions;

use protocol::view::*;
use protocol::*;
use sandbox::Scenario;

use crate::adding;
use crate::world::World;

/// The operations that write upstream what its state proves. The others only keep a fact, which
/// is never lost; and that a link was e-mailed upstream does not tell, nor can it be had in
/// `everyday`.
pub(crate) fn writing() -> impl Iterator<Item = Operation> {
    let writes = |operation: &Operation| {
        *operation != Operation::SendPaymentLink && !gateway::row(*operation).writes.is_empty()
    };
    Operation::ALL.iter().copied().filter(writes)
}

/// A world in which `sample` of this operation can be carried out, with nothing in its log.
pub(crate) async fn world_for(operation: Operation) -> (World, Intent) {
    let world = World::new(match operation {
        Operation::UpdateBundle => Scenario::Bundles,
        _ => Scenario::Everyday,
    });
    let intent = sample(&world, operation).await;
    world.clear_log();
    (world, intent)
}

/// An intent of the operation; what has to be so before is made so.
pub(crate) async fn sample(world: &World, operation: Operation) -> Intent {
    match operation {
        Operation::SkipDelivery => {
            let schedule: DeliverySchedule = world.read(Query::Deliveries).await;
            let DeliveryKey { address_id, date } = plain(&schedule).key;
            let body = DeliveryItems {
                purchase_item_ids: skippable(plain(&schedule)),
            };
            Intent::SkipDelivery {
                address_id,
                date,
                body,
            }
        }
        Operation::UnskipDelivery => {
            let skip = Box::pin(sample(world, Operation::SkipDelivery)).await;
            world
                .change(u32::MAX, skip)
                .await
                .unwrap()
                .undo
                .unwrap()
                .intent()
                .unwrap()
        }
        Operation::ProcessDelivery => {
            let schedule = schedule(world).await;
            let delivery = plain(&schedule);
            let DeliveryKey { address_id, date } = delivery.key;
            let amount = delivery.due.unwrap();
            Intent::ProcessDelivery {
                address_id,
                date,
                body: ConfirmedAmount { amount },
            }
        }
        Operation::MoveDelivery => {
            let schedule = schedule(world).await;
            let DeliveryKey { address_id, date } = plain(&schedule).key;
            let body = DeliveryMove {
                purchase_item_ids: coming(plain(&schedule)),
                to: date.add_days(1),
                later: false,
            };
            Intent::MoveDelivery {
                address_id,
                date,
                body,
            }
        }
        Operation::GiftDelivery => {
            let schedule = schedule(world).await;
            let DeliveryKey { address_id, date } = plain(&schedule).key;
            let body = gift(skippable(plain(&schedule)));
            Intent::GiftDelivery {
                address_id,
                date,
                body,
            }
        }
        Operation::AddSubscription => adding::subscription(world).await,
        Operation::AddOnetime => adding::onetime(world).await,
        Operation::UpdateOnetime => {
            let onetime_id = adding::onetime_id(world).await;
            let body = Quantity { quantity: 3 };
            Intent::UpdateOnetime { onetime_id, body }
        }
        Operation::RemoveOnetime => Intent::RemoveOnetime {
            onetime_id: adding::onetime_id(world).await,
            body: Nothing {},
        },
        Operation::ApplyDiscount => adding::discount(world).await,
        Operation::ApplyDeliveryDiscount => adding::delivery_discount(world).await,
        Operation::RemoveDiscount | Operation::RemoveDeliveryDiscount => {
            let apply = match operation {
                Operation::RemoveDiscount => adding::discount(world).await,
                _ => adding::delivery_discount(world).await,
            };
            let outcome = world.change(u32::MAX - 2, apply).await.unwrap();
            outcome.undo.unwrap().intent().unwrap()
        }
        Operation::UpdateAddress => {
            let addresses: Addresses = world.read(Query::Addresses).await;
            let address = addresses
                .addresses
                .iter()
                .find(|a| a.lines.country_code == "US")
                .unwrap();
            let body = AddressForm {
                city: Some("Queens".into()),
                ..AddressForm::default()
            };
            Intent::UpdateAddress {
                address_id: address.id,
                body,
            }
        }
        Operation::AddAddress => Intent::AddAddress {
            body: new_address(world).await,
        },
        Operation::SetShippingMethod => {
            let addresses: Addresses = world.read(Query::Addresses).await;
            Intent::SetShippingMethod {
                address_id: addresses.addresses[0].id,
                body: ShippingChoice {
                    code: "pickup".into(),
                },
            }
        }
        Operation::DeleteAddress => {
            let add = Intent::AddAddress {
                body: new_address(world).await,
            };
            let added = world.change(u32::MAX - 2, add).await.unwrap();
            added.undo.unwrap().intent().unwrap()
        }
        Operation::MoveSubscriptions => {
            let addresses: Addresses = world.read(Query::Addresses).await;
            let (from, to) = (&addresses.addresses[0], &addresses.addresses[1]);
            Intent::MoveSubscriptions {
                address_id: to.id,
                body: SubscriptionsMove {
                    subscription_ids: vec![from.subscriptions[0].id],
                },
            }
        }
        Operation::UpdateCustomer => Intent::UpdateCustomer {
            body: CustomerForm {
                phone: Some("+1 212 555 0100".into()),
                ..CustomerForm::default()
            },
        },
        Operation::SetTaxId => Intent::SetTaxId {
            body: TaxId {
                tax_id: "DE123456789".into(),
            },
        },
        Operation::UseCredit => Intent::UseCredit {
            body: CreditUse { next_order: true },
        },
        Operation::UpdateOrderNote
        | Operation::ChangeDate
        | Operation::ChangeFrequency
        | Operation::ChangeQuantity
        | Operation::SwapProduct
        | Operation::UpdateProperties
        | Operation::UpdateBundle
        | Operation::PauseSubscription
        | Operation::ResumeSubscription
        | Operation::ChangeDates
        | Operation::SkipSubscriptions
        | Operation::PauseSubscriptions => subscriptions::sample(world, operation).await,
        Operation::AddPaymentMethod => new_card("pm_visa_4242_new", Vec::new()),
        Operation::AssignPaymentMethod => {
            let payment_method_id = added(world).await;
            let methods: PaymentMethods = world.read(Query::PaymentMethods).await;
            let mut paid = methods.payable.iter().filter(|paid| paid.method.is_some());
            let body = PaidAddresses {
                address_ids: vec![paid.next().unwrap().id],
            };
            Intent::AssignPaymentMethod {
                payment_method_id,
                body,
            }
        }
        Operation::SetDefaultPaymentMethod => Intent::SetDefaultPaymentMethod {
            payment_method_id: added(world).await,
            body: Nothing {},
        },
        Operation::UpdateBillingAddress => {
            let methods: PaymentMethods = world.read(Query::PaymentMethods).await;
            let body = AddressForm {
                city: Some("Utica".into()),
                ..AddressForm::default()
            };
            Intent::UpdateBillingAddress {
                payment_method_id: methods.methods[0].line.id,
                body,
            }
        }
        Operation::RemovePaymentMethod => Intent::RemovePaymentMethod {
            payment_method_id: added(world).await,
            body: Nothing {},
        },
        Operation::SendPaymentLink => {
            let methods: PaymentMethods = world.read(Query::PaymentMethods).await;
            Intent::SendPaymentLink {
                payment_method_id: methods.methods[0].line.id,
                body: Nothing {},
            }
        }
        Operation::SetBackupPayment => Intent::SetBackupPayment {
            body: BackupPayment { enabled: true },
        },
        Operation::CancelSubscription => {
            let body = Cancellation {
                reason: "Too expensive".into(),
                comment: Some("Sorry".into()),
            };
            let subscription_id = subscription(world, SubscriptionState::Active)
                .await
                .unwrap();
            Intent::CancelSubscription {
                subscription_id,
                body,
            }
        }
        Operation::RequestEmailChange => Intent::RequestEmailChange {
            body: NewEmail {
                email: "maya@new.example".into(),
            },
        },
        Operation::ConfirmEmailChange => {
            let request = Box::pin(sample(world, Operation::RequestEmailChange)).await;
            world.change(u32::MAX - 2, request).await.unwrap();
            let code = world.post.code();
            Intent::ConfirmEmailChange {
                body: MailedCode { code },
            }
        }
        Operation::ReportProblem => {
            let orders: Orders = world.read(Query::Orders { cursor: None }).await;
            Intent::ReportProblem {
                order_id: orders.orders[0].id,
                body: ProblemReport {
                    about: ReportTopic::Damaged,
                    message: "The bag was open.".into(),
                },
            }
        }
        Operation::RequestDeletion => Intent::RequestDeletion { body: Nothing {} },
        Operation::ConfirmDeletion => {
            let request = Intent::RequestDeletion { body: Nothing {} };
            world.change(u32::MAX - 3, request).await.unwrap();
            let code = world.post.code();
            Intent::ConfirmDeletion {
                body: MailedCode { code },
            }
        }
        Operation::ReactivateSubscription => {
            let subscription_id = match subscription(world, SubscriptionState::Cancelled).await {
                Some(id) => id,
                None => cancelled(world).await,
            };
            Intent::ReactivateSubscription {
                subscription_id,
                body: Nothing {},
            }
        }
    }
}

/// The same intent about another thing or, where its path names none, with another value in it.
pub(crate) fn altered(intent: &Intent) -> Intent {
    let mut sent = Sendable::from(intent);
    let places: Vec<String> = sent
        .path
        .split('/')
        .map(|place| match place.parse::<u64>() {
            Ok(id) => (id + 1).to_string(),
            Err(_) => place.to_owned(),
        })
        .collect();
    let path = places.join("/");
    if path == sent.path {
        let mut body = serde_json::from_str(&sent.body).unwrap();
        assert!(alter(&mut body), "nothing to alter in {}", sent.body);
        sent.body = body.to_string();
    }
    sent.path = path;
    sent.intent().unwrap()
}

/// Alters the first number, or else the first text or flag, of a body.
fn alter(body: &mut serde_json::Value) -> bool {
    use serde_json::Value;
    fn leaves<'a>(value: &'a mut Value, found: &mut Vec<&'a mut Value>) {
        match value {
            Value::Array(list) => list.iter_mut().for_each(|value| leaves(value, found)),
            Value::Object(fields) => fields.values_mut().for_each(|value| leaves(value, found)),
            leaf => found.push(leaf),
        }
    }
    let mut found = Vec::new();
    leaves(body, &mut found);
    found.sort_by_key(|leaf| !leaf.is_number());
    match found.into_iter().find(|leaf| !leaf.is_null()) {
        Some(Value::Bool(flag)) => *flag = !*flag,
        Some(Value::Number(number)) => *number = (number.as_u64().unwrap() + 1).into(),
        Some(Value::String(text)) => text.push('x'),
        _ => return false,
    }
    true
}

/// A second home in Seattle, paid with the first method there is.
pub(crate) async fn new_address(world: &World) -> NewAddress {
    let methods: PaymentMethods = world.read(Query::PaymentMethods).await;
    let mut address = AddressForm::default();
    for (field, value) in [
        ("first_name", "Maya"),
        ("last_name", "Lindqvist"),
        ("address1", "1 Pike Place"),
        ("city", "Seattle"),
        ("province", "Washington"),
        ("zip", "98101"),
        ("country_code", "US"),
    ] {
        address.set(field, value.into());
    }
    NewAddress {
        address,
        payment_method_id: methods.methods.first().map(|method| method.line.id),
    }
}

/// A card made from `token` that is to pay for addresses.
pub(crate) fn new_card(token: &str, address_ids: Vec<AddressId>) -> Intent {
    Intent::AddPaymentMethod {
        body: NewPaymentMethod {
            token: token.into(),
            address_ids,
            retry_charges: false,
        },
    }
}

/// A card that was just added and pays for nothing.
async fn added(world: &World) -> PaymentMethodId {
    let before: PaymentMethods = world.read(Query::PaymentMethods).await;
    let add = new_card("pm_mastercard_4444_added", Vec::new());
    world.change(u32::MAX - 2, add).await.unwrap();
    let after: PaymentMethods = world.read(Query::PaymentMethods).await;
    let is_new = |method: &&PaymentMethod| !before.methods.contains(method);
    after.methods.iter().find(is_new).unwrap().line.id
}

async fn subscription(world: &World, state: SubscriptionState) -> Option<SubscriptionId> {
    let all: Subscriptions = world.read(Query::Subscriptions).await;
    all.subscriptions
        .iter()
        .find(|card| card.state == state)
        .map(|card| card.id)
}

async fn cancelled(world: &World) -> SubscriptionId {
    let cancel = Box::pin(sample(world, Operation::CancelSubscription)).await;
    world.change(u32::MAX - 1, cancel).await.unwrap();
    subscription(world, SubscriptionState::Cancelled)
        .await
        .unwrap()
}

/// A delivery with a queued charge and, where there is one, nothing but subscriptions in it.
pub(crate) fn plain(schedule: &DeliverySchedule) -> &Delivery {
    let is_queued = |d: &&Delivery| {
        d.state == DeliveryState::Planned
            && !d.estimated
            && d.lock.is_none()
            && !skippable(d).is_empty()
    };
    let queued: Vec<&Delivery> = schedule.deliveries.iter().filter(is_queued).collect();
    let plain = queued
        .iter()
        .find(|delivery| delivery.items.iter().all(|item| item.skippable));
    plain.or(queued.first()).expect("a delivery to skip")
}

/// What can be skipped of a delivery.
pub(crate) fn skippable(delivery: &Delivery) -> Vec<PurchaseItemId> {
    let items = delivery
        .items
        .iter()
        .filter(|item| item.skippable && !item.skipped);
    items.map(|item| item.purchase_item_id).collect()
}

/// These items for somebody in England.
pub(crate) fn gift(purchase_item_ids: Vec<PurchaseItemId>) -> DeliveryGift {
    let mut recipient = AddressForm::default();
    for (field, value) in [
        ("first_name", "Noor"),
        ("last_name", "Haddad"),
        ("address1", "5 Mill Lane"),
        ("city", "Leeds"),
        ("zip", "LS1 4AP"),
        ("country_code", "GB"),
    ] {
        recipient.set(field, value.into());
    }
    DeliveryGift {
        purchase_item_ids,
        email: "noor.haddad@example.com".into(),
        recipient,
    }
}

/// What comes with a delivery.
pub(crate) fn coming(delivery: &Delivery) -> Vec<PurchaseItemId> {
    let items = delivery.items.iter().filter(|item| !item.skipped);
    items.map(|item| item.purchase_item_id).collect()
}

/// The delivery schedule.
pub(crate) async fn schedule(world: &World) -> DeliverySchedule {
    world.read(Query::Deliveries).await
}

/// What upstream refused, or the gateway before it.
pub(crate) fn refusal(outcome: Outcome) -> (Refusal, Vec<(String, FieldProblem)>) {
    match outcome.parts.into_iter().next_back().unwrap().state {
        PartState::Refused { reason, fields } => (
            reason,
            fields
                .into_iter()
                .map(|field| (field.field, field.error))
                .collect(),
        ),
        other => panic!("{other:?}"),
    }
}
