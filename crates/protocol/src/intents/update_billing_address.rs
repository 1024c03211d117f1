use recharge::PaymentMethodId;

use super::bodies::AddressForm;
use super::declare::intent;

intent! {
    /// Change the billing address of a payment method.
    UpdateBillingAddress { payment_method_id: PaymentMethodId }
    PUT "/payment_methods/{payment_method_id}/billing_address" AddressForm
}
