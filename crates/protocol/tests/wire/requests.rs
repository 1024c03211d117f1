//! Any request that there can be.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use protocol::*;

fn date() -> impl Strategy<Value = Date> {
    (-100_000..100_000).prop_map(Date::from_days)
}

fn items() -> impl Strategy<Value = DeliveryItems> {
    vec(any::<u64>().prop_map(PurchaseItemId), 1..5)
        .prop_map(|purchase_item_ids| DeliveryItems { purchase_item_ids })
}

fn form() -> impl Strategy<Value = AddressForm> {
    vec((0..AddressForm::FIELDS.len(), any::<String>()), 0..6).prop_map(|fields| {
        let mut form = AddressForm::default();
        fields
            .into_iter()
            .for_each(|(at, value)| form.set(AddressForm::FIELDS[at], value));
        form
    })
}

fn several() -> impl Strategy<Value = SubscriptionsDate> {
    let ids = vec(any::<u64>().prop_map(SubscriptionId), 1..4);
    (ids, date()).prop_map(|(subscription_ids, date)| SubscriptionsDate {
        subscription_ids,
        date,
    })
}

/// Any intent of an operation.
fn of(operation: Operation) -> BoxedStrategy<Intent> {
    let address = any::<u64>().prop_map(AddressId);
    let subscription = any::<u64>().prop_map(SubscriptionId);
    let method = any::<u64>().prop_map(PaymentMethodId);
    let addresses = |least: usize| vec(any::<u64>().prop_map(AddressId), least..5);
    let onetime = any::<u64>().prop_map(OnetimeId);
    match operation {
        Operation::SkipDelivery => (address, date(), items())
            .prop_map(|(address_id, date, body)| {
                Intent::SkipDelivery(SkipDelivery {
                    address_id,
                    date,
                    body,
                })
            })
            .boxed(),
        Operation::UnskipDelivery => (address, date(), items())
            .prop_map(|(address_id, date, body)| {
                Intent::UnskipDelivery(UnskipDelivery {
                    address_id,
                    date,
                    body,
                })
            })
            .boxed(),
        Operation::ProcessDelivery => (address, date(), any::<i64>())
            .prop_map(|(address_id, date, minor)| {
                Intent::ProcessDelivery(ProcessDelivery {
                    address_id,
                    date,
                    body: ConfirmedAmount {
                        amount: Money::from_minor(minor / 2, Currency::USD),
                        payment_method_id: (minor % 2 == 0).then_some(PaymentMethodId(7)),
                    },
                })
            })
            .boxed(),
        Operation::RescheduleDelivery => (address, date(), items(), date(), any::<bool>())
            .prop_map(|(address_id, date, items, to, later)| {
                Intent::RescheduleDelivery(RescheduleDelivery {
                    address_id,
                    date,
                    body: DeliveryReschedule {
                        purchase_item_ids: items.purchase_item_ids,
                        to,
                        later,
                    },
                })
            })
            .boxed(),
        Operation::GiftDelivery => (address, date(), items(), any::<String>(), form())
            .prop_map(|(address_id, date, items, email, recipient)| {
                Intent::GiftDelivery(GiftDelivery {
                    address_id,
                    date,
                    body: DeliveryGift {
                        purchase_item_ids: items.purchase_item_ids,
                        email,
                        recipient,
                    },
                })
            })
            .boxed(),
        Operation::AddSubscription => (address, any::<(String, u64, u32)>(), date())
            .prop_map(
                |(address_id, (external_variant_id, plan_id, quantity), date)| {
                    let body = NewSubscription {
                        address_id,
                        external_variant_id,
                        plan_id: PlanId(plan_id),
                        quantity,
                        date,
                    };
                    Intent::AddSubscription(AddSubscription { body })
                },
            )
            .boxed(),
        Operation::AddOnetime => (address, any::<(String, u32)>(), option::of(date()))
            .prop_map(|(address_id, (external_variant_id, quantity), date)| {
                let body = NewOnetime {
                    address_id,
                    external_variant_id,
                    quantity,
                    date,
                };
                Intent::AddOnetime(AddOnetime { body })
            })
            .boxed(),
        Operation::UpdateOnetime => (onetime, any::<u32>())
            .prop_map(|(onetime_id, quantity)| {
                Intent::UpdateOnetime(UpdateOnetime {
                    onetime_id,
                    body: Quantity { quantity },
                })
            })
            .boxed(),
        Operation::RemoveOnetime => onetime
            .prop_map(|onetime_id| {
                Intent::RemoveOnetime(RemoveOnetime {
                    onetime_id,
                    body: Nothing {},
                })
            })
            .boxed(),
        Operation::ApplyDiscount => (address, any::<String>())
            .prop_map(|(address_id, code)| {
                Intent::ApplyDiscount(ApplyDiscount {
                    address_id,
                    body: DiscountCode { code },
                })
            })
            .boxed(),
        Operation::RemoveDiscount => address
            .prop_map(|address_id| {
                Intent::RemoveDiscount(RemoveDiscount {
                    address_id,
                    body: Nothing {},
                })
            })
            .boxed(),
        Operation::ApplyDeliveryDiscount => (address, date(), any::<String>())
            .prop_map(|(address_id, date, code)| {
                Intent::ApplyDeliveryDiscount(ApplyDeliveryDiscount {
                    address_id,
                    date,
                    body: DiscountCode { code },
                })
            })
            .boxed(),
        Operation::RemoveDeliveryDiscount => (address, date())
            .prop_map(|(address_id, date)| {
                Intent::RemoveDeliveryDiscount(RemoveDeliveryDiscount {
                    address_id,
                    date,
                    body: Nothing {},
                })
            })
            .boxed(),
        Operation::UpdateAddress => (address, form())
            .prop_map(|(address_id, body)| {
                Intent::UpdateAddress(UpdateAddress { address_id, body })
            })
            .boxed(),
        Operation::AddAddress => (form(), option::of(any::<u64>()))
            .prop_map(|(address, method)| {
                Intent::AddAddress(AddAddress {
                    body: NewAddress {
                        address,
                        payment_method_id: method.map(PaymentMethodId),
                    },
                })
            })
            .boxed(),
        Operation::SetShippingMethod => (address, any::<String>())
            .prop_map(|(address_id, code)| {
                Intent::SetShippingMethod(SetShippingMethod {
                    address_id,
                    body: ShippingChoice { code },
                })
            })
            .boxed(),
        Operation::DeleteAddress => address
            .prop_map(|address_id| {
                Intent::DeleteAddress(DeleteAddress {
                    address_id,
                    body: Nothing {},
                })
            })
            .boxed(),
        Operation::MoveSubscriptions => (address, vec(subscription, 1..4))
            .prop_map(|(address_id, subscription_ids)| {
                Intent::MoveSubscriptions(MoveSubscriptions {
                    address_id,
                    body: SubscriptionsMove { subscription_ids },
                })
            })
            .boxed(),
        Operation::UpdateCustomer => option::of(any::<String>())
            .prop_map(|phone| {
                Intent::UpdateCustomer(UpdateCustomer {
                    body: CustomerForm {
                        phone,
                        ..CustomerForm::default()
                    },
                })
            })
            .boxed(),
        Operation::SetTaxId => any::<String>()
            .prop_map(|tax_id| {
                Intent::SetTaxId(SetTaxId {
                    body: TaxId { tax_id },
                })
            })
            .boxed(),
        Operation::UseCredit => any::<bool>()
            .prop_map(|next_order| {
                Intent::UseCredit(UseCredit {
                    body: CreditUse { next_order },
                })
            })
            .boxed(),
        Operation::UpdateOrderNote => (address, any::<String>())
            .prop_map(|(address_id, note)| {
                Intent::UpdateOrderNote(UpdateOrderNote {
                    address_id,
                    body: OrderNote { note },
                })
            })
            .boxed(),
        Operation::ChangeDate => (subscription, date())
            .prop_map(|(subscription_id, date)| {
                Intent::ChangeDate(ChangeDate {
                    subscription_id,
                    body: NextDate { date },
                })
            })
            .boxed(),
        Operation::ChangeFrequency => (subscription, any::<u32>())
            .prop_map(|(subscription_id, every)| {
                Intent::ChangeFrequency(ChangeFrequency {
                    subscription_id,
                    body: Frequency {
                        interval: Interval {
                            unit: Unit::Week,
                            every,
                        },
                    },
                })
            })
            .boxed(),
        Operation::ChangeQuantity => (subscription, any::<u32>())
            .prop_map(|(subscription_id, quantity)| {
                Intent::ChangeQuantity(ChangeQuantity {
                    subscription_id,
                    body: Quantity { quantity },
                })
            })
            .boxed(),
        Operation::SwapProduct => (subscription, any::<String>(), option::of(any::<u64>()))
            .prop_map(|(subscription_id, id, plan)| {
                Intent::SwapProduct(SwapProduct {
                    subscription_id,
                    body: Swap {
                        external_product_id: id.clone(),
                        external_variant_id: id,
                        plan_id: plan.map(PlanId),
                    },
                })
            })
            .boxed(),
        Operation::UpdateProperties => (subscription, vec(any::<(String, String)>(), 1..4))
            .prop_map(|(subscription_id, properties)| {
                Intent::UpdateProperties(UpdateProperties {
                    subscription_id,
                    body: Properties {
                        properties: properties
                            .into_iter()
                            .map(|(name, value)| view::Property { name, value })
                            .collect(),
                    },
                })
            })
            .boxed(),
        Operation::AddPaymentMethod => (any::<String>(), addresses(0), any::<bool>())
            .prop_map(|(token, address_ids, retry_charges)| {
                Intent::AddPaymentMethod(AddPaymentMethod {
                    body: NewPaymentMethod {
                        token: token.into(),
                        address_ids,
                        retry_charges,
                    },
                })
            })
            .boxed(),
        Operation::AssignPaymentMethod => (method, addresses(1))
            .prop_map(|(payment_method_id, address_ids)| {
                Intent::AssignPaymentMethod(AssignPaymentMethod {
                    payment_method_id,
                    body: PaidAddresses { address_ids },
                })
            })
            .boxed(),
        Operation::UpdateBillingAddress => (method, form())
            .prop_map(|(payment_method_id, body)| {
                Intent::UpdateBillingAddress(UpdateBillingAddress {
                    payment_method_id,
                    body,
                })
            })
            .boxed(),
        Operation::SetDefaultPaymentMethod => method
            .prop_map(|payment_method_id| {
                Intent::SetDefaultPaymentMethod(SetDefaultPaymentMethod {
                    payment_method_id,
                    body: Nothing {},
                })
            })
            .boxed(),
        Operation::RemovePaymentMethod => method
            .prop_map(|payment_method_id| {
                Intent::RemovePaymentMethod(RemovePaymentMethod {
                    payment_method_id,
                    body: Nothing {},
                })
            })
            .boxed(),
        Operation::SendPaymentLink => method
            .prop_map(|payment_method_id| {
                Intent::SendPaymentLink(SendPaymentLink {
                    payment_method_id,
                    body: Nothing {},
                })
            })
            .boxed(),
        Operation::SetBackupPayment => any::<bool>()
            .prop_map(|enabled| {
                Intent::SetBackupPayment(SetBackupPayment {
                    body: BackupPayment { enabled },
                })
            })
            .boxed(),
        Operation::UpdateBundle => (subscription, vec((any::<String>(), any::<u32>()), 1..4))
            .prop_map(|(subscription_id, items)| {
                Intent::UpdateBundle(UpdateBundle {
                    subscription_id,
                    body: BundleContents {
                        items: items
                            .into_iter()
                            .map(|(external_variant_id, quantity)| view::BoxItem {
                                external_variant_id,
                                quantity,
                            })
                            .collect(),
                    },
                })
            })
            .boxed(),
        Operation::PauseSubscription => (subscription, date())
            .prop_map(|(subscription_id, until)| {
                Intent::PauseSubscription(PauseSubscription {
                    subscription_id,
                    body: Pause { until },
                })
            })
            .boxed(),
        Operation::ResumeSubscription => (subscription, date())
            .prop_map(|(subscription_id, date)| {
                Intent::ResumeSubscription(ResumeSubscription {
                    subscription_id,
                    body: NextDate { date },
                })
            })
            .boxed(),
        Operation::ChangeDates => several()
            .prop_map(|body| Intent::ChangeDates(ChangeDates { body }))
            .boxed(),
        Operation::PauseSubscriptions => several()
            .prop_map(|body| Intent::PauseSubscriptions(PauseSubscriptions { body }))
            .boxed(),
        Operation::SkipSubscriptions => several()
            .prop_map(|body| {
                Intent::SkipSubscriptions(SkipSubscriptions {
                    body: SubscriptionsSkip {
                        deliveries: body
                            .subscription_ids
                            .into_iter()
                            .map(|subscription_id| SubscriptionDelivery {
                                subscription_id,
                                date: body.date,
                            })
                            .collect(),
                    },
                })
            })
            .boxed(),
        Operation::CancelSubscription => {
            (subscription, any::<String>(), option::of(any::<String>()))
                .prop_map(|(subscription_id, reason, comment)| {
                    Intent::CancelSubscription(CancelSubscription {
                        subscription_id,
                        body: Cancellation { reason, comment },
                    })
                })
                .boxed()
        }
        Operation::RequestEmailChange => any::<String>()
            .prop_map(|email| {
                Intent::RequestEmailChange(RequestEmailChange {
                    body: NewEmail { email },
                })
            })
            .boxed(),
        Operation::ConfirmEmailChange => any::<String>()
            .prop_map(|code| {
                Intent::ConfirmEmailChange(ConfirmEmailChange {
                    body: MailedCode { code: code.into() },
                })
            })
            .boxed(),
        Operation::ReportProblem => (any::<u64>(), any::<String>())
            .prop_map(|(id, message)| {
                Intent::ReportProblem(ReportProblem {
                    order_id: OrderId(id),
                    body: ProblemReport {
                        about: ReportTopic::Refund,
                        message,
                    },
                })
            })
            .boxed(),
        Operation::RequestDeletion => Just(Intent::RequestDeletion(RequestDeletion {
            body: Nothing {},
        }))
        .boxed(),
        Operation::ConfirmDeletion => any::<String>()
            .prop_map(|code| {
                Intent::ConfirmDeletion(ConfirmDeletion {
                    body: MailedCode { code: code.into() },
                })
            })
            .boxed(),
        Operation::ReactivateSubscription => subscription
            .prop_map(|subscription_id| {
                Intent::ReactivateSubscription(ReactivateSubscription {
                    subscription_id,
                    body: Nothing {},
                })
            })
            .boxed(),
    }
}

