//! `cargo xtask test`: all checks and tests, the quick ones first.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::dist::{self, Build};
use crate::process::{cargo, npm_program, output, program, run as run_program, target};
use crate::programs::{FEATURES, programs};
use crate::{commands, policy, tools};

/// One thing that is checked, and how.
type Step = (&'static str, fn() -> Result<()>);

const STEPS: &[Step] = &[
    ("formatting", || {
        run_program(&mut cargo("fmt --all --check"))
    }),
    ("licences and bans", policy::crates),
    ("promises and links of the docs", policy::docs),
    ("texts in the catalog", policy::texts),
    ("themes", policy::themes),
    ("spelling", policy::spelling),
    ("imports", || policy::imports(None)),
    ("tools", install),
    ("scripts", scripts),
    ("clippy", clippy),
    ("clippy of the wasm", clippy_wasm),
    ("documentation of the code", rustdoc),
    ("tests in Rust", rust_tests),
    ("bundles", bundles),
    ("size of the first load", size),
    ("commands of the README", commands::check),
    // With the features of dependencies that the tests in Rust have built already.
    ("programs", || run_program(programs().arg("--tests"))),
    ("tests in the browser", browser_tests),
    ("smoke in Firefox and WebKit", smoke),
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
    rows.map(|(name, time)| format!("{name:<32} {:>9}\n", seconds(time)))
        .collect()
}

fn install() -> Result<()> {
    tools::wasm_target()?;
    tools::node_modules()?;
    tools::postgres();
    let chromium = tools::chromium()?;
    println!("{}", output(program(chromium).arg("--version"))?.trim());
    Ok(())
}

/// Checks the formatting of scripts and styles, and the types in the JavaScript.
fn scripts() -> Result<()> {
    run_program(npm_program("prettier").args(["--check", "--log-level=warn", "."]))?;
    run_program(&mut npm_program("tsc"))
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

fn rustdoc() -> Result<()> {
    run_program(
        cargo("doc --workspace --no-deps --quiet")
            .args(FEATURES)
            .env("RUSTDOCFLAGS", "--deny warnings"),
    )
}

/// Runs the tests of the workspace, then those of xtask: alone they use the dependencies that this
/// very program was built with.
fn rust_tests() -> Result<()> {
    let others = ["--workspace", "--exclude", "xtask"];
    let xtask = ["--package", "xtask"];
    if !tools::cargo_has("nextest") {
        run_program(cargo("test --quiet").args(others).args(FEATURES))?;
        return run_program(cargo("test --quiet").args(xtask));
    }
    let nextest = "nextest run --status-level fail --no-fail-fast";
    run_program(cargo(nextest).args(others).args(FEATURES))?;
    // nextest leaves out the examples in the documentation.
    run_program(cargo("test --doc --quiet").args(others).args(FEATURES))?;
    run_program(cargo(nextest).args(xtask))
}

/// Runs each fuzz target for so many seconds, and tries every mutation of upstream's answers.
///
/// # Errors
/// Where a target or a test fails.
pub(crate) fn fuzz(seconds: &str) -> Result<()> {
    run_program(
        cargo("test -p recharge -p protocol -p gateway --tests --release")
            .env("FUZZ_SECONDS", seconds)
            .env("MUTATIONS_STEP", "1")
            .args(["--", "--nocapture", "fuzz_", "mutation"]),
    )
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

fn browser_tests() -> Result<()> {
    run_program(&mut playwright(Build::Production)?)
}

/// Every section, and a change with its Undo, in the browsers that the tests are not run in.
fn smoke() -> Result<()> {
    let mut command = program("node");
    command
        .arg("tests/smoke/smoke.mjs")
        .env("PERENNIAL_TARGET", target())
        .env("PERENNIAL_PORTAL", Build::Production.name())
        .env("CHROME", tools::chromium()?)
        .envs(tools::other_browsers());
    run_program(&mut command)
}

/// Runs the browser tests that `words` choose over bundles and programs built for it, quickly.
///
/// # Errors
/// Where a step or a test fails.
pub(crate) fn try_out(words: &[String]) -> Result<()> {
    install()?;
    dist::bundle(Build::Quick)?;
    dist::bundle(Build::Mock)?;
    run_program(&mut programs())?;
    run_program(playwright(Build::Quick)?.args(words))
}

fn playwright(portal: Build) -> Result<std::process::Command> {
    let mut command = tools::playwright();
    command
        .arg("test")
        .env("CHROME", tools::chromium()?)
        .env("PERENNIAL_TARGET", target())
        .env("PERENNIAL_PORTAL", portal.name());
    Ok(command)
}
