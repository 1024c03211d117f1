//! What is known about a customer: what they have, what is to come, what it costs.

pub(crate) mod address;
pub(crate) mod announcement;
pub(crate) mod bundle;
pub(crate) mod code;
pub(crate) mod context;
pub(crate) mod credit;
pub(crate) mod deliveries;
pub(crate) mod delivery;
pub(crate) mod discount;
pub(crate) mod draft;
pub(crate) mod pause;
pub(crate) mod payment;
pub(crate) mod plans;
pub(crate) mod pricing;
pub(crate) mod tax_id;
pub(crate) mod text;
pub(crate) mod totals;
pub(crate) mod warnings;
pub(crate) mod yearly;
