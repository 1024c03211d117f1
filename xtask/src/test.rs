//! `cargo xtask test`: all checks and tests, the quick ones first.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::dist::{self, Build};
use crate::process::{cargo, output, program, run as run_program, target};
use crate::{policy, tools};

/// One thing that is checked, and how.
type Step = (&'static str, fn() -> Result<()>);

/// What is checked and run on this machine: the store in memory also as a server, and the
/// portal also in mock mode.
const FEATURES: &[&str] = &["--features", "sandbox/server,perennial/mock"];

const STEPS: &[Step] = &[
    ("formatting", || {
        run_program(&mut cargo("fmt --all --check"))
    }),
    ("licences and bans", policy::crates),
    ("security promises", policy::promises),
    ("tools", install),
    ("clippy", clippy),
    ("clippy of the wasm", clippy_wasm),
    ("tests in Rust", rust_tests),
    ("bundles", bundles),
    ("size of the first load", size),
    ("programs", || run_program(&mut programs())),
    ("tests in the browser", browser_tests),
];

/// Runs the steps up to the first that fails, then says how long each took. `words` choose
/// steps by their names; without any, all run.
///
/// # Errors
/// The first step's that failed.
pub(crate) fn run(words: &[String]) -> Result<()> {
    let chosen = |name: &str| words.is_empty() || words.iter().any(|word| name.contains(word));
    let mut times = Vec::new();
    let mut result = Ok(());
    for (name, step) in STEPS.iter().filter(|(name, _)| chosen(name)) {
        println!("\n== {name}");
        let start = Instant::now();
        result = step();
        times.push((*name, start.elapsed()));
        if result.is_err() {
            break;
        }
    }
    println!("\n{}", table(&times));
    result
}

fn table(times: &[(&str, Duration)]) -> String {
    let seconds = |time: Duration| format!("{}.{} s", time.as_secs(), time.subsec_millis() / 100);
    let whole = times.iter().map(|(_, time)| *time).sum();
    let rows = times.iter().copied().chain([("together", whole)]);
    rows.map(|(name, time)| format!("{name:<24} {:>9}\n", seconds(time)))
        .collect()
}

fn install() -> Result<()> {
    tools::wasm_target()?;
    tools::node_modules()?;
    let chromium = tools::chromium()?;
    println!("{}", output(program(chromium).arg("--version"))?.trim());
    Ok(())
}

fn clippy() -> Result<()> {
    run_program(
        cargo("clippy --workspace --all-targets --quiet")
            .args(FEATURES)
            .args(["--", "--deny", "warnings"]),
    )
}

fn clippy_wasm() -> Result<()> {
    run_program(
        cargo("clippy -p perennial --lib --features mock --target wasm32-unknown-unknown --quiet")
            .args(["--", "--deny", "warnings"]),
    )
}

fn rust_tests() -> Result<()> {
    if tools::cargo_has("nextest") {
        let mut nextest = cargo("nextest run --workspace --status-level fail --no-fail-fast");
        return run_program(nextest.args(FEATURES));
    }
    run_program(cargo("test --workspace --quiet").args(FEATURES))
}

fn bundles() -> Result<()> {
    dist::bundle(Build::Mock)?;
    dist::bundle(Build::Production)?;
    Ok(())
}

fn size() -> Result<()> {
    let table = dist::bundle(Build::Production)?;
    println!(
        "{table}\n\n{}",
        dist::fingerprints(&Build::Production.folder())?
    );
    dist::check_budget(&table)
}

/// What the browser's tests and the demo start.
pub(crate) fn programs() -> std::process::Command {
    // All at once, so that they share the builds of their dependencies with the tests.
    let mut command = cargo("build --locked --workspace --exclude xtask --bins --quiet");
    command.args(FEATURES);
    command
}

fn browser_tests() -> Result<()> {
    let chromium = tools::chromium()?;
    run_program(
        tools::playwright()
            .arg("test")
            .env("CHROME", chromium)
            .env("PERENNIAL_TARGET", target()),
    )
}
