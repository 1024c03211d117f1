//! The tests of the crate, in one binary so that they link once.

mod errors;
mod fixtures;
mod fuzz;
mod lists;
mod random_json;
mod requests;
mod support;
mod targets;
