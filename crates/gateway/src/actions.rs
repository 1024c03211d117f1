//! The actions: what each operation writes, and what proves that it did.

pub(crate) mod address;
pub(crate) mod cancel;
pub(crate) mod move_delivery;
pub(crate) mod process;
pub(crate) mod reactivate;
pub(crate) mod skip;
