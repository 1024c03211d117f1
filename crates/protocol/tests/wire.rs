//! Requests: what is written is what is read, and nothing else is read.

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use protocol::*;
use serde_json::{Value, json};

fn date() -> impl Strategy<Value = Date> {
    (-100_000..100_000).prop_map(Date::from_days)
}

fn items() -> impl Strategy<Value = DeliveryItems> {
    vec(any::<u64>().prop_map(PurchaseItemId), 0..5)
        .prop_map(|purchase_item_ids| DeliveryItems { purchase_item_ids })
}

fn form() -> impl Strategy<Value = AddressForm> {
    vec((0..FIELDS.len(), any::<String>()), 0..6).prop_map(|fields| {
        let mut form = AddressForm::default();
        fields
            .into_iter()
            .for_each(|(at, value)| form.set(FIELDS[at], value));
        form
    })
}

const FIELDS: [&str; 10] = [
    "first_name",
    "last_name",
    "company",
    "address1",
    "address2",
    "city",
    "province",
    "zip",
    "country_code",
    "phone",
];

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
    let addresses = || vec(any::<u64>().prop_map(AddressId), 0..5);
    let onetime = any::<u64>().prop_map(OnetimeId);
    match operation {
        Operation::SkipDelivery => (address, date(), items())
            .prop_map(|(address_id, date, body)| Intent::SkipDelivery {
                address_id,
                date,
                body,
            })
            .boxed(),
        Operation::UnskipDelivery => (address, date(), items())
            .prop_map(|(address_id, date, body)| Intent::UnskipDelivery {
                address_id,
                date,
                body,
            })
            .boxed(),
        Operation::ProcessDelivery => (address, date(), any::<i64>())
            .prop_map(|(address_id, date, minor)| Intent::ProcessDelivery {
                address_id,
                date,
                body: ConfirmedAmount {
                    amount: Money::from_minor(minor / 2, Currency::USD),
                },
            })
            .boxed(),
        Operation::MoveDelivery => (address, date(), items(), date(), any::<bool>())
            .prop_map(
                |(address_id, date, items, to, later)| Intent::MoveDelivery {
                    address_id,
                    date,
                    body: DeliveryMove {
                        purchase_item_ids: items.purchase_item_ids,
                        to,
                        later,
                    },
                },
            )
            .boxed(),
        Operation::GiftDelivery => (address, date(), items(), any::<String>(), form())
            .prop_map(
                |(address_id, date, items, email, recipient)| Intent::GiftDelivery {
                    address_id,
                    date,
                    body: DeliveryGift {
                        purchase_item_ids: items.purchase_item_ids,
                        email,
                        recipient,
                    },
                },
            )
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
                    Intent::AddSubscription { body }
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
                Intent::AddOnetime { body }
            })
            .boxed(),
        Operation::UpdateOnetime => (onetime, any::<u32>())
            .prop_map(|(onetime_id, quantity)| Intent::UpdateOnetime {
                onetime_id,
                body: Quantity { quantity },
            })
            .boxed(),
        Operation::RemoveOnetime => onetime
            .prop_map(|onetime_id| Intent::RemoveOnetime {
                onetime_id,
                body: Nothing {},
            })
            .boxed(),
        Operation::ApplyDiscount => (address, any::<String>())
            .prop_map(|(address_id, code)| Intent::ApplyDiscount {
                address_id,
                body: DiscountCode { code },
            })
            .boxed(),
        Operation::RemoveDiscount => address
            .prop_map(|address_id| Intent::RemoveDiscount {
                address_id,
                body: Nothing {},
            })
            .boxed(),
        Operation::ApplyDeliveryDiscount => (address, date(), any::<String>())
            .prop_map(|(address_id, date, code)| Intent::ApplyDeliveryDiscount {
                address_id,
                date,
                body: DiscountCode { code },
            })
            .boxed(),
        Operation::RemoveDeliveryDiscount => (address, date())
            .prop_map(|(address_id, date)| Intent::RemoveDeliveryDiscount {
                address_id,
                date,
                body: Nothing {},
            })
            .boxed(),
        Operation::UpdateAddress => (address, form())
            .prop_map(|(address_id, body)| Intent::UpdateAddress { address_id, body })
            .boxed(),
        Operation::AddAddress => (form(), option::of(any::<u64>()))
            .prop_map(|(address, method)| Intent::AddAddress {
                body: NewAddress {
                    address,
                    payment_method_id: method.map(PaymentMethodId),
                },
            })
            .boxed(),
        Operation::SetShippingMethod => (address, any::<String>())
            .prop_map(|(address_id, code)| Intent::SetShippingMethod {
                address_id,
                body: ShippingChoice { code },
            })
            .boxed(),
        Operation::DeleteAddress => address
            .prop_map(|address_id| Intent::DeleteAddress {
                address_id,
                body: Nothing {},
            })
            .boxed(),
        Operation::MoveSubscriptions => (address, vec(subscription, 1..4))
            .prop_map(|(address_id, subscription_ids)| Intent::MoveSubscriptions {
                address_id,
                body: SubscriptionsMove { subscription_ids },
            })
            .boxed(),
        Operation::UpdateCustomer => option::of(any::<String>())
            .prop_map(|phone| Intent::UpdateCustomer {
                body: CustomerForm {
                    phone,
                    ..CustomerForm::default()
                },
            })
            .boxed(),
        Operation::SetTaxId => any::<String>()
            .prop_map(|tax_id| Intent::SetTaxId {
                body: TaxId { tax_id },
            })
            .boxed(),
        Operation::UseCredit => any::<bool>()
            .prop_map(|next_order| Intent::UseCredit {
                body: CreditUse { next_order },
            })
            .boxed(),
        Operation::UpdateOrderNote => (address, any::<String>())
            .prop_map(|(address_id, note)| Intent::UpdateOrderNote {
                address_id,
                body: OrderNote { note },
            })
            .boxed(),
        Operation::ChangeDate => (subscription, date())
            .prop_map(|(subscription_id, date)| Intent::ChangeDate {
                subscription_id,
                body: NextDate { date },
            })
            .boxed(),
        Operation::ChangeFrequency => (subscription, any::<u32>())
            .prop_map(|(subscription_id, every)| Intent::ChangeFrequency {
                subscription_id,
                body: Frequency {
                    interval: Interval {
                        unit: Unit::Week,
                        every,
                    },
                },
            })
            .boxed(),
        Operation::ChangeQuantity => (subscription, any::<u32>())
            .prop_map(|(subscription_id, quantity)| Intent::ChangeQuantity {
                subscription_id,
                body: Quantity { quantity },
            })
            .boxed(),
        Operation::SwapProduct => (subscription, any::<String>(), option::of(any::<u64>()))
            .prop_map(|(subscription_id, id, plan)| Intent::SwapProduct {
                subscription_id,
                body: Swap {
                    external_product_id: id.clone(),
                    external_variant_id: id,
                    plan_id: plan.map(PlanId),
                },
            })
            .boxed(),
        Operation::UpdateProperties => (subscription, vec(any::<(String, String)>(), 0..4))
            .prop_map(|(subscription_id, properties)| Intent::UpdateProperties {
                subscription_id,
                body: Properties {
                    properties: properties
                        .into_iter()
                        .map(|(name, value)| view::Property { name, value })
                        .collect(),
                },
            })
            .boxed(),
        Operation::AddPaymentMethod => (any::<String>(), addresses(), any::<bool>())
            .prop_map(
                |(token, address_ids, retry_charges)| Intent::AddPaymentMethod {
                    body: NewPaymentMethod {
                        token,
                        address_ids,
                        retry_charges,
                    },
                },
            )
            .boxed(),
        Operation::AssignPaymentMethod => (method, addresses())
            .prop_map(
                |(payment_method_id, address_ids)| Intent::AssignPaymentMethod {
                    payment_method_id,
                    body: PaidAddresses { address_ids },
                },
            )
            .boxed(),
        Operation::UpdateBillingAddress => (method, form())
            .prop_map(|(payment_method_id, body)| Intent::UpdateBillingAddress {
                payment_method_id,
                body,
            })
            .boxed(),
        Operation::SetDefaultPaymentMethod => method
            .prop_map(|payment_method_id| Intent::SetDefaultPaymentMethod {
                payment_method_id,
                body: Nothing {},
            })
            .boxed(),
        Operation::RemovePaymentMethod => method
            .prop_map(|payment_method_id| Intent::RemovePaymentMethod {
                payment_method_id,
                body: Nothing {},
            })
            .boxed(),
        Operation::SendPaymentLink => method
            .prop_map(|payment_method_id| Intent::SendPaymentLink {
                payment_method_id,
                body: Nothing {},
            })
            .boxed(),
        Operation::SetBackupPayment => any::<bool>()
            .prop_map(|enabled| Intent::SetBackupPayment {
                body: BackupPayment { enabled },
            })
            .boxed(),
        Operation::UpdateBundle => (subscription, vec((any::<String>(), any::<u32>()), 0..4))
            .prop_map(|(subscription_id, items)| Intent::UpdateBundle {
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
            .boxed(),
        Operation::PauseSubscription => (subscription, date())
            .prop_map(|(subscription_id, until)| Intent::PauseSubscription {
                subscription_id,
                body: Pause { until },
            })
            .boxed(),
        Operation::ResumeSubscription => (subscription, date())
            .prop_map(|(subscription_id, date)| Intent::ResumeSubscription {
                subscription_id,
                body: NextDate { date },
            })
            .boxed(),
        Operation::ChangeDates => several()
            .prop_map(|body| Intent::ChangeDates { body })
            .boxed(),
        Operation::PauseSubscriptions => several()
            .prop_map(|body| Intent::PauseSubscriptions { body })
            .boxed(),
        Operation::SkipSubscriptions => several()
            .prop_map(|body| Intent::SkipSubscriptions {
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
            .boxed(),
        Operation::CancelSubscription => {
            (subscription, any::<String>(), option::of(any::<String>()))
                .prop_map(
                    |(subscription_id, reason, comment)| Intent::CancelSubscription {
                        subscription_id,
                        body: Cancellation { reason, comment },
                    },
                )
                .boxed()
        }
        Operation::RequestEmailChange => any::<String>()
            .prop_map(|email| Intent::RequestEmailChange {
                body: NewEmail { email },
            })
            .boxed(),
        Operation::ConfirmEmailChange => any::<String>()
            .prop_map(|code| Intent::ConfirmEmailChange {
                body: MailedCode { code },
            })
            .boxed(),
        Operation::ReportProblem => (any::<u64>(), any::<String>())
            .prop_map(|(id, message)| Intent::ReportProblem {
                order_id: OrderId(id),
                body: ProblemReport {
                    about: ReportTopic::Refund,
                    message,
                },
            })
            .boxed(),
        Operation::RequestDeletion => Just(Intent::RequestDeletion { body: Nothing {} }).boxed(),
        Operation::ConfirmDeletion => any::<String>()
            .prop_map(|code| Intent::ConfirmDeletion {
                body: MailedCode { code },
            })
            .boxed(),
        Operation::ReactivateSubscription => subscription
            .prop_map(|subscription_id| Intent::ReactivateSubscription {
                subscription_id,
                body: Nothing {},
            })
            .boxed(),
    }
}

fn intent() -> impl Strategy<Value = Intent> {
    (0..Operation::ALL.len()).prop_flat_map(|at| of(Operation::ALL[at]))
}

/// Some intent of each operation.
fn samples() -> Vec<Intent> {
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let sample = |operation: &Operation| of(*operation).new_tree(&mut runner).unwrap().current();
    Operation::ALL.iter().map(sample).collect()
}

fn query() -> impl Strategy<Value = Query> {
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

/// Path and unescaped parameters, as a server has them.
fn split(url: &str) -> (&str, Vec<(String, String)>) {
    let (path, query) = url.split_once('?').unwrap_or((url, ""));
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (name.to_owned(), value.to_owned())
    };
    (path, pairs.map(pair).collect())
}

proptest! {
    #[test]
    fn an_intent_is_read_as_it_was_written(intent in intent()) {
        let (method, _) = intent.operation().route();
        let read = Intent::read(method, &intent.path(), intent.body().as_bytes());
        prop_assert_eq!(read, Ok(intent.clone()));
        let json = serde_json::to_string(&intent).unwrap();
        prop_assert_eq!(serde_json::from_str::<Intent>(&json).unwrap(), intent);
    }

    #[test]
    fn a_query_is_read_as_it_was_written(query in query()) {
        let url = query.path();
        let (path, parameters) = split(&url);
        prop_assert_eq!(Query::read(path, &parameters), Ok(query));
    }

    #[test]
    fn no_path_and_no_body_makes_reading_panic(path in ".{0,60}", body in vec(any::<u8>(), 0..60)) {
        for method in ["POST", "PUT", "GET", "DELETE", ""] {
            let _ = Intent::read(method, &path, &body);
        }
        let _ = Query::read(&path, &[]);
    }
}

#[test]
fn s13_fields_that_an_operation_does_not_take_are_refused() {
    for intent in samples() {
        let (method, _) = intent.operation().route();
        for field in [
            "customer_id",
            "price",
            "status",
            "payment_method_id",
            "charge_id",
            "hash",
        ] {
            let mut body: Value = serde_json::from_str(&intent.body()).unwrap();
            if field == "payment_method_id" && body.get(field).is_some() {
                // The one thing that a new address names.
                continue;
            }
            body[field] = json!(1);
            let read = Intent::read(method, &intent.path(), body.to_string().as_bytes());
            assert!(
                matches!(read, Err(BadRequest::Body(_))),
                "{field} in {intent:?}"
            );
        }
    }
}

#[test]
fn s16_an_id_is_digits_and_nothing_else() {
    let odd = [
        "",
        "..",
        ".",
        "-1",
        "+1",
        "1.0",
        "0x1",
        "1%2f2",
        "%2e%2e",
        "1?a=b",
        "1#",
        " 1",
        "١",
        "18446744073709551616",
        "1\\2",
    ];
    for intent in samples() {
        let (method, route) = intent.operation().route();
        let ids = odd.iter().filter(|_| route.contains("_id}"));
        for id in ids {
            let path = route
                .replace("{address_id}", id)
                .replace("{subscription_id}", id);
            let path = path.replace("{date}", "2026-12-01");
            let read = Intent::read(method, &path, intent.body().as_bytes());
            assert_eq!(read, Err(BadRequest::NoRoute), "{path}");
        }
        for date in ["2026-02-30", "2026-2-3", "..", "20261201"]
            .iter()
            .filter(|_| route.contains("{date}"))
        {
            let path = route.replace("{address_id}", "1").replace("{date}", date);
            let read = Intent::read(method, &path, intent.body().as_bytes());
            assert_eq!(read, Err(BadRequest::NoRoute), "{path}");
        }
    }
    for id in odd {
        assert!(Query::read(&format!("/orders/{id}"), &[]).is_err(), "{id}");
        assert!(
            Query::read(&format!("/subscriptions/{id}"), &[]).is_err(),
            "{id}"
        );
    }
}

#[test]
fn a_known_route_with_another_method_says_so() {
    for intent in samples() {
        let deletes = |route: (&str, &str)| route == ("DELETE", intent.operation().route().1);
        let is_deletable = Operation::ALL.iter().any(|other| deletes(other.route()));
        for method in ["GET", "DELETE", "PATCH", "post"] {
            if method == "DELETE" && is_deletable {
                continue;
            }
            let read = Intent::read(method, &intent.path(), b"{}");
            assert_eq!(read, Err(BadRequest::Method), "{method} {}", intent.path());
        }
    }
}

#[test]
fn s16_unknown_and_repeated_parameters_are_refused() {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let refused = [
        ("/orders", vec![pair("cursor", "a"), pair("cursor", "b")]),
        ("/orders", vec![pair("customer_id", "1")]),
        ("/orders", vec![pair("cursor", "a b")]),
        ("/orders", vec![pair("cursor", &"a".repeat(1025))]),
        ("/overview", vec![pair("cursor", "a")]),
        ("/changes", vec![pair("before", "-1")]),
        ("/changes", vec![pair("before", "1"), pair("before", "2")]),
        ("/changes", vec![pair("customer", "1")]),
    ];
    for (path, parameters) in refused {
        let read = Query::read(path, &parameters);
        assert!(
            matches!(read, Err(BadRequest::Body(_))),
            "{path} {parameters:?}"
        );
    }
}

#[test]
fn no_two_operations_share_a_route() {
    let mut routes: Vec<_> = Operation::ALL
        .iter()
        .map(|operation| operation.route())
        .collect();
    routes.sort_unstable();
    routes.dedup();
    assert_eq!(routes.len(), Operation::ALL.len());
}

#[test]
fn a_problem_has_the_status_of_its_kind_and_reads_back() {
    let problem = Problem::new(ProblemKind::StillChecking, "Wait.");
    assert_eq!(problem.status, 409);
    let json = serde_json::to_value(&problem).unwrap();
    assert_eq!(json["type"], "still_checking");
    assert_eq!(serde_json::from_value::<Problem>(json).unwrap(), problem);
    let of_tomorrow: Problem =
        serde_json::from_value(json!({"type": "of_tomorrow", "status": 418, "title": "?"}))
            .unwrap();
    assert_eq!(of_tomorrow.kind, ProblemKind::Other("of_tomorrow".into()));
}
