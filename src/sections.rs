//! The six sections and the overview, one room each.
//!
//! A section is a function that answers with a view: a [`PageHeader`](crate::ui::PageHeader)
//! first, rendered at once so that the focus has a heading to move to, and below it what
//! [`page::shown`] draws of one query. What can be changed is declared as an
//! [`Action`](crate::data::Action) beside its section and started by a button; the one
//! [`ChangeDialog`] shows it.

mod action;
mod addresses;
mod change_dialog;
mod customer;
mod deliveries;
mod ended;
mod history;
mod overview;
mod page;
mod parts;
mod payment_methods;
mod subscriptions;
mod warnings;
mod words;

pub(crate) use addresses::addresses;
pub(crate) use change_dialog::ChangeDialog;
pub(crate) use customer::customer;
pub(crate) use deliveries::deliveries;
pub(crate) use ended::ended;
pub(crate) use history::{history, order};
pub(crate) use overview::overview;
pub(crate) use payment_methods::payment_methods;
pub(crate) use subscriptions::{subscription, subscriptions};
