//! The actions: one file for each operation, named as in the protocol. Code that several share is in
//! a file named after the noun, such as `subscription`.

mod add_address;
mod add_onetime;
mod add_payment_method;
mod add_subscription;
mod apply_delivery_discount;
mod apply_discount;
mod assign_payment_method;
mod cancel_subscription;
mod change_date;
mod change_dates;
mod change_frequency;
mod change_quantity;
mod confirm_deletion;
mod confirm_email_change;
mod delete_address;
mod gift_delivery;
mod move_subscriptions;
mod onetime;
mod pause_subscription;
mod pause_subscriptions;
mod payment_method;
mod process_delivery;
mod reactivate_subscription;
mod remove_delivery_discount;
mod remove_discount;
mod remove_onetime;
mod remove_payment_method;
mod report_problem;
mod request_deletion;
mod request_email_change;
mod reschedule_delivery;
mod resume_subscription;
mod send_payment_link;
mod set_backup_payment;
mod set_default_payment_method;
mod set_shipping_method;
mod set_tax_id;
mod skip_delivery;
mod skip_subscriptions;
mod subscription;
mod swap_product;
mod unskip_delivery;
mod update_address;
mod update_billing_address;
mod update_bundle;
mod update_customer;
mod update_onetime;
mod update_order_note;
mod update_properties;
mod use_credit;

use protocol::{Intent, Operation, Problem, Resource};

use crate::plan::{Halt, Write};
use crate::projection::Projection;
use crate::rules::guard::Guard;
#[cfg(feature = "testing")]
use crate::testing::Account;
use crate::upstream::reader::Reader;

/// The static facts about an operation.
pub struct Row {
    /// The operation that undoes it, if any.
    pub inverse: Option<Operation>,
    /// The resources that the browser has to read again afterwards.
    pub stale: &'static [Resource],
    /// The upstream calls that write, in the order of the steps.
    pub writes: &'static [&'static str],
    /// The upstream state that proves that each step happened.
    pub evidence: &'static [&'static str],
}

/// A step of an action: one write. The number tells the writes of an action apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// A write that the later steps depend on: if it is refused, the action ends.
    Once(usize),
    /// A write for one item of a list, with the index of the item. Each item is a part of the
    /// outcome: if one is refused, the others are still tried.
    Each(usize, usize),
}

impl Step {
    /// A step of this write for each item of `list`.
    pub(crate) fn each<T>(write: usize, list: &[T]) -> Vec<Step> {
        (0..list.len()).map(|at| Step::Each(write, at)).collect()
    }

    /// Whether it writes for one item of a list.
    pub(crate) fn is_each(self) -> bool {
        matches!(self, Step::Each(..))
    }

    /// The item of `list` that it writes for; the first where it is not for one of several.
    pub(crate) fn item<T>(self, list: &[T]) -> &T {
        match self {
            Step::Once(_) => &list[0],
            Step::Each(_, at) => &list[at],
        }
    }

    /// Whether `next` is the same write for another item of the list.
    pub(crate) fn is_same_write(self, next: Option<Step>) -> bool {
        matches!((self, next), (Step::Each(one, _), Some(Step::Each(other, _))) if one == other)
    }
}

/// An operation. Every method without a default is a decision that each operation has to make.
pub(crate) trait Action {
    /// The static facts about the operation.
    fn row() -> Row;

    /// The ownership check, made before the first step.
    fn ownership(&self) -> Guard<'_>;

    /// The writes, in order.
    fn steps(&self) -> Vec<Step> {
        vec![Step::Once(0)]
    }

