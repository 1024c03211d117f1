use recharge::PaymentMethodId;

use super::bodies::Nothing;
use super::declare::intent;

intent! {
    /// Have the processor e-mail its link to change a payment method.
    SendPaymentLink { payment_method_id: PaymentMethodId }
    POST "/payment_methods/{payment_method_id}/link" Nothing
}
