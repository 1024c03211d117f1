//! What the status line says once an action has been undone: what is so now, not that all is as
//! before.

use protocol::Operation;

use crate::i18n::t;

/// For the operation that was undone; empty for those that cannot be.
pub(crate) fn undone(operation: Operation) -> &'static str {
    match operation {
        Operation::AddSubscription => t::undone_add_subscription(),
        Operation::AddOnetime => t::undone_add_onetime(),
        Operation::UpdateOnetime | Operation::ChangeQuantity => t::undone_quantity(),
        Operation::RemoveOnetime => t::undone_remove_onetime(),
        Operation::ApplyDiscount | Operation::ApplyDeliveryDiscount => t::undone_apply_discount(),
        Operation::RemoveDiscount | Operation::RemoveDeliveryDiscount => {
            t::undone_remove_discount()
        }
        Operation::SkipDelivery | Operation::SkipSubscriptions => t::undone_skip_delivery(),
        Operation::UnskipDelivery => t::undone_unskip_delivery(),
        Operation::RescheduleDelivery => t::undone_reschedule_delivery(),
        Operation::UpdateAddress => t::undone_update_address(),
        Operation::AddAddress => t::undone_add_address(),
        Operation::SetShippingMethod => t::undone_set_shipping_method(),
        Operation::DeleteAddress => t::undone_delete_address(),
        Operation::MoveSubscriptions => t::undone_move_subscriptions(),
        Operation::UpdateCustomer => t::undone_update_customer(),
        Operation::SetTaxId => t::undone_set_tax_id(),
        Operation::UseCredit => t::undone_use_credit(),
        Operation::UpdateOrderNote => t::undone_update_order_note(),
        Operation::ChangeDate => t::undone_change_date(),
        Operation::ChangeDates => t::undone_change_dates(),
        Operation::ChangeFrequency => t::undone_change_frequency(),
        Operation::SwapProduct => t::undone_swap_product(),
        Operation::UpdateProperties => t::undone_update_properties(),
        Operation::AddPaymentMethod => t::undone_add_payment_method(),
        Operation::AssignPaymentMethod => t::undone_assign_payment_method(),
        Operation::SetDefaultPaymentMethod => t::undone_set_default_payment_method(),
        Operation::UpdateBillingAddress => t::undone_update_billing_address(),
        Operation::SetBackupPayment => t::undone_set_backup_payment(),
        Operation::UpdateBundle => t::undone_update_bundle(),
        Operation::PauseSubscription | Operation::PauseSubscriptions => t::undone_pause(),
        Operation::ResumeSubscription => t::undone_resume_subscription(),
        Operation::CancelSubscription => t::undone_cancel_subscription(),
        Operation::ReactivateSubscription => t::undone_reactivate_subscription(),
        Operation::ProcessDelivery
        | Operation::GiftDelivery
        | Operation::ReportProblem
        | Operation::RequestEmailChange
        | Operation::ConfirmEmailChange
        | Operation::RequestDeletion
        | Operation::ConfirmDeletion
        | Operation::RemovePaymentMethod
        | Operation::SendPaymentLink => "",
    }
}
