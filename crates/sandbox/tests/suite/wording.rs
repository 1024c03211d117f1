//! Refusals in upstream's own words: every answer here was captured from the live API.

use sandbox::{Call, Scenario, Store};
use serde_json::{Value, json};

const NOON: i64 = 1_771_934_400_000;

/// The store, and a path with the ids of its first rows filled in.
struct Fixture {
    store: Store,
    customer: String,
    home: String,
    active: String,
    card: String,
}

impl Fixture {
    fn new() -> Fixture {
        let mut store = Store::new(Scenario::Everyday, NOON);
        let mut first = |path: &str, plural: &str| {
            let body = store.handle(NOON, Call::get(path)).body.unwrap();
            body[plural][0]["id"].to_string()
        };
        Fixture {
            customer: first("/customers", "customers"),
            home: first("/addresses?is_active=true", "addresses"),
            active: first("/subscriptions?status=active", "subscriptions"),
            card: first("/payment_methods?sort_by=id-asc", "payment_methods"),
            store,
        }
    }

    fn answer(&mut self, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
        let path = path
            .replace("{customer}", &self.customer)
            .replace("{address}", &self.home)
            .replace("{subscription}", &self.active)
            .replace("{method}", &self.card);
        let answer = self.store.handle(NOON, Call::new(method, &path, body));
        (answer.status, answer.body.unwrap_or_default())
    }
}

#[test]
fn refusals_have_the_captured_words_and_change_nothing() {
    let mut fixture = Fixture::new();
    let customer_id: u64 = fixture.customer.parse().unwrap();
    let address_id: u64 = fixture.home.parse().unwrap();
    let before = fixture.store.state();
    let not_found = json!({"errors": "Not Found"});
    let missing = "city, country_code, first_name, province, last_name, customer_id, address1 are required fields.";
    let cases = [
        ("GET", "/customers/1", json!(null), 404, not_found.clone()),
        (
            "DELETE",
            "/customers/1",
            json!(null),
            404,
            not_found.clone(),
        ),
        (
            "GET",
            "/customers/1/delivery_schedule",
            json!(null),
            404,
            not_found.clone(),
        ),
        ("GET", "/addresses/1", json!(null), 404, not_found.clone()),
        (
            "DELETE",
            "/addresses/1",
            json!(null),
            404,
            not_found.clone(),
        ),
        (
            "GET",
            "/payment_methods/1",
            json!(null),
            404,
            not_found.clone(),
        ),
        (
            "GET",
            "/subscriptions/1",
            json!(null),
            404,
            not_found.clone(),
        ),
        (
            "GET",
            "/subscriptions/none",
            json!(null),
            404,
            not_found.clone(),
        ),
        (
            "POST",
            "/customers",
            json!({"email": "Maya.Lindqvist@example.com", "first_name": "Niels", "last_name": "Bohr"}),
            422,
            json!({"errors": {"email": "email already exists on store"}}),
        ),
        (
            "GET",
            "/customers?cursor=abc",
            json!(null),
            422,
            json!({"errors": {"cursor": ["Invalid value"]}}),
        ),
        (
            "PUT",
            "/customers/{customer}",
            json!({"first_name": "", "last_name": ""}),
            422,
            json!({"errors": {
                "first_name": ["Shorter than minimum length 1."],
                "last_name": ["Shorter than minimum length 1."],
            }}),
        ),
        (
            "POST",
            "/addresses",
            json!({}),
            422,
            json!({"errors": {"_schema": [missing, missing]}}),
        ),
        (
            "DELETE",
            "/addresses/{address}",
            json!(null),
            422,
            json!({"errors": {"subscriptions": ["Address has active subscriptions"]}}),
        ),
        (
            "GET",
            "/addresses?updated_at_max=test",
            json!(null),
            422,
            json!({"errors": {"updated_at_max": ["Invalid date: test. Must be a valid ISO-8601 datetime string"]}}),
        ),
        (
            "PUT",
            "/addresses/{address}",
            json!({"address1": null}),
            422,
            json!({"errors": {"address1": ["Field may not be null."]}}),
        ),
        (
            "POST",
            "/payment_methods",
            json!({
                "customer_id": customer_id,
                "payment_type": "CREDIT_CARD",
                "processor_name": "stripe",
                "processor_customer_token": "nobody",
                "processor_payment_method_token": "pm_visa_4242",
            }),
            422,
            json!({"errors": {"processor_customer_token": ["Not found"]}}),
        ),
        (
            "DELETE",
            "/payment_methods/{method}",
            json!(null),
            422,
            json!({"errors": {"address": ["Can not delete payment method associated with addresses"]}}),
        ),
        (
            "PUT",
            "/payment_methods/{method}",
            json!({"billing_address": {"address1": null}}),
            422,
            json!({"errors": {"billing_address": {"address1": ["Field may not be null."]}}}),
        ),
        (
            "POST",
            "/subscriptions/{subscription}/set_next_charge_date",
            json!({"date": "2026-02-24"}),
            422,
            json!({"errors": {"date": ["date is not far enough in the future"]}}),
        ),
        (
            "POST",
            "/subscriptions",
            json!({
                "address_id": address_id,
                "external_variant_id": {"ecommerce": "43120001"},
                "quantity": 1,
                "next_charge_scheduled_at": "2026-02-23",
                "order_interval_unit": "day",
                "order_interval_frequency": 30,
                "charge_interval_frequency": 30,
            }),
            422,
            json!({"errors": {"next_charge_scheduled_at": "Cannot be in the past"}}),
        ),
        (
            "PUT",
            "/subscriptions/{subscription}",
            json!({"order_interval_unit": "month"}),
            422,
            json!({"errors": {"charge_interval_unit_type":
                "when passing order_interval_unit provide charge_interval_frequency and \
                 order_interval_frequency to update the interval information"}}),
        ),
        (
            "PUT",
            "/customers/{customer}",
            json!([1]),
            415,
            json!({"error": "The request body must be a JSON object"}),
        ),
        (
            "PATCH",
            "/customers/{customer}",
            json!(null),
            405,
            json!({"error": "Method Not Allowed"}),
        ),
    ];
    for (method, path, body, status, expected) in cases {
        let body = (!body.is_null()).then_some(body);
        assert_eq!(
            fixture.answer(method, path, body),
            (status, expected),
            "{method} {path}"
        );
    }
    assert_eq!(fixture.store.state(), before);
}

