//! Every resource is read from an answer of today and from an odd or old one. What is said is
//! read, and what is not is its default.

use base::{Currency, Date, Interval, Money, Timestamp, Unit};
use recharge::{
    Address, AddressId, Amount, Charge, ChargeErrorType, ChargeStatus, Customer, CustomerId,
    DeliverySchedule, Discount, DiscountStatus, DiscountValueType, ExternalId, Onetime, Order,
    OrderStatus, PaymentMethod, PaymentMethodId, PaymentMethodStatus, PaymentType, Plan, PlanType,
    Product, PurchaseItemId, PurchaseItemType, Store, Subscription, SubscriptionStatus,
};

use crate::support::{bare, read};

fn gbp(amount: &str) -> Money {
    Money::parse(amount, pounds()).expect("an amount")
}

fn pounds() -> Currency {
    "GBP".parse().expect("a currency")
}

fn day(text: &str) -> Option<Date> {
    Some(text.parse().expect("a date"))
}

fn external(id: &Option<ExternalId>) -> Option<&str> {
    id.as_ref().map(ExternalId::as_str)
}

fn in_gbp(amount: &Option<Amount>) -> Option<Money> {
    amount
        .as_ref()
        .and_then(|amount| amount.in_currency(pounds()))
}

#[test]
fn customer() {
    let customer: Customer = read("modern/customer");
    assert_eq!(customer.id, CustomerId(61_200_418));
    assert_eq!(customer.email, "maren+tea@example.test");
    assert_eq!(
        external(&customer.external_customer_id),
        Some("7730019284411")
    );
    assert_eq!(
        customer.created_at.as_ref().map(Timestamp::date),
        day("2025-03-02")
    );
    assert!(customer.has_payment_method_in_dunning);
    assert_eq!(customer.subscriptions_active_count, 2);
    assert_eq!(customer.include.addresses[0].city, "Leeds");
    assert_eq!(
        customer.include.payment_methods[0].payment_type,
        PaymentType::CreditCard
    );
    assert_eq!(
        customer.include.subscriptions[1].status,
        SubscriptionStatus::Cancelled
    );
}

#[test]
fn odd_customer() {
    let customer: Customer = read("odd/customer");
    assert_eq!(customer.id, CustomerId(61_200_419));
    assert_eq!(
        external(&customer.external_customer_id),
        Some("7730019284412")
    );
    assert_eq!(
        (customer.first_name.as_str(), customer.phone.as_str()),
        ("", "441134960001")
    );
    assert!(customer.has_valid_payment_method && !customer.has_payment_method_in_dunning);
    assert_eq!(
        (
            customer.subscriptions_active_count,
            customer.subscriptions_total_count
        ),
        (2, 3)
    );
    assert!(!customer.created_at.expect("a timestamp").has_offset());
    assert_eq!(customer.include, Default::default());
}

#[test]
fn delivery_schedule() {
    let schedule: DeliverySchedule = read("modern/delivery_schedule");
    assert_eq!(schedule.customer.id, CustomerId(61_200_418));
    let (first, second) = (&schedule.deliveries[0], &schedule.deliveries[1]);
    assert_eq!(
        (first.date, second.date),
        (day("2026-12-12"), day("2027-01-12"))
    );
    let order = &first.orders[0];
    assert_eq!(
        (order.id, order.charge_id.map(|id| id.0)),
        (None, Some(9_900_121))
    );
    assert_eq!(
        (order.address_id, order.has_uncommitted_changes),
        (AddressId(70_331), true)
    );
    assert_eq!(in_gbp(&order.total_price), Some(gbp("37.10")));
    assert_eq!(
        order
            .payment_method
            .as_ref()
            .and_then(|method| method.payment_details.exp_year),
        Some(2028)
    );
    let [tea, strainer] = order.line_items.as_slice() else {
        panic!("two lines")
    };
    assert_eq!(
        (tea.purchase_item_id, tea.quantity, tea.is_skippable),
        (PurchaseItemId(300_551), 2, Some(true))
    );
    assert_eq!(
        tea.images.thumbnail(),
        Some("https://shop.example.test/m.png")
    );
    assert_eq!(
        (
            tea.properties[0].name.as_str(),
            tea.properties[0].value.as_str()
        ),
        ("Grind", "whole leaf")
    );
    assert_eq!(
        (&strainer.plan_type, strainer.images.thumbnail()),
        (&PurchaseItemType::Onetime, None)
    );
    assert_eq!(strainer.external_product_id, None);
    assert_eq!(
        (
            second.orders[0].id.map(|id| id.0),
            second.orders[0].charge_id
        ),
        (Some(5_550_001), None)
    );
    assert!(second.orders[0].shipping_address.is_blank() && !order.shipping_address.is_blank());
}

