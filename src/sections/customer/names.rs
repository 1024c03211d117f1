//! What operations and fields are called in the history of changes, by their names on the wire.

use protocol::{Date, Interval, Money, Unit};

use crate::i18n::{format, t};
use crate::overview::words::{self, unknown};

/// An operation: "Skipped a delivery".
pub(super) fn operation(name: &str) -> String {
    match name {
        "add_subscription" => t::changed_add_subscription(),
        "add_onetime" => t::changed_add_onetime(),
        "update_onetime" => t::changed_update_onetime(),
        "remove_onetime" => t::changed_remove_onetime(),
        "apply_discount" => t::changed_apply_discount(),
        "remove_discount" => t::changed_remove_discount(),
        "apply_delivery_discount" => t::changed_apply_delivery_discount(),
        "remove_delivery_discount" => t::changed_remove_delivery_discount(),
        "skip_delivery" => t::changed_skip_delivery(),
        "unskip_delivery" => t::changed_unskip_delivery(),
        "process_delivery" => t::changed_process_delivery(),
        "reschedule_delivery" => t::changed_reschedule_delivery(),
        "gift_delivery" => t::changed_gift_delivery(),
        "report_problem" => t::changed_report_problem(),
        "update_address" => t::changed_update_address(),
        "add_address" => t::changed_add_address(),
        "set_shipping_method" => t::changed_set_shipping_method(),
        "delete_address" => t::changed_delete_address(),
        "move_subscriptions" => t::changed_move_subscriptions(),
        "update_customer" => t::changed_update_customer(),
        "set_tax_id" => t::changed_set_tax_id(),
        "use_credit" => t::changed_use_credit(),
        "update_order_note" => t::changed_update_order_note(),
        "change_date" => t::changed_change_date(),
        "change_frequency" => t::changed_change_frequency(),
        "change_quantity" => t::changed_change_quantity(),
        "swap_product" => t::changed_swap_product(),
        "update_properties" => t::changed_update_properties(),
        "request_email_change" => t::changed_request_email_change(),
        "confirm_email_change" => t::changed_confirm_email_change(),
        "request_deletion" => t::changed_request_deletion(),
        "confirm_deletion" => t::changed_confirm_deletion(),
        "add_payment_method" => t::changed_add_payment_method(),
        "assign_payment_method" => t::changed_assign_payment_method(),
        "set_default_payment_method" => t::changed_set_default_payment_method(),
        "update_billing_address" => t::changed_update_billing_address(),
        "remove_payment_method" => t::changed_remove_payment_method(),
        "send_payment_link" => t::changed_send_payment_link(),
        "set_backup_payment" => t::changed_set_backup_payment(),
        "update_bundle" => t::changed_update_bundle(),
        "pause_subscription" => t::changed_pause_subscription(),
        "resume_subscription" => t::changed_resume_subscription(),
        "change_dates" => t::changed_change_dates(),
        "skip_subscriptions" => t::changed_skip_subscriptions(),
        "pause_subscriptions" => t::changed_pause_subscriptions(),
        "cancel_subscription" => t::changed_cancel_subscription(),
        "reactivate_subscription" => t::changed_reactivate_subscription(),
        _ => return unknown(name),
    }
    .to_owned()
}

/// A field: "Street and number".
pub(super) fn field_name(name: &str) -> String {
    label(name).map_or_else(|| unknown(name), str::to_owned)
}

