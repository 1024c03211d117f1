//! One PostgreSQL database for several processes.
//!
//! Statements that find out and change at once make sure that of many one gets what there is once. A
//! customer's changes are for the process that has their turn (`turns`), and what one process changes, the
//! others drop (`notices`).

mod audit;
mod copy;
mod database;
mod funnel;
mod journal;
mod logins;
mod notices;
mod one_click;
mod outbox;
mod reports;
mod sessions;
mod spent_tokens;
mod statistics;
mod turns;

pub use database::PostgresStore;