    /// Plans the write of `step` from the upstream's current state; `None` if there is nothing to
    /// do.
    async fn plan(&self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt>;

    /// Whether the upstream's state proves that the write of `step` happened.
    async fn took_effect(&self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem>;

    /// The intent that undoes the finished action, if it needs the id of something that the action
    /// created. Otherwise `plan` gives it to the [`Write`].
    async fn undo(&self, _: &Reader<'_>) -> Result<Option<Intent>, Problem> {
        Ok(None)
    }

    /// Applies the change to `after`.
    async fn preview(&self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem>;

    /// Returns an intent that `account` can carry out now, after preparing what it needs.
    #[cfg(feature = "testing")]
    async fn sample(account: &dyn Account) -> Intent;
}

/// Lists the operations, each once.
macro_rules! operations {
    ($($operation:ident,)+) => {
        /// The action of an intent. The methods are those of [`Action`].
        #[derive(Clone, Copy)]
        pub(crate) struct AnyAction<'a>(&'a Intent);

        impl<'a> AnyAction<'a> {
            pub(crate) fn ownership(self) -> Guard<'a> {
                match self.0 { $(Intent::$operation(action) => action.ownership(),)+ }
            }

            pub(crate) fn steps(self) -> Vec<Step> {
                match self.0 { $(Intent::$operation(action) => action.steps(),)+ }
            }

            pub(crate) async fn plan(self, reader: &Reader<'_>, step: Step) -> Result<Option<Write>, Halt> {
                match self.0 { $(Intent::$operation(action) => action.plan(reader, step).await,)+ }
            }

            pub(crate) async fn took_effect(self, reader: &Reader<'_>, step: Step) -> Result<bool, Problem> {
                match self.0 { $(Intent::$operation(action) => action.took_effect(reader, step).await,)+ }
            }

            pub(crate) async fn undo(self, reader: &Reader<'_>) -> Result<Option<Intent>, Problem> {
                match self.0 { $(Intent::$operation(action) => action.undo(reader).await,)+ }
            }

            pub(crate) async fn preview(self, after: &mut Projection, reader: &Reader<'_>) -> Result<(), Problem> {
                match self.0 { $(Intent::$operation(action) => action.preview(after, reader).await,)+ }
            }
        }

        /// Returns the static facts about `operation`.
        pub fn row(operation: Operation) -> Row {
            match operation { $(Operation::$operation => protocol::$operation::row(),)+ }
        }

        /// Returns an intent of `operation` that `account` can carry out now, after preparing what
        /// it needs.
        #[cfg(feature = "testing")]
        pub async fn sample(account: &dyn Account, operation: Operation) -> Intent {
            match operation { $(Operation::$operation => protocol::$operation::sample(account).await,)+ }
        }
    };
}

/// The action of `intent`.
pub(crate) fn action(intent: &Intent) -> AnyAction<'_> {
    AnyAction(intent)
}

impl AnyAction<'_> {
    /// Whether it writes for more than one item.
    pub(crate) fn is_of_several(self) -> bool {
        self.steps().iter().filter(|step| step.is_each()).count() > 1
    }
}

operations! {
    AddSubscription,
    AddOnetime,
    UpdateOnetime,
    RemoveOnetime,
    ApplyDiscount,
    RemoveDiscount,
    ApplyDeliveryDiscount,
    RemoveDeliveryDiscount,
    SkipDelivery,
    UnskipDelivery,
    ProcessDelivery,
    RescheduleDelivery,
    GiftDelivery,
    ReportProblem,
    UpdateAddress,
    AddAddress,
    SetShippingMethod,
    DeleteAddress,
    MoveSubscriptions,
    UpdateCustomer,
    SetTaxId,
    UseCredit,
    UpdateOrderNote,
    ChangeDate,
    ChangeFrequency,
    ChangeQuantity,
    SwapProduct,
    UpdateProperties,
    RequestEmailChange,
    ConfirmEmailChange,
    RequestDeletion,
    ConfirmDeletion,
    AddPaymentMethod,
    AssignPaymentMethod,
    SetDefaultPaymentMethod,
    UpdateBillingAddress,
    RemovePaymentMethod,
    SendPaymentLink,
    SetBackupPayment,
    UpdateBundle,
    PauseSubscription,
    ResumeSubscription,
    ChangeDates,
    SkipSubscriptions,
    PauseSubscriptions,
    CancelSubscription,
    ReactivateSubscription,
}
