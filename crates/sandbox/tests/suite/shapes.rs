//! The shape of answers: every field that was captured from the live API is there, with
//! its JSON type, and null only where it may be.

use sandbox::{Call, Scenario, Store};
use serde_json::{Value, json};

const NOON: i64 = 1_771_934_400_000;

fn get(path: &str) -> Value {
    let mut store = Store::new(Scenario::Everyday, NOON);
    let answer = store.handle(NOON, Call::get(path));
    assert_eq!(answer.status, 200, "{path}");
    answer.body.unwrap()
}

/// Whether `actual` has all of `example`, with values of the same types.
fn assert_shape(example: &Value, actual: &Value, place: &str) {
    match (example, actual) {
        (Value::Object(example), Value::Object(actual)) => {
            for (name, value) in example {
                let place = format!("{place}.{name}");
                assert_shape(
                    value,
                    actual
                        .get(name)
                        .unwrap_or_else(|| panic!("{place} is missing")),
                    &place,
                );
            }
        }
        (Value::Array(example), Value::Array(actual)) => {
            for (n, value) in actual.iter().enumerate() {
                assert_shape(&example[0], value, &format!("{place}[{n}]"));
            }
        }
        // In an example, null stands for "null or anything".
        (Value::Null, _) => {}
        (Value::Number(_), Value::Number(_))
        | (Value::String(_), Value::String(_))
        | (Value::Bool(_), Value::Bool(_)) => {}
        _ => panic!("{place}: {actual} is not like {example}"),
    }
}

fn postal() -> Value {
    json!({
        "address1": "1776 Washington Street", "address2": null, "city": "Los Angeles", "company": null,
        "country_code": "US", "first_name": "Niels", "last_name": "Doe", "phone": null, "province": null,
        "zip": "90404",
    })
}

#[test]
fn customers_addresses_and_payment_methods() {
    let customer = json!({
        "id": 1, "analytics_data": {"utm_params": []}, "created_at": "2022-03-09T02:36:35", "email": "a@b.c",
        "external_customer_id": {"ecommerce": "56"}, "first_charge_processed_at": null, "first_name": "Niels",
        "has_payment_method_in_dunning": false, "has_valid_payment_method": true, "hash": "6edd4a4f",
        "last_name": "Bohr", "subscriptions_active_count": 0, "subscriptions_total_count": 0,
        "updated_at": "2022-03-09T02:36:35", "phone": null, "tax_exempt": false,
    });
    let list = json!({"next_cursor": null, "previous_cursor": null, "customers": [customer]});
    assert_shape(&list, &get("/customers"), "");
    let mut address = json!({
        "id": 1, "customer_id": 1, "payment_method_id": 1, "created_at": "2022-03-10T10:28:40+00:00",
        "discounts": [{"id": 1, "code": "A", "value": 1.5, "value_type": "percentage"}],
        "order_attributes": [{}], "order_note": null, "presentment_currency": null,
        "shipping_lines_override": [{}], "updated_at": "2022-03-10T10:28:40+00:00",
    });
    address
        .as_object_mut()
        .unwrap()
        .extend(postal().as_object().unwrap().clone());
    assert_shape(
        &json!({"next_cursor": null, "addresses": [address]}),
        &get("/addresses"),
        "",
    );
    let mut billing = postal();
    billing["country"] = json!("Denmark");
    let method = json!({
        "id": 1, "customer_id": 1, "billing_address": billing, "created_at": "2022-03-09T10:25:10",
        "default": true, "include": {}, "payment_details": {}, "payment_type": "CREDIT_CARD",
        "processor_customer_token": "cus_1", "processor_name": "stripe",
        "processor_payment_method_token": "pm_1", "status": "valid", "status_reason": null,
        "updated_at": "2022-03-09T10:25:10",
    });
    let methods = get("/payment_methods?sort_by=id-asc");
    assert_shape(&json!({"payment_methods": [method]}), &methods, "");
    let card = json!({"brand": "visa", "exp_month": 4, "exp_year": 2024, "last4": "4242"});
    assert_shape(
        &card,
        &methods["payment_methods"][0]["payment_details"],
        "card",
    );
}

