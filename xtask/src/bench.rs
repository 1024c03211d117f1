//! `cargo xtask bench`: how fast the first page is on a slow phone.

use anyhow::Result;

use crate::dist::{self, Build};
use crate::process::{program, run as run_program, target};
use crate::test::programs;
use crate::tools;

/// Builds what a first visit loads and measures visits in a throttled Chromium; prints a table
/// and writes `target/bench/first-load.json`.
///
/// # Errors
/// Where something cannot be built, or the browser cannot be slowed down.
pub(crate) fn run() -> Result<()> {
    dist::bundle(Build::Production)?;
    run_program(&mut programs())?;
    let chromium = tools::chromium()?;
    run_program(
        program("node")
            .arg("tests/bench/first-load.mjs")
            .env("CHROME", chromium)
            .env("PERENNIAL_TARGET", target()),
    )
}
