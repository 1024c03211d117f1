//! `cargo xtask bench`: the budgets, and what was measured.

use anyhow::Result;

use crate::dist::{self, Build};
use crate::process::{program, run as run_program, target};
use crate::test::programs;
use crate::tools;

/// Builds the bundle and the programs and measures them: first visits in a throttled Chromium, a
/// customer with very much, the middleware's own time, many customers at once. Prints a table
/// and writes `target/bench/results.json`.
///
/// # Errors
/// Where something cannot be built or measured, or a budget is broken that is not known to be.
pub(crate) fn run() -> Result<()> {
    println!("{}\n", dist::bundle(Build::Production)?);
    run_program(&mut programs())?;
    let chromium = tools::chromium()?;
    run_program(
        program("node")
            .arg("tests/bench/bench.mjs")
            .env("CHROME", chromium)
            .env("PERENNIAL_TARGET", target()),
    )
}
