//! What the gateway promises, shown over the sandbox.

#[path = "suite/changes.rs"]
mod changes;
#[path = "suite/reading.rs"]
mod reading;
#[path = "suite/world.rs"]
mod world;