#[test]
fn a_cancellation_needs_a_reason() {
    let mut fixture = Fixture::new();
    let path = "/subscriptions/{subscription}/cancel";
    for body in [
        json!({}),
        json!({"cancellation_reason": null}),
        json!({"cancellation_reason": "  "}),
    ] {
        let (status, answer) = fixture.answer("POST", path, Some(body));
        assert_eq!(status, 422);
        assert!(answer["errors"]["cancellation_reason"].is_array());
    }
}

#[test]
fn an_address_needs_a_province_of_its_country_and_country_with_zip() {
    let mut fixture = Fixture::new();
    let mut put = |body: Value| {
        let (status, answer) = fixture.answer("PUT", "/addresses/{address}", Some(body));
        let fields = answer["errors"].as_object().cloned().unwrap_or_default();
        (status, fields.keys().next().cloned())
    };
    let is = |field: &str| (422, Some(field.to_owned()));
    assert_eq!(put(json!({"zip": "94110"})), is("country_code"));
    assert_eq!(put(json!({"country_code": "US"})), is("zip"));
    assert_eq!(
        put(json!({"country_code": "US", "zip": "94110", "province": "Kent"})),
        is("province")
    );
    assert_eq!(
        put(json!({"country_code": "usa", "zip": "94110"})),
        is("country_code")
    );
    assert_eq!(
        put(json!({"country_code": "US", "zip": "94110", "province": "California"})),
        (200, None)
    );
    assert_eq!(
        put(json!({"country_code": "DK", "zip": "1000", "province": null})),
        (200, None)
    );
}
