use recharge::PaymentMethodId;

use super::bodies::Nothing;
use super::declare::intent;

/// For so many minutes after a link was sent, no other is.
pub const LINK_PAUSE_MINUTES: u32 = 1;

intent! {
    /// Have the processor e-mail its link to change a payment method.
    SendPaymentLink { payment_method_id: PaymentMethodId }
    POST "/payment_methods/{payment_method_id}/link" Nothing
}
