//! `cargo xtask <command>`: every command a person or CI runs.
//!
//! Each command installs what it needs and the machine lacks, and says so; a second run
//! installs nothing.
#![expect(
    clippy::print_stdout,
    reason = "a command line tool talks to its terminal"
)]

mod bench;
mod commands;
mod demo;
mod dist;
mod policy;
mod preview;
mod process;
mod programs;
mod sizes;
mod test;
mod tools;

use std::process::ExitCode;

const HELP: &str = "\
cargo xtask demo      a shop, the portal and a store behind it, on this machine;
                      a scenario may follow: everyday, new-customer, dunning, …
cargo xtask test      all checks and tests, from formatting to the browser;
                      words choose steps by name: clippy, Rust, bundle, browser, …
cargo xtask try       the browser tests over bundles that build in seconds; words go to
                      Playwright: a file of tests/, -g and a title, …
cargo xtask fuzz      the fuzz targets, 60 seconds each or as many as follow, and every
                      mutation of every answer that a view reads
cargo xtask preview   the portal over mock data, with live reload of styles; with trunk
                      installed, of code too
cargo xtask dist      the production bundle and the middleware with it inside, in dist/
cargo xtask bench     the budgets and what was measured, as a table and as JSON in
                      target/bench/; refuses to measure without its throttling
cargo xtask imports   the import cycles between files, in the crates that must have none or in
                      the folder that follows: src, crates/gateway/src, …";

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let command = words.next().unwrap_or_default();
    let words: Vec<String> = words.collect();
    let result = match command.as_str() {
        "demo" => demo::run(words.first().map_or("everyday", String::as_str)),
        "test" => test::run(&words),
        "try" => test::try_out(&words),
        "fuzz" => test::fuzz(words.first().map_or("60", String::as_str)),
        "preview" => preview::run(),
        // What trunk calls after each of its builds.
        "preview-style" => preview::style(),
        "dist" => dist::run(),
        "bench" => bench::run(),
        "imports" => policy::imports(words.first().map(String::as_str)),
        "" | "help" | "--help" => {
            println!("{HELP}");
            return ExitCode::SUCCESS;
        }
        other => Err(anyhow::anyhow!("no such command: {other}\n\n{HELP}")),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nxtask: {error:#}");
            ExitCode::FAILURE
        }
    }
}
