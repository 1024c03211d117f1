//! The table of operations: all that a customer may do, one row each.
//!
//! A row says what must be hers before anything else is looked at; the steps, each by what plans
//! its write, what proves from upstream's state that it happened, and the calls it may make; what
//! takes it back; and what the browser holds that it makes untrue. A step marked `@each` is done
//! once for every item of a list, and each item is a part of the outcome. The macro makes exhaustive
//! matches of it: an operation without a row, or a row without one of these, does not compile,
//! and the tests walk `Operation::ALL`.

#[macro_use]
mod declare;

use protocol::view::DeliveryKey;
use protocol::{Intent, Operation, Problem, Resource};

use crate::actions::{
    address, backup_payment, bundle, cancel, customer, date, delete_address, deletion, discount,
    email, frequency, gift, move_delivery, move_subscription, new_address, note, onetime, pause,
    payment_link, payment_method, process, properties, quantity, reactivate, report, shipping,
    skip, start, swap, tax_id,
};
use crate::guard::Guard;
use crate::plan::{Stop, Write};
use crate::reader::Reader;

/// What is the same for all changes of one kind.
pub struct Row {
    /// The operation that takes it back, where there is one.
    pub inverse: Option<Operation>,
    /// What the browser holds that is no longer true afterwards.
    pub stale: &'static [Resource],
    /// The upstream calls by which it writes, in the order of its steps.
    pub writes: &'static [&'static str],
    /// What proves that each step happened, as the names of the functions that look for it.
    pub evidence: &'static [&'static str],
}

/// What a step of an action is to the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StepKind {
    /// What comes after it needs it: where it is refused the action ends.
    Once,
    /// One of several of the same kind, of which each is a part of the outcome: where it is
    /// refused the others are still tried.
    OneOfMany,
}

