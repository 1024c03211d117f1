//! Requests as upstream wants them.

use base::Date;
use proptest::prelude::*;
use recharge::{
    Address, AddressId, AddressUpdate, Cancellation, Charge, ChargeId, ChargeStatus, CountryAndZip,
    Customer, CustomerId, CustomerPart, DeliverySchedule, ExternalId, Method, Order, OrderId,
    PaymentMethod, Product, PurchaseItemId, Request, ScheduleWindow, Subscription, SubscriptionId,
};
use serde_json::{Value, json};

fn date(text: &str) -> Date {
    text.parse().expect("a date")
}

/// Method, path, query and body in one line each.
fn wire(request: Request) -> (String, Option<Value>) {
    (
        format!("{} {}", request.method.as_str(), request.path_and_query()),
        request.body,
    )
}

fn read(request: Request) -> String {
    assert!(request.method.is_read() && request.body.is_none());
    request.path_and_query()
}

#[test]
fn customers_are_found_by_what_identifies_them() {
    assert_eq!(
        read(Customer::by_external_id("77300")),
        "/customers?external_customer_id=77300&limit=2"
    );
    assert_eq!(
        read(Customer::by_email("a+b@x")),
        "/customers?email=a%2Bb%40x&limit=2"
    );
    assert_eq!(
        read(Customer::by_hash("9b1e")),
        "/customers?hash=9b1e&limit=2"
    );
    let parts = [
        CustomerPart::Addresses,
        CustomerPart::PaymentMethods,
        CustomerPart::Subscriptions,
    ];
    assert_eq!(
        read(Customer::retrieve(CustomerId(7), &parts)),
        "/customers/7?include=addresses%2Cpayment_methods%2Csubscriptions"
    );
    assert_eq!(read(Customer::retrieve(CustomerId(7), &[])), "/customers/7");
}

#[test]
fn a_schedule_is_asked_for_by_window() {
    let window = ScheduleWindow {
        future_interval: Some(180),
        date_max: Some(date("2027-05-20")),
        ..Default::default()
    };
    assert_eq!(
        read(DeliverySchedule::retrieve(CustomerId(7), window)),
        "/customers/7/delivery_schedule?future_interval=180&date_max=2027-05-20"
    );
}

#[test]
fn lists_are_asked_for_whole() {
    let statuses = [ChargeStatus::Error, ChargeStatus::PendingManualPayment];
    assert_eq!(
        read(Charge::list(CustomerId(7), &statuses)),
        "/charges?limit=250&customer_id=7&status=error%2Cpending_manual_payment"
    );
    assert_eq!(
        read(Charge::list_at(AddressId(5), date("2026-12-12"))),
        "/charges?limit=250&address_id=5&scheduled_at=2026-12-12"
    );
    assert_eq!(
        read(PaymentMethod::list(CustomerId(7))),
        "/payment_methods?limit=250&customer_id=7&include=addresses"
    );
    assert_eq!(
        read(Order::list(CustomerId(7), 20)),
        "/orders?customer_id=7&sort_by=scheduled_at-desc&limit=20"
    );
    assert_eq!(
        read(Order::list_from("abc=", 20)),
        "/orders?limit=20&cursor=abc%3D"
    );
    assert_eq!(read(Order::retrieve(OrderId(3))), "/orders/3");
    let ids: Vec<ExternalId> = ["61001", "61002"]
        .into_iter()
        .filter_map(ExternalId::new)
        .collect();
    assert_eq!(
        read(Product::list(&ids)),
        "/products?limit=250&external_product_ids=61001%2C61002"
    );
}

#[test]
fn skipping_names_the_items() {
    let items = [PurchaseItemId(11), PurchaseItemId(12)];
    let body = Some(json!({ "purchase_item_ids": [11, 12] }));
    assert_eq!(
        wire(Charge::skip(ChargeId(9), &items)),
        ("POST /charges/9/skip".into(), body.clone())
    );
    assert_eq!(
        wire(Charge::unskip(ChargeId(9), &items)),
        ("POST /charges/9/unskip".into(), body)
    );
}

#[test]
fn skipping_beyond_the_queued_charge_names_the_day() {
    let items = [PurchaseItemId(11), PurchaseItemId(12)];
    let (path, body) = wire(Charge::skip_future(
        AddressId(5),
        date("2027-01-12"),
        &items,
    ));
    assert_eq!(path, "POST /addresses/5/charges/skip");
    assert_eq!(
        body,
        Some(json!({ "date": "2027-01-12", "subscription_ids": [11, 12] }))
    );
    let (path, body) = wire(Charge::skip_future_of(
        SubscriptionId(11),
        date("2027-01-12"),
    ));
    assert_eq!(path, "POST /subscriptions/11/charges/skip");
    assert_eq!(
        body,
        Some(json!({ "date": "2027-01-12", "subscription_id": "11" }))
    );
}

