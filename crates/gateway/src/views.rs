//! The views: what a browser gets, made field by field from what upstream says.

pub(crate) mod account;
pub(crate) mod changes;
pub(crate) mod deliveries;
pub(crate) mod export;
pub(crate) mod orders;
pub(crate) mod overview;
pub(crate) mod subscriptions;