operations! {
    AddSubscription(body) {
        guard: Guard::Address(body.address_id),
        steps: [start::start(body) => is_started(body), by ["POST /subscriptions"]],
        inverse: Some(Operation::CancelSubscription),
        undo: start::undo(body),
        stale: [Overview, Deliveries, Subscriptions, Addresses, PaymentMethods, Customer],
    }
    AddOnetime(body) {
        guard: Guard::Address(body.address_id),
        steps: [onetime::add(body) => is_added(body), by ["POST /onetimes"]],
        inverse: Some(Operation::RemoveOnetime),
        undo: onetime::undo_add(body),
        stale: [Overview, Deliveries, Addresses],
    }
    UpdateOnetime(onetime_id, body) {
        guard: Guard::Onetime(*onetime_id),
        steps: [onetime::update(onetime_id, body) => is_updated(onetime_id, body), by ["PUT /onetimes/{id}"]],
        inverse: Some(Operation::UpdateOnetime),
        stale: [Overview, Deliveries],
    }
    RemoveOnetime(onetime_id, body) {
        guard: Guard::Onetime(*onetime_id),
        steps: [onetime::remove(onetime_id) => is_removed(onetime_id), by ["DELETE /onetimes/{id}"]],
        inverse: Some(Operation::AddOnetime),
        stale: [Overview, Deliveries, Addresses],
    }
    ApplyDiscount(address_id, body) {
        guard: Guard::Address(*address_id),
        steps: [discount::apply(address_id, body) => is_applied(address_id, body), by ["PUT /addresses/{id}"]],
        inverse: Some(Operation::RemoveDiscount),
        stale: [Overview, Deliveries, Addresses],
    }
    RemoveDiscount(address_id, body) {
        guard: Guard::Address(*address_id),
        steps: [discount::remove(address_id) => is_removed(address_id), by ["PUT /addresses/{id}"]],
        inverse: Some(Operation::ApplyDiscount),
        stale: [Overview, Deliveries, Addresses],
    }
    ApplyDeliveryDiscount(address_id, date, body) {
        guard: Guard::Delivery(DeliveryKey { address_id: *address_id, date: *date }),
        steps: [
            discount::apply_once(address_id, date, body) => is_applied_once(address_id, date, body),
            by ["POST /charges/{id}/apply_discount"],
        ],
        inverse: Some(Operation::RemoveDeliveryDiscount),
        stale: [Overview, Deliveries],
    }
    RemoveDeliveryDiscount(address_id, date, body) {
        guard: Guard::Delivery(DeliveryKey { address_id: *address_id, date: *date }),
        steps: [
            discount::remove_once(address_id, date) => is_removed_once(address_id, date),
            by ["POST /charges/{id}/remove_discount"],
        ],
        inverse: Some(Operation::ApplyDeliveryDiscount),
        stale: [Overview, Deliveries],
    }
    SkipDelivery(address_id, date, body) {
        guard: Guard::delivery(*address_id, *date, &body.purchase_item_ids),
        steps: [
            skip::skip(address_id, date, body) => is_skipped(address_id, date, body),
            by ["POST /charges/{id}/skip", "POST /addresses/{id}/charges/skip"],
        ],
        inverse: Some(Operation::UnskipDelivery),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    UnskipDelivery(address_id, date, body) {
        guard: Guard::delivery(*address_id, *date, &body.purchase_item_ids),
        steps: [
            skip::unskip(address_id, date, body) => is_back(address_id, date, body),
            by ["POST /charges/{id}/unskip"],
        ],
        inverse: Some(Operation::SkipDelivery),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    ProcessDelivery(address_id, date, body) {
        guard: Guard::Delivery(DeliveryKey { address_id: *address_id, date: *date }),
        steps: [
            process::process(address_id, date, body) => is_paid(),
            by ["POST /charges/{id}/process"],
        ],
        inverse: None,
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods, Customer],
    }
    MoveDelivery(address_id, date, body) {
        guard: Guard::ToAddress { id: *address_id, items: &body.purchase_item_ids },
        steps: [
            move_delivery::move_charge(address_id, date, body) => is_there(address_id, date, body),
            by ["POST /charges/{id}/change_next_charge_date"],
            @each(item in move_delivery::one_by_one(body))
            move_delivery::move_item(address_id, date, body, item) => is_item_there(address_id, body, item),
            by ["POST /subscriptions/{id}/set_next_charge_date", "PUT /onetimes/{id}"],
        ],
        inverse: Some(Operation::MoveDelivery),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    GiftDelivery(address_id, date, body) {
        guard: Guard::delivery(*address_id, *date, &body.purchase_item_ids),
        steps: [
            gift::give(address_id, date, body) => is_given(address_id, date, body),
            by ["POST /purchase_items/skip_gift"],
        ],
        inverse: None,
        stale: [Overview, Deliveries, Subscriptions, Addresses, PaymentMethods],
    }
    ReportProblem(order_id, body) {
        guard: Guard::Order(*order_id),
        steps: [report::report(order_id, body) => is_kept(order_id, body), by []],
        inverse: None,
        stale: [Orders],
    }
    UpdateAddress(address_id, body) {
        guard: Guard::Address(*address_id),
        steps: [address::update(address_id, body) => is_as_sent(address_id, body), by ["PUT /addresses/{id}"]],
        inverse: Some(Operation::UpdateAddress),
        stale: [Overview, Deliveries, Subscriptions, Addresses, PaymentMethods],
    }
    AddAddress(body) {
        guard: Guard::paid_by(body.payment_method_id),
        steps: [new_address::add(body) => is_added(body), by ["POST /addresses"]],
        inverse: Some(Operation::DeleteAddress),
        undo: new_address::deletion(body),
        stale: [Addresses, PaymentMethods],
    }
    SetShippingMethod(address_id, body) {
        guard: Guard::Address(*address_id),
        steps: [shipping::choose(address_id, body) => is_chosen(address_id, body), by ["PUT /addresses/{id}"]],
        inverse: Some(Operation::SetShippingMethod),
        stale: [Overview, Deliveries, Addresses],
    }
    DeleteAddress(address_id, body) {
        guard: Guard::Address(*address_id),
        steps: [delete_address::delete(address_id) => is_gone(address_id), by ["DELETE /addresses/{id}"]],
        inverse: Some(Operation::AddAddress),
        stale: [Addresses, PaymentMethods, Subscriptions],
    }
    MoveSubscriptions(address_id, body) {
        guard: Guard::moving(*address_id, body),
        steps: [
            @each(id in &body.subscription_ids)
            move_subscription::move_one(id, address_id, body) => is_there(id, address_id),
            by ["POST /subscriptions/{id}/change_address"],
        ],
        inverse: Some(Operation::MoveSubscriptions),
        stale: [Overview, Deliveries, Subscriptions, Addresses, PaymentMethods],
    }
    UpdateCustomer(body) {
        guard: Guard::Customer,
        steps: [customer::update(body) => is_as_sent(body), by ["PUT /customers/{id}"]],
        inverse: Some(Operation::UpdateCustomer),
        stale: [Customer],
    }
    SetTaxId(body) {
        guard: Guard::Customer,
        steps: [tax_id::set(body) => is_set(body), by []],
        inverse: Some(Operation::SetTaxId),
        stale: [Customer, Orders],
    }
    UseCredit(body) {
        guard: Guard::Customer,
        steps: [customer::use_credit(body) => credit_is_as_sent(body), by ["PUT /customers/{id}"]],
        inverse: Some(Operation::UseCredit),
        stale: [Customer, Overview, Deliveries],
    }
    UpdateOrderNote(address_id, body) {
        guard: Guard::Address(*address_id),
        steps: [note::update(address_id, body) => is_written(address_id, body), by ["PUT /addresses/{id}"]],
        inverse: Some(Operation::UpdateOrderNote),
        stale: [Subscriptions, Addresses],
    }
    ChangeDate(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            date::change(subscription_id, body) => is_changed(subscription_id, body),
            by ["POST /subscriptions/{id}/set_next_charge_date"],
        ],
        inverse: Some(Operation::ChangeDate),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    ChangeFrequency(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            frequency::change(subscription_id, body) => is_changed(subscription_id, body),
            by ["PUT /subscriptions/{id}"],
        ],
        inverse: Some(Operation::ChangeFrequency),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    ChangeQuantity(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            quantity::change(subscription_id, body) => is_changed(subscription_id, body),
            by ["PUT /subscriptions/{id}"],
        ],
        inverse: Some(Operation::ChangeQuantity),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    SwapProduct(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            swap::swap(subscription_id, body) => is_swapped(subscription_id, body),
            by ["PUT /subscriptions/{id}"],
        ],
        inverse: Some(Operation::SwapProduct),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    UpdateProperties(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            properties::update(subscription_id, body) => is_written(subscription_id, body),
            by ["PUT /subscriptions/{id}"],
        ],
        inverse: Some(Operation::UpdateProperties),
        stale: [Subscriptions, Deliveries],
    }
    RequestEmailChange(body) {
        guard: Guard::Customer,
        steps: [email::request(body) => is_awaited(body), by []],
        inverse: None,
        stale: [Customer],
    }
    ConfirmEmailChange(body) {
        guard: Guard::Customer,
        steps: [
            email::change(body) => is_changed(), by ["PUT /customers/{id}"],
            email::tell() => is_told(), by [],
        ],
        inverse: None,
        stale: [Customer, Overview],
    }
    RequestDeletion(body) {
        guard: Guard::Customer,
        steps: [deletion::request() => is_awaited(), by []],
        inverse: None,
        stale: [Customer],
    }
    ConfirmDeletion(body) {
        guard: Guard::Customer,
        steps: [deletion::confirm(body) => is_confirmed(), by []],
        inverse: None,
        stale: [Customer],
    }
    AddPaymentMethod(body) {
        guard: payment_method::guard(None, &body.address_ids),
        steps: [
            payment_method::create(body) => is_created(body),
            by ["POST /payment_methods"],
            @each(address_id in &body.address_ids)
            payment_method::attach(body, address_id) => is_attached(body, address_id),
            by ["PUT /addresses/{id}"],
        ],
        inverse: Some(Operation::RemovePaymentMethod),
        undo: payment_method::undo_create(body),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods],
    }
    AssignPaymentMethod(payment_method_id, body) {
        guard: payment_method::guard(Some(*payment_method_id), &body.address_ids),
        steps: [
            @each(address_id in &body.address_ids)
            payment_method::assign(payment_method_id, body, address_id)
                => is_assigned(payment_method_id, address_id),
            by ["PUT /addresses/{id}"],
        ],
        inverse: Some(Operation::AssignPaymentMethod),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods],
    }
    SetDefaultPaymentMethod(payment_method_id, body) {
        guard: Guard::PaymentMethod(*payment_method_id),
        steps: [
            payment_method::make_default(payment_method_id) => is_default(payment_method_id),
            by ["PUT /payment_methods/{id}"],
        ],
        inverse: Some(Operation::SetDefaultPaymentMethod),
        stale: [PaymentMethods],
    }
    UpdateBillingAddress(payment_method_id, body) {
        guard: Guard::PaymentMethod(*payment_method_id),
        steps: [
            payment_method::update_billing(payment_method_id, body)
                => is_billed_to(payment_method_id, body),
            by ["PUT /payment_methods/{id}"],
        ],
        inverse: Some(Operation::UpdateBillingAddress),
        stale: [PaymentMethods],
    }
    RemovePaymentMethod(payment_method_id, body) {
        guard: Guard::PaymentMethod(*payment_method_id),
        steps: [
            payment_method::remove(payment_method_id) => is_removed(payment_method_id),
            by ["DELETE /payment_methods/{id}"],
        ],
        inverse: None,
        stale: [Overview, PaymentMethods],
    }
    SendPaymentLink(payment_method_id, body) {
        guard: Guard::PaymentMethod(*payment_method_id),
        steps: [
            payment_link::send(payment_method_id) => is_sent(),
            by ["POST /customers/{id}/notifications"],
        ],
        inverse: None,
        stale: [PaymentMethods],
    }
    SetBackupPayment(body) {
        guard: Guard::Customer,
        steps: [backup_payment::set(body) => is_set(body), by ["PUT /customers/{id}"]],
        inverse: Some(Operation::SetBackupPayment),
        stale: [PaymentMethods, Customer],
    }
    UpdateBundle(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            bundle::fill(subscription_id, body) => is_filled(subscription_id, body),
            by ["PUT /bundle_selections/{id}", "POST /bundle_selections"],
        ],
        inverse: Some(Operation::UpdateBundle),
        stale: [Subscriptions, Deliveries, Overview],
    }
    PauseSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            pause::pause(subscription_id, body) => is_paused(subscription_id, body),
            by ["POST /subscriptions/{id}/set_next_charge_date"],
        ],
        inverse: Some(Operation::ResumeSubscription),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    ResumeSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            pause::resume(subscription_id, body) => is_resumed(subscription_id, body),
            by ["POST /subscriptions/{id}/set_next_charge_date"],
        ],
        inverse: Some(Operation::PauseSubscription),
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    ChangeDates(body) {
        guard: Guard::subscriptions(&body.subscription_ids),
        steps: [
            @each(id in &body.subscription_ids)
            date::change_one(id, body) => is_one_changed(id, body),
            by ["POST /subscriptions/{id}/set_next_charge_date"],
        ],
        inverse: None,
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    SkipSubscriptions(body) {
        guard: Guard::each_subscription(body.deliveries.iter().map(|one| one.subscription_id)),
        steps: [
            @each(delivery in &body.deliveries)
            skip::skip_one(delivery) => is_one_skipped(delivery),
            by ["POST /charges/{id}/skip", "POST /addresses/{id}/charges/skip"],
        ],
        inverse: None,
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    PauseSubscriptions(body) {
        guard: Guard::subscriptions(&body.subscription_ids),
        steps: [
            @each(id in &body.subscription_ids)
            pause::pause_one(id, body) => is_one_paused(id, body),
            by ["POST /subscriptions/{id}/set_next_charge_date"],
        ],
        inverse: None,
        stale: [Overview, Deliveries, Subscriptions, Addresses],
    }
    CancelSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            cancel::cancel(subscription_id, body) => is_cancelled(subscription_id),
            by ["POST /subscriptions/{id}/cancel"],
        ],
        inverse: Some(Operation::ReactivateSubscription),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods, Customer],
    }
    ReactivateSubscription(subscription_id, body) {
        guard: Guard::Subscription(*subscription_id),
        steps: [
            reactivate::activate(subscription_id) => is_active(subscription_id),
            by ["POST /subscriptions/{id}/activate"],
            reactivate::set_date(subscription_id) => has_date(subscription_id),
            by ["POST /subscriptions/{id}/set_next_charge_date"],
        ],
        inverse: Some(Operation::CancelSubscription),
        stale: [Overview, Deliveries, Subscriptions, Orders, Addresses, PaymentMethods, Customer],
    }
}