fn label(name: &str) -> Option<&'static str> {
    Some(match name {
        "first_name" => t::address_first_name(),
        "last_name" => t::address_last_name(),
        "company" => t::address_company(),
        "address1" => t::address_street(),
        "address2" => t::address_more(),
        "city" => t::address_city(),
        "province" => t::address_province(),
        "zip" => t::address_postal_code(),
        "country_code" => t::address_country(),
        "phone" => t::address_phone(),
        "email" => t::customer_email(),
        "tax_id" => t::tax_id_label(),
        "date" => t::preview_deliveries(),
        "quantity" => t::preview_quantity(),
        "reason" => t::subscription_reason(),
        "interval" => t::preview_interval(),
        "code" => t::discount_label(),
        "until" => t::pause_date(),
        "to" => t::reschedule_delivery_where(),
        "later" => t::reschedule_delivery_later(),
        "note" => t::update_order_note_field(),
        "about" => t::changes_about(),
        "comment" | "message" => t::changes_message(),
        "amount" => t::changes_amount(),
        "enabled" => t::set_backup_payment_when(),
        "next_order" => t::use_credit_title(),
        "retry_charges" => t::add_payment_method_retry(),
        _ => return None,
    })
}

/// A value of a field, as customers read it elsewhere too.
pub(super) fn value(field: &str, text: &str, today: Date) -> String {
    let worded = match (field, text) {
        (_, "") => t::address_nothing(),
        ("later", "true") => t::reschedule_delivery_all(),
        ("later", "false") => t::reschedule_delivery_only(),
        ("enabled", "true") => t::set_backup_payment_on(),
        ("enabled", "false") => t::set_backup_payment_off(),
        ("next_order", "true") => t::use_credit_use(),
        ("next_order", "false") => t::use_credit_keep(),
        ("retry_charges", "true") => t::changes_yes(),
        ("retry_charges", "false") => t::changes_no(),
        ("about", "damaged") => t::report_problem_damaged(),
        ("about", "missing") => t::report_problem_missing(),
        ("about", "wrong") => t::report_problem_wrong(),
        ("about", "refund") => t::report_problem_refund(),
        ("about", "question") => t::report_problem_question(),
        ("country_code", code) => return format::country(code),
        ("amount", text) => return money(text).map_or_else(|| words::short(text), format::money),
        ("interval", text) => {
            return interval(text).map_or_else(|| words::short(text), words::interval);
        }
        (_, text) => {
            let date = text.parse().map(|date: Date| format::date(date, today));
            return date.unwrap_or_else(|_| words::short(text));
        }
    };
    worded.to_owned()
}

/// `36.00 USD`.
fn money(text: &str) -> Option<Money> {
    let (amount, currency) = text.split_once(' ')?;
    Money::parse(amount, currency.parse().ok()?).ok()
}

/// `4 week`.
fn interval(text: &str) -> Option<Interval> {
    let (every, unit) = text.split_once(' ')?;
    Some(Interval {
        unit: match unit {
            "day" => Unit::Day,
            "week" => Unit::Week,
            "month" => Unit::Month,
            _ => return None,
        },
        every: every.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use protocol::Operation;
    use serde_json::{Map, Value};

    #[test]
    fn cu9_every_operation_has_a_name_of_its_own() {
        for operation in Operation::ALL {
            let name = serde_json::to_value(operation).unwrap();
            let name = name.as_str().unwrap();
            assert_ne!(super::operation(name), unknown(name), "{name}");
        }
    }

    #[test]
    fn cu9_every_value_that_a_change_can_have_has_a_label() {
        for operation in Operation::ALL.iter().copied() {
            let Value::Object(intents) = serde_json::to_value(operation.intent(&[])).unwrap()
            else {
                panic!("{operation:?} is no object");
            };
            for mut intent in intents.into_values() {
                if let (Some(secret), Some(body)) =
                    (operation.secret(), intent["body"].as_object_mut())
                {
                    body.remove(secret);
                }
                check("", &intent["body"]);
            }
        }
    }

    /// Ids and lists of ids are not shown.
    fn check(name: &str, value: &Value) {
        let parts = |fields: &Map<String, Value>| {
            fields.contains_key("currency") || fields.contains_key("every")
        };
        match value {
            _ if name.ends_with("_id") => {}
            Value::Array(_) | Value::Null => {}
            Value::Object(fields) if !parts(fields) => {
                fields.iter().for_each(|(name, value)| check(name, value));
            }
            _ => assert!(label(name).is_some(), "{name}"),
        }
    }
}
