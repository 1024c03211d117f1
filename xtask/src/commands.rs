//! Whether the commands of the README start and stop where nothing was built before.

use std::fs;
use std::process::Command;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};

use crate::demo::{self, get};
use crate::preview;
use crate::process::{program, root, run};

/// How long a command may take until it serves its page.
const PATIENCE: Duration = Duration::from_secs(20 * 60);

/// Starts each command of the README that serves something, opens its page and ends it.
///
/// # Errors
/// Where a command does not start or stop, or the README names one that is not known here.
pub(crate) fn check() -> Result<()> {
    let readme = fs::read_to_string(root().join("README.md"))?;
    for name in named(&readme) {
        match name {
            "preview" => serves(name, preview::ADDRESS, "data-mode=\"mock\"")?,
            "demo" => serves(name, demo::PORTAL, "data-mode=\"http\"")?,
            // This is one of them; the others run as they do here, for longer.
            "test" | "try" | "dist" | "bench" => {}
            other => bail!("nothing checks `cargo xtask {other}`, which the README names"),
        }
    }
    Ok(())
}

/// The commands in `text`, each once.
fn named(text: &str) -> Vec<&str> {
    let words = text.split("cargo xtask ").skip(1);
    let mut names: Vec<&str> = words
        .filter_map(|rest| rest.split(|c: char| !c.is_ascii_alphabetic()).next())
        .collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// Starts `cargo xtask {name}` until the portal at `address` contains `mark`, then ends it as
/// Ctrl-C does.
fn serves(name: &str, address: &str, mark: &str) -> Result<()> {
    let start = Instant::now();
    let mut child = command(name).spawn()?;
    let result = loop {
        if let Some(status) = child.try_wait()? {
            bail!("cargo xtask {name} ended with {status}");
        }
        if let Some(page) = get(address, "/portal/")? {
            break if page.contains(mark) {
                Ok(())
            } else {
                Err(anyhow::anyhow!("http://{address}/portal/ has no {mark}"))
            };
        }
        if start.elapsed() > PATIENCE {
            break Err(anyhow::anyhow!("http://{address}/portal/ does not answer"));
        }
        sleep(Duration::from_millis(200));
    };
    println!(
        "cargo xtask {name} serves after {} s",
        start.elapsed().as_secs()
    );
    interrupt(child.id())?;
    child.wait()?;
    ensure!(
        get(address, "/portal/")?.is_none(),
        "cargo xtask {name} ended, and {address} still answers"
    );
    result
}

/// A command in a process group of its own, so that all of it can be interrupted.
fn command(name: &str) -> Command {
    let mut command = program(std::env::current_exe().unwrap_or_else(|_| "xtask".into()));
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.arg(name);
    command
}

fn interrupt(group: u32) -> Result<()> {
    run(program("kill").args(["-INT", "--", &format!("-{group}")]))
        .context("the command cannot be interrupted")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_found_once_each() {
        let text = "cargo xtask demo  # a shop\n`cargo xtask demo dunning`, cargo xtask test";
        assert_eq!(named(text), ["demo", "test"]);
    }
}
