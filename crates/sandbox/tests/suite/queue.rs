//! Several charges of one subscription queued at once.

use sandbox::Scenario;
use serde_json::{Value, json};

use crate::shop::Shop;

#[test]
fn of_several_queued_charges_one_is_moved_paid_or_skipped_without_the_others() {
    let mut shop = Shop::open(Scenario::SeveralQueued);
    let espresso = shop.item("House Espresso");
    let queued = |shop: &mut Shop| -> Vec<(u64, String)> {
        let path = format!(
            "charges?status=queued&sort_by=scheduled_at-asc&purchase_item_id={}",
            espresso["id"]
        );
        let charges = shop.list(&path).into_iter();
        charges
            .map(|c| {
                (
                    c["id"].as_u64().unwrap(),
                    c["scheduled_at"].as_str().unwrap().to_owned(),
                )
            })
            .collect()
    };
    let dates = |shop: &mut Shop| -> Vec<String> {
        queued(shop).into_iter().map(|(_, date)| date).collect()
    };
    let day = |shop: &Shop, n: i32| shop.day(n);
    let [a, b, c, d, e] = [4, 18, 32, 46, 60].map(|n| day(&shop, n));
    assert_eq!(dates(&mut shop), [&*a, &*b, &*c, &*d]);
    let to = day(&shop, 34);
    let third = queued(&mut shop)[2].0;
    let path = format!("/charges/{third}/change_next_charge_date");
    shop.write("POST", &path, json!({"next_charge_date": to}));
    assert_eq!(dates(&mut shop), [&*a, &*b, &*to, &*d]);
    let fourth = queued(&mut shop)[3].0;
    let early = json!({"next_charge_date": day(&shop, 10)});
    let past = shop.send(
        "POST",
        &format!("/charges/{fourth}/change_next_charge_date"),
        early,
    );
    assert_eq!(past.status, 422, "it must not pass another");
    let second = queued(&mut shop)[1].0;
    shop.write("POST", &format!("/charges/{second}/process"), Value::Null);
    assert_eq!(
        dates(&mut shop),
        [&*a, &*to, &*d, &*e],
        "paid ahead, it does not come again"
    );
    let first = queued(&mut shop)[0].0;
    shop.write(
        "POST",
        &format!("/charges/{first}/skip"),
        json!({"purchase_item_ids": [espresso["id"]]}),
    );
    let f = day(&shop, 74);
    assert_eq!(dates(&mut shop), [&*to, &*d, &*e, &*f]);
    assert_eq!(shop.item("House Espresso")["next_charge_scheduled_at"], to);
}