#[test]
fn odd_delivery_schedule() {
    let schedule: DeliverySchedule = read("odd/delivery_schedule");
    assert_eq!(schedule.customer.id, CustomerId(0));
    assert_eq!(schedule.deliveries[0].date, day("2022-04-30"));
    let order = &schedule.deliveries[0].orders[0];
    assert_eq!(
        (order.address_id, &order.total_price),
        (AddressId(22_031), &None)
    );
    let line = &order.line_items[0];
    assert_eq!(
        (line.purchase_item_id, line.quantity, line.is_skippable),
        (PurchaseItemId(300_551), 2, Some(true))
    );
    assert_eq!(in_gbp(&line.subtotal_price), Some(gbp("36.50")));
    assert_eq!(line.plan_type.as_str(), "");
    assert!(order.shipping_address.is_blank());
    assert_eq!(
        (
            schedule.deliveries[1].date,
            schedule.deliveries[1].orders.len()
        ),
        (None, 0)
    );
}

#[test]
fn subscription() {
    let subscription: Subscription = read("modern/subscription");
    assert_eq!(subscription.status, SubscriptionStatus::Cancelled);
    assert_eq!(
        subscription.interval(),
        Some(Interval {
            unit: Unit::Week,
            every: 4
        })
    );
    assert_eq!(subscription.deliveries_per_charge(), 3);
    assert_eq!(
        (
            subscription.order_day_of_week,
            subscription.next_charge_scheduled_at
        ),
        (Some(3), None)
    );
    assert_eq!(
        subscription.cancelled_at.as_ref().map(Timestamp::date),
        day("2026-03-11")
    );
    assert_eq!(
        subscription.cancellation_reason.as_deref(),
        Some("Too much tea")
    );
    assert_eq!(subscription.price.in_currency(pounds()), Some(gbp("18")));
    assert_eq!(subscription.presentment_currency, Some(pounds()));
}

#[test]
fn odd_subscription() {
    let subscription: Subscription = read("odd/subscription");
    assert_eq!(
        (subscription.customer_id, subscription.address_id),
        (CustomerId(61_200_418), AddressId(70_331))
    );
    assert_eq!(subscription.status, SubscriptionStatus::Active);
    assert_eq!(
        subscription.interval(),
        Some(Interval {
            unit: Unit::Month,
            every: 2
        })
    );
    assert_eq!(subscription.deliveries_per_charge(), 1);
    assert_eq!(subscription.next_charge_scheduled_at, day("2022-04-09"));
    assert_eq!(
        (subscription.order_day_of_month, subscription.quantity),
        (Some(31), 1)
    );
    assert_eq!(
        (
            &subscription.external_product_id,
            external(&subscription.external_variant_id)
        ),
        (&None, Some("62001"))
    );
    assert!(
        subscription.has_queued_charges
            && subscription.is_prepaid
            && !subscription.max_retries_reached
    );
    let values: Vec<&str> = subscription
        .properties
        .iter()
        .map(|property| property.value.as_str())
        .collect();
    assert_eq!(values, ["3", "true", ""]);
    assert_eq!(
        (
            subscription.price.in_currency(pounds()),
            subscription.presentment_currency
        ),
        (Some(gbp("9.50")), None)
    );
}

#[test]
fn onetime() {
    let onetime: Onetime = read("modern/onetime");
    assert_eq!(
        (onetime.customer_id, onetime.address_id),
        (CustomerId(61_200_418), AddressId(70_331))
    );
    assert_eq!(onetime.next_charge_scheduled_at, day("2026-12-12"));
    let odd: Onetime = read("odd/onetime");
    assert_eq!(
        (
            odd.quantity,
            odd.price.in_currency(pounds()),
            odd.is_cancelled
        ),
        (3, Some(gbp("7")), false)
    );
}

