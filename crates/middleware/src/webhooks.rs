//! Webhooks from Recharge: which there are (`topics`), whether one is genuine (`signature`), what it
//! reports (`report`), what that says about a subscription (`changes`), and what is done about it
//! (`work`). `intake` queues reports, `install` registers the webhooks.
//!
//! A report is queued before it is answered, and never believed for what is shown: it only says what
//! has to be read again.

mod changes;
pub mod install;
pub(crate) mod intake;
mod report;
mod signature;
mod topics;
pub(crate) mod work;

pub(crate) use report::read;
pub(crate) use signature::is_genuine;
pub(crate) use topics::{PATH, is_topic};