#[test]
fn subscriptions_and_onetimes() {
    let subscription = json!({
        "id": 1, "address_id": 2, "customer_id": 3, "analytics_data": {"utm_params": []},
        "cancellation_reason": null, "cancellation_reason_comments": null, "cancelled_at": null,
        "charge_interval_frequency": 30, "created_at": "2022-03-10T12:13:28+00:00",
        "expire_after_specific_number_of_charges": null, "external_product_id": {"ecommerce": "12"},
        "external_variant_id": {"ecommerce": "23"}, "has_queued_charges": true, "is_prepaid": false,
        "is_skippable": true, "is_swappable": false, "max_retries_reached": false,
        "next_charge_scheduled_at": null, "order_day_of_month": null, "order_day_of_week": null,
        "order_interval_frequency": 30, "order_interval_unit": "day", "presentment_currency": null,
        "price": "49.00", "product_title": "Test product",
        "properties": [{"name": "Colour", "value": "Yellow"}], "quantity": 4, "sku": null,
        "sku_override": false, "status": "active", "updated_at": "2022-03-11T10:41:41+00:00",
        "variant_title": "972-1",
    });
    assert_shape(
        &json!({"subscriptions": [subscription]}),
        &get("/subscriptions"),
        "",
    );
    let onetime = json!({
        "id": 1, "address_id": 2, "customer_id": 3, "created_at": "2022-03-10T12:13:28+00:00",
        "external_product_id": {"ecommerce": "12"}, "external_variant_id": {"ecommerce": "23"},
        "is_cancelled": false, "next_charge_scheduled_at": "2022-04-09", "presentment_currency": null,
        "price": "49.00", "product_title": "A", "properties": [{}], "quantity": 4, "sku": null,
        "sku_override": false, "type": "onetime", "updated_at": "2022-03-11T10:41:41+00:00",
        "variant_title": null,
    });
    assert_shape(&json!({"onetimes": [onetime]}), &get("/onetimes"), "");
}

fn content() -> Value {
    let line = json!({
        "purchase_item_id": 1, "purchase_item_type": "subscription", "external_inventory_policy": "bypass",
        "external_product_id": {"ecommerce": "1"}, "external_variant_id": {"ecommerce": "1"}, "grams": 1,
        "handle": null, "images": {"large": "a", "medium": "a", "original": "a", "small": "a"},
        "offer_attributes": null, "original_price": "1.00", "properties": [{}], "quantity": 1, "sku": null,
        "tax_due": "0.00", "tax_lines": [{"price": "0.10", "rate": "0.0800", "title": "Tax"}],
        "taxable": true, "taxable_amount": "1.00", "title": "A", "total_price": "1.00",
        "unit_price": "1.00", "unit_price_includes_tax": false, "variant_title": null,
    });
    json!({
        "billing_address": postal(), "client_details": {"browser_ip": null, "user_agent": null},
        "currency": "USD", "line_items": [line], "note": null, "order_attributes": [{}],
        "customer": {"id": 1, "email": "a", "external_customer_id": {"ecommerce": "1"}, "hash": "a"},
        "discounts": [{"id": 1, "application_method": null, "code": "A", "value": 1.0, "value_type": "percentage"}],
        "shipping_address": postal(),
        "shipping_lines": [{"code": "a", "price": "0.00", "title": "a", "source": "shopify", "tax_lines": [{}]}],
        "subtotal_price": "1.00", "tax_lines": [{"price": "0.10", "rate": "0.0800", "title": "Tax"}],
        "total_discounts": "0.00", "total_duties": "0.00", "total_line_items_price": "1.00",
        "total_price": "1.00", "total_refunds": "0.00", "total_tax": "0.00", "total_weight_grams": 1,
    })
}

