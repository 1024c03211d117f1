//! Whatever happens to the fields of an answer, it is still read (SECURITY 38).

use proptest::prelude::*;
use proptest::sample::Index;
use recharge::{
    Address, Charge, Customer, DeliverySchedule, Discount, Onetime, Order, PaymentMethod, Plan,
    Product, Resource, Store, Subscription,
};
use serde_json::{Map, Value, json};

use crate::support::bare;

/// What can happen to a field.
#[derive(Debug, Clone)]
enum Change {
    Drop,
    Replace(Value),
    Add(String, Value),
}

fn any_change() -> impl Strategy<Value = Change> {
    prop_oneof![
        2 => Just(Change::Drop),
        2 => Just(Change::Replace(Value::Null)),
        5 => odd_value().prop_map(Change::Replace),
        2 => ("[a-z_]{1,12}", odd_value()).prop_map(|(name, value)| Change::Add(name, value)),
    ]
}

fn odd_value() -> impl Strategy<Value = Value> {
    prop_oneof![
        prop::sample::select(vec![
            json!({}),
            json!([]),
            json!([[]]),
            json!([null, 1, "x", {}]),
            json!({ "ecommerce": null }),
            json!({ "ecommerce": { "a": 1 } }),
            json!(true),
            json!(0),
            json!(-1),
            json!(1.5),
            json!(1e300),
            json!(u64::MAX),
            json!(i64::MIN),
            json!(""),
            json!("  "),
            json!("12"),
            json!("2026-02-30"),
            json!("0000-00-00T00:00:00"),
            json!("99999999999999999999.999"),
            json!("ééééééééééé"),
        ]),
        "\\PC{0,16}".prop_map(Value::from),
        "[A-Z_]{1,20}".prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
    ]
}

/// Applies `change` to the field that `at` falls on, anywhere in `root` but on its own `id`.
fn apply(root: &mut Value, at: Index, change: Change) {
    let mut objects = 0;
    visit(root, &mut |_| objects += 1);
    let mut left = at.index(objects);
    let is_root = left == 0;
    visit(root, &mut |fields| {
        if left == 0 {
            let names: Vec<String> = fields
                .keys()
                .filter(|name| !is_root || *name != "id")
                .cloned()
                .collect();
            match change.clone() {
                Change::Add(name, _) if is_root && name == "id" => {}
                Change::Add(name, value) => drop(fields.insert(name, value)),
                _ if names.is_empty() => {}
                Change::Drop => drop(fields.remove(at.get(&names))),
                Change::Replace(value) => drop(fields.insert(at.get(&names).clone(), value)),
            }
        }
        left = left.wrapping_sub(1);
    });
}

/// Calls `each` with every object in `value`, the outermost first.
fn visit(value: &mut Value, each: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(fields) => {
            each(fields);
            fields.values_mut().for_each(|inner| visit(inner, each));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, each)),
        _ => {}
    }
}

fn survives<T: Resource + std::fmt::Debug>(
    name: &str,
    changes: &[(Index, Change)],
) -> Result<(), TestCaseError> {
    for age in ["modern", "odd"] {
        let mut value = bare(&format!("{age}/{name}"));
        for (at, change) in changes {
            apply(&mut value, *at, change.clone());
        }
        let read = serde_json::from_value::<T>(value.clone());
        prop_assert!(read.is_ok(), "{age}/{name}: {:?} of {value}", read);
    }
    Ok(())
}

macro_rules! survivors {
    ($($test:ident: $resource:ty = $name:literal),+ $(,)?) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(128))]
            $(
                #[test]
                fn $test(changes in prop::collection::vec((any::<Index>(), any_change()), 1..8)) {
                    survives::<$resource>($name, &changes)?;
                }
            )+
        }
    };
}

survivors! {
    address: Address = "address",
    charge: Charge = "charge",
    customer: Customer = "customer",
    discount: Discount = "discount",
    onetime: Onetime = "onetime",
    order: Order = "order",
    payment_method: PaymentMethod = "payment_method",
    plan: Plan = "plan",
    product: Product = "product",
    store: Store = "store",
    subscription: Subscription = "subscription",
}

fn needs_its_id<T: Resource>() {
    assert!(
        serde_json::from_value::<T>(json!({ "id": 1 })).is_ok(),
        "{}",
        T::NAME
    );
    for body in [
        json!({}),
        json!({ "id": null }),
        json!({ "id": "x" }),
        json!({ "id": {} }),
        json!([1]),
        json!(1),
    ] {
        assert!(
            serde_json::from_value::<T>(body.clone()).is_err(),
            "{}: {body}",
            T::NAME
        );
    }
}

#[test]
fn an_id_is_all_that_is_required_and_it_is() {
    needs_its_id::<Address>();
    needs_its_id::<Charge>();
    needs_its_id::<Customer>();
    needs_its_id::<Discount>();
    needs_its_id::<Onetime>();
    needs_its_id::<Order>();
    needs_its_id::<PaymentMethod>();
    needs_its_id::<Plan>();
    needs_its_id::<Store>();
    needs_its_id::<Subscription>();
}

#[test]
fn a_product_requires_nothing_and_a_schedule_its_deliveries() {
    assert!(serde_json::from_value::<Product>(json!({})).is_ok());
    let read = |body: Value| serde_json::from_value::<DeliverySchedule>(body).ok();
    let day = json!({ "date": "2026-12-12", "orders": [{ "line_items": [{}] }] });
    for (deliveries, cut) in [
        (json!([]), Some(false)),
        (json!([day]), Some(false)),
        (json!([day, null]), Some(true)),
        (json!([day, { "date": "2026-12-13" }]), Some(true)),
        (
            json!([day, { "date": "2026-12-13", "orders": [{}] }]),
            Some(true),
        ),
        (json!([day, { "orders": [] }]), Some(true)),
        (json!([null]), None),
        (json!(null), None),
        (json!({ "data": [] }), None),
    ] {
        let found = read(json!({ "deliveries": deliveries }));
        assert_eq!(found.map(|found| found.cut), cut, "{deliveries}");
    }
    assert_eq!(read(json!({})), None);
}

proptest! {
    #[test]
    fn delivery_schedule(changes in prop::collection::vec((any::<Index>(), any_change()), 1..8)) {
        let mut value = bare("modern/delivery_schedule");
        let whole = value["deliveries"][0].clone();
        for (at, change) in changes {
            apply(&mut value, at, change);
        }
        // Whatever happened elsewhere, one whole delivery is still read.
        if let Value::Array(days) = &mut value["deliveries"] {
            days.push(whole);
            prop_assert!(serde_json::from_value::<DeliverySchedule>(value).is_ok());
        }
    }
}
