//! What the commands need from the machine, installed where it is missing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output, program, root, run, succeeds, target};

/// The version of trunk that builds with our compiler; later ones ask for a newer one.
const TRUNK: &str = "0.21.14";
/// The version of wasm-bindgen in Cargo.lock: program and library must be the same.
const WASM_BINDGEN: &str = "0.2.130";

/// Makes sure that rustc can compile to WebAssembly.
///
/// # Errors
/// Where the target is missing and rustup cannot add it.
pub(crate) fn wasm_target() -> Result<()> {
    let folder = output(program("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        "wasm32-unknown-unknown",
    ]))?;
    if Path::new(folder.trim()).is_dir() {
        return Ok(());
    }
    println!("Adding rustc's WebAssembly target (about 10 seconds)");
    run(program("rustup").args(["target", "add", "wasm32-unknown-unknown"]))
        .context("the WebAssembly target of rustc is missing; see https://rustup.rs")
}

/// Makes sure that node_modules/ holds what package-lock.json says.
///
/// # Errors
/// Where Node is missing or too old, or npm fails.
pub(crate) fn node_modules() -> Result<()> {
    let version = output(program("node").arg("--version"))
        .context("Node 20 or later is needed to pack the wasm and to drive the browser")?;
    let major = version.trim().trim_start_matches('v').split('.').next();
    if major.and_then(|major| major.parse::<u32>().ok()) < Some(20) {
        bail!("Node 20 or later is needed, this is {}", version.trim());
    }
    let wanted = fs::read_to_string(root().join("package-lock.json"))?;
    let stamp = root().join("node_modules/.perennial-lock");
    if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    println!("Installing esbuild, binaryen and Playwright into node_modules/ (about 10 seconds)");
    run(program("npm")
        .args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"])
        .args(["--loglevel", "error"]))?;
    fs::write(stamp, wanted)?;
    Ok(())
}

/// The path of a Chromium: `$CHROME`, one on the path, Playwright's own; where there is
/// none it is installed.
///
/// # Errors
/// Where there is none and it cannot be installed; the message says what to do.
pub(crate) fn chromium() -> Result<PathBuf> {
    if let Some(found) = find_chromium() {
        return Ok(found);
    }
    if succeeds(program("id").arg("-u")) && output(program("id").arg("-u"))?.trim() == "0" {
        println!("Installing Chromium from the system's packages (about a minute)");
        let installed = run(program("apt-get").args(["update", "-qq"])).and_then(|()| {
            run(program("apt-get")
                .args(["install", "-y", "-qq", "chromium"])
                .env("DEBIAN_FRONTEND", "noninteractive"))
        });
        if let Err(error) = installed {
            println!("{error:#}");
        }
    } else {
        println!("Downloading Playwright's Chromium (about a minute)");
        if let Err(error) = run(playwright().args(["install", "chromium"])) {
            println!("{error:#}");
        }
    }
    find_chromium().context("no Chromium: install one and set CHROME to its path")
}

fn find_chromium() -> Option<PathBuf> {
    if let Some(path) = std::env::var_os("CHROME") {
        return Some(path.into());
    }
    let names = [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path)
        .flat_map(|folder| names.map(|name| folder.join(name)))
        .find(|candidate| candidate.is_file());
    on_path.or_else(|| {
        let script =
            "import('@playwright/test').then(p => console.log(p.chromium.executablePath()))";
        let own = output(program("node").args(["--eval", script])).ok()?;
        let own = PathBuf::from(own.trim());
        own.is_file().then_some(own)
    })
}

/// Playwright's command line.
pub(crate) fn playwright() -> Command {
    crate::process::npm_program("playwright")
}

/// Whether cargo has this subcommand, such as `nextest`.
pub(crate) fn cargo_has(subcommand: &str) -> bool {
    succeeds(cargo(subcommand).arg("--version"))
}

/// Makes sure that there is a trunk of the version that works here.
///
/// # Errors
/// Where it cannot be installed.
pub(crate) fn trunk() -> Result<PathBuf> {
    installed("trunk", "trunk", TRUNK, &["--locked"], 12)
}

/// Makes sure that there is a wasm-bindgen of the version that the portal is linked with:
/// trunk starts it as a program, and would fetch one from elsewhere. Without its lock file,
/// which asks for versions that not every registry has.
///
/// # Errors
/// Where it cannot be installed.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    installed("wasm-bindgen", "wasm-bindgen-cli", WASM_BINDGEN, &[], 4)
}

/// The program of a crate in just this version, from the path or from target/tools, where it
/// is installed if need be, in about so many minutes.
fn installed(
    name: &str,
    package: &str,
    version: &str,
    options: &[&str],
    minutes: u32,
) -> Result<PathBuf> {
    let own = target().join("tools/bin").join(name);
    for place in [own.clone(), name.into()] {
        let told = output(program(&place).arg("--version")).unwrap_or_default();
        if told.split_whitespace().nth(1) == Some(version) {
            return Ok(place);
        }
    }
    println!("Installing {name} {version} into target/tools (once, about {minutes} minutes)");
    run(cargo("install --quiet --force")
        .args(options)
        .arg(format!("{package}@{version}"))
        .arg("--root")
        .arg(target().join("tools")))?;
    Ok(own)
}
