use recharge::PaymentMethodId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Make a payment method the customer's default.
    SetDefaultPaymentMethod { payment_method_id: PaymentMethodId }
    PUT "/payment_methods/{payment_method_id}/default" Nothing
}