#[test]
fn charge() {
    let charge: Charge = read("modern/charge");
    assert_eq!(
        (charge.customer.id, charge.address_id),
        (CustomerId(61_200_418), AddressId(70_331))
    );
    assert_eq!(
        (&charge.status, charge.scheduled_at),
        (&ChargeStatus::Error, day("2026-11-12"))
    );
    assert_eq!(
        charge.error_type,
        Some(ChargeErrorType::CustomerNeedsToUpdateCard)
    );
    assert_eq!(
        charge.retry_date.as_ref().map(Timestamp::date),
        day("2026-11-23")
    );
    assert!(charge.external_variant_not_found);
    assert_eq!(
        charge.discounts[0].value_type,
        DiscountValueType::Percentage
    );
    assert_eq!(charge.discounts[0].value.as_str(), "10");
    assert_eq!(
        charge.line_items[0].purchase_item_id,
        PurchaseItemId(300_551)
    );
    let parts = [
        &charge.subtotal_price,
        &charge.total_tax,
        &charge.shipping_lines[0].price,
    ];
    let sum = Money::sum(
        pounds(),
        parts
            .into_iter()
            .filter_map(|part| part.in_currency(pounds())),
    );
    assert_eq!(sum, charge.total_price.in_currency(pounds()));
}

#[test]
fn odd_charge() {
    let charge: Charge = read("odd/charge");
    assert_eq!(
        (charge.customer.id, charge.address_id),
        (CustomerId(0), AddressId(0))
    );
    assert_eq!(
        (&charge.status, charge.scheduled_at),
        (&ChargeStatus::Success, day("2022-11-12"))
    );
    assert_eq!(
        (
            charge.currency,
            &charge.error_type,
            charge.external_variant_not_found
        ),
        (None, &None, false)
    );
    assert_eq!(charge.total_price.in_currency(pounds()), Some(gbp("21.50")));
    assert_eq!(
        charge.line_items[0].purchase_item_id,
        PurchaseItemId(300_551)
    );
    assert_eq!(in_gbp(&charge.line_items[0].unit_price), Some(gbp("18")));
    assert_eq!(charge.tax_lines[0].rate.as_str(), "0.0333");
    assert!(
        charge.taxes_included && charge.discounts.is_empty() && charge.shipping_address.is_blank()
    );
}

#[test]
fn order() {
    let order: Order = read("modern/order");
    assert_eq!(
        (order.customer.id, &order.status),
        (CustomerId(61_200_418), &OrderStatus::Success)
    );
    assert_eq!(order.number(), "#1016");
    assert_eq!(order.charge.status, ChargeStatus::PartiallyRefunded);
    assert_eq!(order.total_refunds.in_currency(pounds()), Some(gbp("5")));
    assert_eq!(
        order.scheduled_at.as_ref().map(Timestamp::date),
        day("2026-10-12")
    );
    let odd: Order = read("odd/order");
    assert_eq!(
        (odd.number(), odd.customer.id, odd.charge.id),
        ("#1017".to_owned(), CustomerId(0), None)
    );
    assert_eq!((odd.line_items.len(), odd.currency), (1, Some(pounds())));
}

#[test]
fn address() {
    let address: Address = read("modern/address");
    assert_eq!(address.payment_method_id, Some(PaymentMethodId(81_404)));
    assert_eq!((address.address2.as_str(), address.is_gift), ("", true));
    let postal = address.postal();
    assert_eq!(
        (postal.address1.as_str(), postal.province.as_str()),
        ("4 Mill Lane", "West Yorkshire")
    );
    let odd: Address = read("odd/address");
    assert_eq!(
        (odd.address1.as_str(), odd.zip.as_str(), odd.phone.as_str()),
        ("12", "90210", "441134960001")
    );
    assert_eq!(
        (
            odd.payment_method_id,
            odd.presentment_currency,
            odd.discounts.len()
        ),
        (None, None, 0)
    );
}

