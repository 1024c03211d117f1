//! What a customer can change, one file for each operation, in the second file of the bundle.
//!
//! A file is named as the operation in the protocol, and has a function `open` that opens it. An
//! action is declared as a [`Form`](form::Form): what it asks, what it sends and what it says. The
//! one [`dialog`] shows it.

pub(crate) mod add_address;
pub(crate) mod add_onetime;
pub(crate) mod add_payment_method;
pub(crate) mod add_subscription;
mod address_fields;
pub(crate) mod apply_delivery_discount;
pub(crate) mod apply_discount;
pub(crate) mod assign_payment_method;
pub(crate) mod bulk;
pub(crate) mod cancel_subscription;
mod cancellation_steps;
pub(crate) mod catalogue;
pub(crate) mod change_date;
pub(crate) mod change_dates;
pub(crate) mod change_frequency;
pub(crate) mod change_quantity;
pub(crate) mod confirm_deletion;
pub(crate) mod confirm_email_change;
mod control;
pub(crate) mod delete_address;
pub(crate) mod dialog;
mod discount_code;
pub(crate) mod field;
pub(crate) mod form;
pub(crate) mod gift_delivery;
pub(crate) mod mailed_code;
pub(crate) mod move_subscriptions;
mod onetime_terms;
mod open_days;
mod pause_length;
pub(crate) mod pause_subscription;
pub(crate) mod pause_subscriptions;
mod payable_addresses;
pub(crate) mod places;
pub(crate) mod process_delivery;
pub(crate) mod reactivate_subscription;
pub(crate) mod remove_delivery_discount;
pub(crate) mod remove_discount;
pub(crate) mod remove_onetime;
pub(crate) mod remove_payment_method;
pub(crate) mod report_problem;
pub(crate) mod request_deletion;
pub(crate) mod request_email_change;
pub(crate) mod reschedule_delivery;
pub(crate) mod resume_subscription;
pub(crate) mod send_payment_link;
pub(crate) mod set_backup_payment;
pub(crate) mod set_default_payment_method;
pub(crate) mod set_shipping_method;
pub(crate) mod set_tax_id;
pub(crate) mod skip_delivery;
pub(crate) mod skip_subscriptions;
pub(crate) mod subscription_context;
pub(crate) mod swap_product;
mod undone;
pub(crate) mod unskip_delivery;
pub(crate) mod update_address;
pub(crate) mod update_billing_address;
pub(crate) mod update_bundle;
pub(crate) mod update_customer;
pub(crate) mod update_onetime;
pub(crate) mod update_order_note;
pub(crate) mod update_properties;
pub(crate) mod use_credit;
pub(crate) mod verification;

use crate::overview::action_request::ActionRequest;
use crate::overview::page::Page;

/// Opens what the overview offers.
pub(crate) fn open(page: &Page, action: ActionRequest) {
    match action {
        ActionRequest::SkipDelivery(delivery) => skip_delivery::open(page, delivery),
        ActionRequest::RescheduleDelivery(delivery) => {
            reschedule_delivery::open_from_overview(page, delivery);
        }
        ActionRequest::UnskipDelivery(delivery) => unskip_delivery::open(page, &delivery),
        ActionRequest::UpdateAddress(id) => update_address::open_by_id(page, id),
    }
}
