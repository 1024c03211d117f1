//! The actions: what each operation writes, and what proves that it did.

pub(crate) mod address;
pub(crate) mod backup_payment;
pub(crate) mod cancel;
pub(crate) mod code;
pub(crate) mod customer;
pub(crate) mod date;
pub(crate) mod delete_address;
pub(crate) mod deletion;
pub(crate) mod email;
pub(crate) mod frequency;
pub(crate) mod gift;
pub(crate) mod move_delivery;
pub(crate) mod move_subscription;
pub(crate) mod new_address;
pub(crate) mod note;
pub(crate) mod pause;
pub(crate) mod payment_link;
pub(crate) mod payment_method;
pub(crate) mod process;
pub(crate) mod properties;
pub(crate) mod quantity;
pub(crate) mod reactivate;
pub(crate) mod skip;
pub(crate) mod subscription;
pub(crate) mod swap;
pub(crate) mod tax_id;
