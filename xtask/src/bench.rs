//! `cargo xtask bench`: the budgets, and what was measured.

use anyhow::Result;

use crate::dist::{self, Build};
use crate::process::{cargo, program, run as run_program, target};
use crate::tools;

/// Builds the bundle and the programs and measures them: first visits in a throttled Chromium beside
/// two other pages, a customer with very much, the middleware's own time, many customers at once.
/// Prints tables and writes `target/bench/results.json`.
///
/// # Errors
/// Where something cannot be built or measured, a budget is broken, or the machine is too noisy to
/// judge.
pub(crate) fn run() -> Result<()> {
    println!("{}\n", dist::bundle(Build::Production)?);
    // Unoptimised, the middleware answers a third of the requests that it is asked to.
    run_program(&mut cargo(
        "build --locked --release -p middleware -p sandbox --bins --features sandbox/server",
    ))?;
    let chromium = tools::chromium()?;
    run_program(
        program("node")
            .arg("tests/bench/bench.mjs")
            .env("CHROME", chromium)
            .env("PERENNIAL_PROFILE", "release")
            .env("PERENNIAL_TARGET", target()),
    )
}