#[test]
fn payment_method() {
    let method: PaymentMethod = read("modern/payment_method");
    assert_eq!(
        (&method.payment_type, &method.status),
        (&PaymentType::CreditCard, &PaymentMethodStatus::Invalid)
    );
    assert_eq!(
        (
            method.payment_details.exp_month,
            method.payment_details.exp_year
        ),
        (Some(4), Some(2028))
    );
    assert_eq!(method.billing_address.country, "United Kingdom");
    assert_eq!(method.include.addresses[0].id, AddressId(70_331));
    let odd: PaymentMethod = read("odd/payment_method");
    assert_eq!(
        (odd.payment_details.exp_month, odd.payment_details.exp_year),
        (Some(11), Some(2027))
    );
    assert_eq!(
        (odd.default, odd.status.as_str(), odd.payment_type.as_str()),
        (false, "", "")
    );
}

#[test]
fn discount() {
    let discount: Discount = read("modern/discount");
    assert_eq!(
        (&discount.status, discount.value.as_str()),
        (&DiscountStatus::Enabled, "10.00")
    );
    assert!(discount.channel_settings.customer_portal.can_apply);
    let odd: Discount = read("odd/discount");
    assert_eq!(
        (odd.id.0, &odd.status, odd.value.as_str()),
        (89, &DiscountStatus::Disabled, "10.5")
    );
    assert!(!odd.channel_settings.customer_portal.can_apply && odd.ends_at.is_none());
    assert_eq!(in_gbp(&odd.prerequisite_subtotal_min), Some(gbp("20")));
}

#[test]
fn plan() {
    let plan: Plan = read("modern/plan");
    assert_eq!(
        (&plan.kind, plan.subscription_preferences.interval_unit),
        (&PlanType::Subscription, Some(Unit::Week))
    );
    assert!(plan.channel_settings.customer_portal.display && plan.deleted_at.is_none());
    assert_eq!(
        plan.external_variant_ids,
        [ExternalId::new("62001").expect("an id")]
    );
    let odd: Plan = read("odd/plan");
    assert_eq!(odd.kind, PlanType::Other("prepaid_v2".into()));
    let preferences = &odd.subscription_preferences;
    assert_eq!(
        (
            preferences.interval_unit,
            preferences.charge_interval_frequency
        ),
        (Some(Unit::Day), 90)
    );
    assert_eq!(
        (external(&odd.external_product_id), odd.sort_order),
        (Some("61001"), 1)
    );
}

#[test]
fn product() {
    let product: Product = read("modern/product");
    assert_eq!(external(&product.external_product_id), Some("61001"));
    assert_eq!(product.thumbnail(), Some("https://shop.example.test/m.png"));
    assert_eq!(
        in_gbp(&product.variants[0].prices.unit_price),
        Some(gbp("18"))
    );
    let odd: Product = read("odd/product");
    assert_eq!(
        (external(&odd.external_product_id), odd.thumbnail()),
        (Some("61002"), None)
    );
    assert_eq!(
        external(&odd.variants[0].external_variant_id),
        Some("62002")
    );
}

#[test]
fn store() {
    let store: Store = read("modern/store");
    assert_eq!(
        (store.currency, store.timezone.iana_name.as_str()),
        (Some(pounds()), "Europe/London")
    );
    let odd: Store = read("odd/store");
    assert_eq!(
        (odd.id, odd.currency, odd.timezone.iana_name.as_str()),
        (3302, Some(Currency::USD), "")
    );
}

#[test]
fn secrets_are_not_read_at_all() {
    let read = format!(
        "{:?} {:?} {:?} {:?}",
        read::<Customer>("modern/customer"),
        read::<Charge>("modern/charge"),
        read::<Order>("modern/order"),
        read::<PaymentMethod>("modern/payment_method"),
    );
    for (example, secret) in [
        ("modern/customer", "9b1e77c04d5f4a0bb2c6"),
        ("modern/charge", "198.51.100.7"),
        ("modern/order", "leave at the door"),
        ("modern/payment_method", "cus_secretCustomer"),
        ("modern/payment_method", "pm_secretMethod"),
    ] {
        assert!(
            bare(example).to_string().contains(secret),
            "the example holds {secret}"
        );
        assert!(!read.contains(secret), "{secret} was read");
    }
}

#[test]
fn what_upstream_does_not_state_is_none() {
    let unstated = serde_json::json!({
        "id": 1, "is_skippable": null, "is_swappable": null,
    });
    let subscription: Subscription = serde_json::from_value(unstated).unwrap();
    assert_eq!(
        (subscription.is_skippable, subscription.is_swappable),
        (None, None)
    );
}