#[test]
fn an_address_is_changed_in_the_fields_that_are_said() {
    let update = AddressUpdate {
        address2: Some(String::new()),
        province: Some(String::new()),
        place: Some(CountryAndZip {
            country_code: "DE".into(),
            zip: "10115".into(),
        }),
        ..Default::default()
    };
    let (path, body) = wire(Address::update(AddressId(5), &update).commit());
    assert_eq!(path, "PUT /addresses/5?commit=true");
    assert_eq!(
        body,
        Some(json!({ "address2": "", "province": null, "country_code": "DE", "zip": "10115" }))
    );
}

#[test]
fn cancelling_gives_a_reason() {
    let plain = Cancellation {
        reason: "Too much tea".into(),
        ..Default::default()
    };
    let (path, body) = wire(Subscription::cancel(SubscriptionId(11), &plain).commit());
    assert_eq!(path, "POST /subscriptions/11/cancel?commit=true");
    assert_eq!(body, Some(json!({ "cancellation_reason": "Too much tea" })));
    let full = Cancellation {
        comments: Some("See you".into()),
        send_email: Some(false),
        ..plain
    };
    let body = Subscription::cancel(SubscriptionId(11), &full)
        .body
        .expect("a body");
    assert_eq!(
        (&body["cancellation_reason_comments"], &body["send_email"]),
        (&json!("See you"), &json!(false))
    );
    let (path, body) = wire(Subscription::activate(SubscriptionId(11)));
    assert_eq!(
        (path.as_str(), body),
        ("POST /subscriptions/11/activate", Some(json!({})))
    );
}

#[test]
fn only_gets_are_reads() {
    assert!(Method::Get.is_read());
    assert!(
        ![Method::Post, Method::Put, Method::Delete]
            .into_iter()
            .any(Method::is_read)
    );
}

#[test]
fn debug_keeps_back_what_names_a_customer() {
    let shown = [Customer::by_hash("9b1e77"), Customer::by_email("9b1e77")]
        .map(|request| format!("{request:?}"));
    assert!(
        shown.iter().all(|text| !text.contains("9b1e77")),
        "{shown:?}"
    );
    assert_eq!(shown[0], "GET /customers?hash=\"…\"&limit=\"2\"");
    let update = AddressUpdate {
        first_name: Some("Maren".into()),
        ..Default::default()
    };
    assert_eq!(
        format!("{:?}", Address::update(AddressId(5), &update)),
        "PUT /addresses/5 [\"first_name\"]"
    );
}

/// What a server makes of an escaped value.
fn decoded(text: &str) -> Vec<u8> {
    let mut bytes = text.bytes();
    let mut out = Vec::new();
    while let Some(byte) = bytes.next() {
        let hex = |digit: Option<u8>| {
            char::from(digit.expect("two digits"))
                .to_digit(16)
                .expect("hex") as u8
        };
        out.push(if byte == b'%' {
            hex(bytes.next()) * 16 + hex(bytes.next())
        } else {
            byte
        });
    }
    out
}

proptest! {
    #[test]
    fn any_value_survives_a_url(value in "\\PC{0,20}") {
        let query = Request::get("/x").with("a", &value).with("b", 1).url_query();
        let (first, rest) = query.split_once('&').expect("two parameters");
        prop_assert_eq!(rest, "b=1");
        prop_assert!(first.bytes().all(|b| b.is_ascii_alphanumeric() || b"=%-._~".contains(&b)));
        prop_assert_eq!(decoded(first.strip_prefix("a=").expect("the name")), value.as_bytes());
    }

    #[test]
    fn an_id_is_digits_only(text in "\\PC{0,24}") {
        let read: Result<OrderId, _> = text.parse();
        prop_assert!(read.is_err() || text.bytes().all(|b| b.is_ascii_digit()));
    }
}

#[test]
fn what_could_leave_the_path_is_no_id() {
    for text in [
        "",
        "..",
        "1/2",
        "1?x=1",
        "%2f1",
        "+1",
        "-1",
        " 1",
        "18446744073709551616",
    ] {
        assert!(text.parse::<OrderId>().is_err(), "{text}");
    }
    assert_eq!("42".parse(), Ok(OrderId(42)));
}