#[test]
fn charges_and_orders() {
    let mut charge = content();
    let own = json!({
        "id": 1, "address_id": 1, "created_at": "a", "error": null, "error_type": null,
        "external_order_id": {"ecommerce": null}, "external_transaction_id": {"payment_processor": null},
        "has_uncommitted_changes": false, "orders_count": 0, "payment_processor": "stripe",
        "processed_at": null, "retry_date": null, "scheduled_at": "2022-04-09", "status": "queued",
        "tags": null, "taxable": true, "taxes_included": false, "type": "recurring", "updated_at": "a",
    });
    charge
        .as_object_mut()
        .unwrap()
        .extend(own.as_object().unwrap().clone());
    let charges = get("/charges");
    assert_shape(&json!({"charges": [charge]}), &charges, "");
    assert!(charges["charges"][0].get("customer_id").is_none());
    let mut order = content();
    let own = json!({
        "id": 1, "address_id": 1, "charge": {"id": 1, "status": "success", "payment_processor_name": "stripe",
        "external_transaction_id": {"payment_processor": null}}, "created_at": "a", "error": null,
        "external_cart_token": null, "external_order_id": {"ecommerce": null},
        "external_order_number": {"ecommerce": null}, "external_order_name": {"ecommerce": null},
        "is_prepaid": false, "processed_at": null, "scheduled_at": "2023-05-13T04:00:00+00:00",
        "status": "success", "type": "recurring", "updated_at": "a",
    });
    order
        .as_object_mut()
        .unwrap()
        .extend(own.as_object().unwrap().clone());
    assert_shape(&json!({"orders": [order]}), &get("/orders"), "");
}

#[test]
fn the_delivery_schedule_has_no_wrapper() {
    let id = get("/customers")["customers"][0]["id"].clone();
    let line = json!({
        "subscription_id": 1, "external_product_id": {"ecommerce": null},
        "external_variant_id": {"ecommerce": null}, "images": {}, "is_skippable": false, "is_skipped": false,
        "is_prepaid": false, "plan_type": null, "product_title": "A", "properties": [{}], "quantity": 2,
        "subtotal_price": "0.00", "unit_price": "0.00", "original_price": "0.00", "variant_title": null,
    });
    let order = json!({
        "id": null, "address_id": 1, "charge_id": null, "currency": "USD", "has_uncommitted_changes": false,
        "line_items": [line], "shipping_address": postal(), "order_subtotal": "0.00",
        "total_discounts": "0.00", "total_duties": "0.00", "total_price": "0.00", "total_tax": "0.00",
        "payment_method": {"id": 1, "billing_address": postal(), "payment_details": {}},
    });
    let example = json!({
        "customer": {"id": 1, "email": "a", "first_name": "a", "last_name": "a"},
        "deliveries": [{"date": "2022-03-31", "orders": [order]}],
    });
    assert_shape(
        &example,
        &get(&format!("/customers/{id}/delivery_schedule")),
        "",
    );
}

#[test]
fn discounts_plans_products_and_the_store() {
    let channel = json!({"can_apply": true});
    let discount = json!({
        "id": 1, "code": "A", "value": "10.00", "value_type": "percentage", "status": "enabled",
        "applies_to": {"ids": [1], "purchase_item_type": "ALL", "resource": null},
        "channel_settings": {"api": channel, "checkout_page": channel, "customer_portal": channel,
            "merchant_portal": channel},
        "usage_limits": {"first_time_customer_restriction": false, "max_subsequent_redemptions": null},
    });
    assert_shape(&json!({"discounts": [discount]}), &get("/discounts"), "");
    let plan = json!({
        "id": 1, "title": "A", "type": "subscription", "external_product_id": {"ecommerce": "1"},
        "external_variant_ids": ["1"], "deleted_at": null, "discount_amount": null, "sort_order": 1,
        "channel_settings": {"customer_portal": {"display": true}},
        "subscription_preferences": {"interval_unit": "week", "order_interval_frequency": 2,
            "charge_interval_frequency": 2, "order_day_of_month": null},
    });
    assert_shape(
        &json!({"plans": [plan]}),
        &get("/plans?external_product_id=7310001"),
        "",
    );
    let product = json!({
        "external_product_id": "1", "title": "A", "vendor": "A",
        "images": [{"large": "a", "medium": "a", "original": "a", "small": "a", "sort_order": 0}],
        "options": [{"name": "Bag", "position": "0", "values": [{"label": "A", "position": "0"}]}],
        "variants": [{"external_variant_id": "1", "title": "A", "sku": "A",
            "prices": {"unit_price": "1.00", "compare_at_price": null}}],
    });
    let products = get("/products?external_product_ids=7310001,7310002");
    assert_shape(&json!({"products": [product]}), &products, "");
    assert_eq!(products["products"].as_array().unwrap().len(), 2);
    let store =
        json!({"store": {"id": 1, "name": "A", "currency": "USD", "timezone": {"iana_name": "A"}}});
    assert_shape(&store, &get("/store"), "");
    let token = json!({"token_information": {"name": "A", "scopes": ["read_orders"]}});
    assert_shape(&token, &get("/token_information"), "");
}
