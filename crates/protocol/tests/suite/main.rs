//! What portal and middleware say to each other, shown from outside.

mod address;
// The same bytes make JSON for the fuzz targets of both crates.
#[path = "../../../recharge/tests/suite/random_json.rs"]
mod random_json;
mod reading;
mod requests;
mod targets;
mod wire;
