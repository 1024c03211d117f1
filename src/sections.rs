//! The six sections, one folder each, in the second file of the bundle.
//!
//! A section is a function that answers with a view: a [`PageHeader`](crate::overview::page_header::PageHeader)
//! first, rendered at once so that the focus has a heading to move to, and below it what
//! [`shown`](crate::overview::page::shown) draws of one query. What can be changed is opened by a
//! button from the operation's own file in [`actions`](crate::actions).

pub(crate) mod addresses;
pub(crate) mod announcement;
pub(crate) mod customer;
pub(crate) mod deliveries;
pub(crate) mod failed_payment;
pub(crate) mod flow;
pub(crate) mod history;
pub(crate) mod idle;
mod offers;
pub(crate) mod parts;
pub(crate) mod payment_methods;
pub(crate) mod session_flow;
pub(crate) mod subscriptions;
