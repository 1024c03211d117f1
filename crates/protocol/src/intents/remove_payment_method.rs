use recharge::PaymentMethodId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Remove a payment method that pays for nothing.
    RemovePaymentMethod { payment_method_id: PaymentMethodId }
    DELETE "/payment_methods/{payment_method_id}" Nothing
}
