//! The commands that are done less often than skipping and moving.

use sandbox::{Process, Settings};
use serde_json::{Value, json};

use super::command::Command;
use super::run::{path, pick, post, send};
use crate::shop::Shop;

/// Variants of every kind: one sold out, one that is only sold once, one that no shop has.
const VARIANTS: [&str; 8] = [
    "43120001", "43120003", "43120005", "43120008", "43120010", "43120013", "43120018", "1",
];

/// Codes with limits of every kind.
const CODES: [&str; 7] = [
    "ONCE20", "FIRST25", "THREE15", "EXTRAS30", "SUBS15", "BIG20", "EXPIRED",
];

fn variant(n: usize) -> Value {
    json!({"ecommerce": VARIANTS[n % VARIANTS.len()]})
}

/// Runs one of them; `None` where there is nothing it could act on.
pub(super) fn try_run(shop: &mut Shop, command: &Command) -> Option<()> {
    match *command {
        Command::Swap {
            which,
            variant: n,
            commit,
        } => {
            let item = pick(shop, "subscriptions", which, |_| true)?;
            let body = json!({"external_variant_id": variant(n), "use_external_variant_defaults": which % 2 == 0});
            send(
                shop,
                "PUT",
                &path(&item, "subscriptions", "", commit),
                &body,
            );
        }
        Command::FixDay { which, day, commit } => {
            let item = pick(shop, "subscriptions", which, |_| true)?;
            let field = if item["order_interval_unit"] == "week" {
                "order_day_of_week"
            } else {
                "order_day_of_month"
            };
            send(
                shop,
                "PUT",
                &path(&item, "subscriptions", "", commit),
                &json!({field: day}),
            );
        }
        Command::Subscribe {
            which,
            variant: n,
            days,
        } => {
            let address = pick(shop, "addresses", which, |_| true)?;
            let body = json!({
                "address_id": address["id"], "external_variant_id": variant(n), "quantity": 1,
                "next_charge_scheduled_at": shop.day(days), "order_interval_unit": "week",
                "order_interval_frequency": 2, "charge_interval_frequency": 2,
            });
            post(shop, "/subscriptions", &body);
        }
        Command::GiveAway { which } => {
            let item = pick(shop, "subscriptions", which, |_| true)?;
            let body = json!({"purchase_item_ids": [item["id"]], "recipient_address": {
                "first_name": "Sam", "last_name": "Okafor", "email": "sam@example.com",
                "address1": "12 Pine Street", "city": "Portland", "country_code": "US",
                "province": "Oregon", "zip": "97204",
            }});
            post(shop, "/purchase_items/skip_gift", &body);
        }
        Command::MoveOnetime { which, days } => {
            let onetime = pick(shop, "onetimes", which, |_| true)?;
            let body = json!({"next_charge_scheduled_at": shop.day(days)});
            send(shop, "PUT", &path(&onetime, "onetimes", "", false), &body);
        }
        Command::MoveOrder { which, days } => {
            let order = pick(shop, "orders", which, |_| true)?;
            let body = json!({"scheduled_at": shop.day(days)});
            send(shop, "PUT", &path(&order, "orders", "", false), &body);
            post(shop, &path(&order, "orders", "/delay", false), &json!({}));
        }
        Command::FillBox { which, quantity } => {
            let selection = pick(shop, "bundle_selections", which, |_| true)?;
            let body =
                json!({"items": [{"external_variant_id": "43120001", "quantity": quantity}]});
            send(
                shop,
                "PUT",
                &path(&selection, "bundle_selections", "", false),
                &body,
            );
        }
        Command::Configure {
            process,
            recalculate,
        } => {
            let process = [Process::AtOnce, Process::Pending, Process::Off][process];
            shop.store.configure(Settings {
                process,
                recalculate_next_charge: recalculate,
                ..Settings::default()
            });
        }
        _ => return try_run_of_people(shop, command),
    }
    Some(())
}

/// Those about cards, codes and addresses.
fn try_run_of_people(shop: &mut Shop, command: &Command) -> Option<()> {
    match *command {
        Command::AddCard {
            which,
            declined,
            retry,
        } => {
            let address = pick(shop, "addresses", which, |_| true)?;
            let token = if declined {
                "pm_declined_0002"
            } else {
                "pm_visa_1111"
            };
            let body = json!({
                "customer_id": address["customer_id"], "payment_type": "CREDIT_CARD",
                "processor_name": "stripe", "processor_customer_token": "cus_model",
                "processor_payment_method_token": token, "address_ids": [address["id"]],
                "retry_charges": retry,
            });
            post(shop, "/payment_methods", &body);
        }
        Command::WantBackup { which, wanted } => {
            let customer = pick(shop, "customers", which, |_| true)?;
            let body = json!({"backup_payment_methods_enabled": wanted});
            send(shop, "PUT", &path(&customer, "customers", "", false), &body);
        }
        Command::UseCredit { which } => {
            let customer = pick(shop, "customers", which, |_| true)?;
            let body = json!({"apply_credit_to_next_recurring_charge": true});
            send(shop, "PUT", &path(&customer, "customers", "", false), &body);
        }
        Command::LimitedCode {
            which,
            code,
            on_charge: true,
        } => {
            let charge = pick(shop, "charges", which, |c| c["status"] == "queued")?;
            let body = json!({"discount_code": CODES[code % CODES.len()]});
            post(
                shop,
                &path(&charge, "charges", "/apply_discount", false),
                &body,
            );
        }
        Command::LimitedCode {
            which,
            code,
            on_charge: false,
        } => {
            let address = pick(shop, "addresses", which, |_| true)?;
            let body = json!({"discounts": [{"code": CODES[code % CODES.len()]}]});
            send(shop, "PUT", &path(&address, "addresses", "", false), &body);
        }
        Command::FreeGift { which } => {
            let charge = pick(shop, "charges", which, |c| c["status"] == "queued")?;
            let body = json!({"free_gifts": [{"external_variant_id": "43120018", "quantity": 1}]});
            post(
                shop,
                &path(&charge, "charges", "/add_free_gift", false),
                &body,
            );
        }
        Command::JoinAddresses { from, to, delete } => {
            let (from, to) = (
                pick(shop, "addresses", from, |_| true)?,
                pick(shop, "addresses", to, |_| true)?,
            );
            let body = json!({"target_address": {"id": to["id"]}, "source_addresses": [{"id": from["id"]}],
                "delete_source_addresses": delete});
            post(shop, "/addresses/merge", &body);
        }
        Command::RemoveAddress { which } => {
            let address = pick(shop, "addresses", which, |_| true)?;
            send(
                shop,
                "DELETE",
                &path(&address, "addresses", "", false),
                &json!({}),
            );
        }
        _ => return None,
    }
    Some(())
}
