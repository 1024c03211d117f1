//! The builds that the tests, the browser tests and the demo share.

use std::process::Command;

use crate::process::cargo;

/// What is checked and run on this machine: the store in memory also as a server, and the
/// portal also in mock mode.
pub(crate) const FEATURES: &[&str] = &[
    "--features",
    "gateway/testing,sandbox/server,perennial/mock",
];

/// What the browser's tests and the demo start.
pub(crate) fn programs() -> Command {
    let mut command = cargo("build --locked --workspace --exclude xtask --bins --quiet");
    command.args(FEATURES);
    command
}
