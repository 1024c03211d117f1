//! The tests of the crate, in one binary so that they link once.

mod calendar;
mod errors;
mod fixtures;
mod fuzz;
mod lists;
mod money;
mod requests;
mod support;