pub(crate) fn intent() -> impl Strategy<Value = Intent> {
    (0..Operation::ALL.len()).prop_flat_map(|at| of(Operation::ALL[at]))
}

/// Some intent of each operation.
pub(crate) fn samples() -> Vec<Intent> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let sample = |operation: &Operation| of(*operation).new_tree(&mut runner).unwrap().current();
    Operation::ALL.iter().map(sample).collect()
}

pub(crate) fn query() -> impl Strategy<Value = Query> {
    prop_oneof![
        Just(Query::Session),
        Just(Query::Overview),
        Just(Query::Subscriptions),
        any::<u64>().prop_map(|id| Query::Subscription(SubscriptionId(id))),
        Just(Query::Deliveries),
        option::of("[A-Za-z0-9_=.-]{0,1024}").prop_map(|cursor| Query::Orders { cursor }),
        any::<u64>().prop_map(|id| Query::Order(OrderId(id))),
        Just(Query::Addresses),
        Just(Query::PaymentMethods),
        Just(Query::Customer),
        (option::of(0..i64::MAX), option::of(any::<u64>())).prop_map(|(before, id)| {
            Query::Changes {
                before,
                subscription: id.map(SubscriptionId),
            }
        }),
        Just(Query::Export),
        Just(Query::Catalogue),
    ]
}
