//! The sandbox as an upstream, shown from outside.

mod types;
