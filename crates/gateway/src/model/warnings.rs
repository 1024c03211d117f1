//! What needs the customer's attention.

use std::collections::BTreeSet;

use protocol::view::{DeliveryKey, Failure, FailureReason, PaymentMethodState, Warning};
use protocol::{Date, PaymentMethodId};
use recharge::{
    Charge, ChargeErrorType, ChargeStatus, PaymentMethod, PaymentMethodStatus, SubscriptionStatus,
};

use super::context::AccountContext;
use super::text::payment_line;

/// From so many days before it expires a payment method is warned about.
const EXPIRY_NOTICE_DAYS: i32 = 30;

/// The most urgent first: failed payments, methods that cannot be charged, those that expire
/// soonest. Methods that pay for nothing that runs are left alone.
pub(crate) fn warnings(context: &AccountContext, charges: &[Charge]) -> Vec<Warning> {
    let failed = charges
        .iter()
        .filter(|charge| charge.status == ChargeStatus::Error);
    let mut warnings: Vec<Warning> = failed
        .filter_map(|charge| {
            let key = DeliveryKey {
                address_id: charge.address_id,
                date: charge.scheduled_at?,
            };
            Some(Warning::PaymentFailed {
                key,
                failure: failure(charge, context),
            })
        })
        .collect();
    let needed = needed_methods(&context.customer);
    let all = &context.customer.include.payment_methods;
    let methods: Vec<&PaymentMethod> = all.iter().filter(|m| needed.contains(&m.id)).collect();
    let is_invalid = |method: &&&PaymentMethod| state(method) == PaymentMethodState::Invalid;
    warnings.extend(methods.iter().filter(is_invalid).map(|m| Warning::Invalid {
        method: payment_line(m, all),
    }));
    let mut expiring: Vec<(Date, &PaymentMethod)> = methods
        .iter()
        .filter_map(|method| Some((expires(method)?, *method)))
        .filter(|(expires, _)| is_expiring(*expires, context.today))
        .collect();
    expiring.sort_by_key(|(expires, _)| *expires);
    warnings.extend(
        expiring
            .into_iter()
            .map(|(expires, method)| Warning::Expiring {
                method: payment_line(method, all),
                expires,
            }),
    );
    warnings
}

/// The payment methods of addresses to which an active subscription goes.
fn needed_methods(customer: &recharge::Customer) -> BTreeSet<PaymentMethodId> {
    let active = customer.include.subscriptions.iter();
    let active = active.filter(|subscription| subscription.status == SubscriptionStatus::Active);
    let in_use: BTreeSet<_> = active.map(|subscription| subscription.address_id).collect();
    let addresses = customer.include.addresses.iter();
    addresses
        .filter(|a| in_use.contains(&a.id))
        .filter_map(|a| a.payment_method_id)
        .collect()
}

/// How a payment failed, in a word that has a sentence in the portal: upstream's text is a log
/// for developers.
pub(crate) fn failure(charge: &Charge, context: &AccountContext) -> Failure {
    let reason = match &charge.error_type {
        _ if charge.external_variant_not_found => FailureReason::Stock,
        Some(ChargeErrorType::ClosedMaxRetriesReached) => FailureReason::GivenUp,
        Some(ChargeErrorType::CustomerNeedsToUpdateCard) => FailureReason::Card,
        Some(ChargeErrorType::CardUpdated) => FailureReason::CardUpdated,
        Some(ChargeErrorType::Other(word)) if is_about_stock(word) => FailureReason::Stock,
        _ => FailureReason::Payment,
    };
    Failure {
        amount: charge
            .total_price
            .in_currency(charge.currency.unwrap_or(context.policy.currency)),
        reason,
        // A day as upstream counts them: its clock says midnight in New York.
        retry_on: charge.retry_date.as_ref().map(base::Timestamp::date),
    }
}

fn is_about_stock(word: &str) -> bool {
    let word = word.to_uppercase();
    ["INVENTORY", "STOCK"]
        .iter()
        .any(|part| word.contains(part))
}

/// Whether a payment method can be charged, in the portal's words.
pub(crate) fn state(method: &PaymentMethod) -> PaymentMethodState {
    match &method.status {
        PaymentMethodStatus::Valid => PaymentMethodState::Valid,
        PaymentMethodStatus::Invalid | PaymentMethodStatus::Empty => PaymentMethodState::Invalid,
        PaymentMethodStatus::NotValidated | PaymentMethodStatus::Unvalidated => {
            PaymentMethodState::Unvalidated
        }
        PaymentMethodStatus::Other(word) => PaymentMethodState::Other(word.clone()),
    }
}

/// The first day on which a card is no longer valid: that after its last month.
pub(crate) fn expires(method: &PaymentMethod) -> Option<Date> {
    let details = &method.payment_details;
    Some(Date::new(details.exp_year?, details.exp_month?, 1)?.add_months(1))
}

/// Whether that day is near, or past.
pub(crate) fn is_expiring(expires: Date, today: Date) -> bool {
    today.days_until(expires) <= EXPIRY_NOTICE_DAYS
}
