//! What the commands need from the machine, installed where it is missing.

use std::fs::{self, DirEntry};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::{cargo, output, program, root, run, succeeds, target};

/// The version of trunk that builds with our compiler; later ones ask for a newer one.
pub(crate) const TRUNK: &str = "0.21.14";
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
    println!("Installing the packages of package-lock.json into node_modules/ (about 10 seconds)");
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
    if is_root() {
        println!("Installing Chromium from the system's packages (about a minute)");
        apt(&["chromium"]);
    } else {
        println!("Downloading Playwright's Chromium (about a minute)");
        if let Err(error) = run(playwright().args(["install", "chromium"])) {
            println!("{error:#}");
        }
    }
    find_chromium().context("no Chromium: install one and set CHROME to its path")
}

/// Makes sure that there is a PostgreSQL server for the tests, where this may install one. Tests that
/// find none say so, and fail in CI.
pub(crate) fn postgres() {
    let is_named = std::env::var_os("PERENNIAL_TEST_DATABASE_URL").is_some();
    // Where only the client is installed there is no `initdb`.
    let has_server = |version: DirEntry| version.path().join("bin/initdb").is_file();
    let in_debian =
        || fs::read_dir("/usr/lib/postgresql").is_ok_and(|all| all.flatten().any(has_server));
    if is_named || on_path(&["initdb"]).is_some() || in_debian() {
        return;
    }
    if is_root() {
        println!("Installing PostgreSQL from the system's packages (about a minute)");
        apt(&["postgresql"]);
    } else {
        println!("No PostgreSQL server: install one, or set PERENNIAL_TEST_DATABASE_URL");
    }
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
    on_path(&names).or_else(|| {
        let script =
            "import('@playwright/test').then(p => console.log(p.chromium.executablePath()))";
        let own = output(program("node").args(["--eval", script])).ok()?;
        let own = PathBuf::from(own.trim());
        own.is_file().then_some(own)
    })
}

/// The first of these programs that is on the path.
fn on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .flat_map(|folder| names.iter().map(move |name| folder.join(name)))
        .find(|candidate| candidate.is_file())
}

fn is_root() -> bool {
    output(program("id").arg("-u")).is_ok_and(|id| id.trim() == "0")
}

/// Installs packages of a Debian system as root; says what went wrong.
fn apt(packages: &[&str]) {
    let installed = run(program("apt-get").args(["update", "-qq"])).and_then(|()| {
        run(program("apt-get")
            .args(["install", "-y", "-qq"])
            .args(packages)
            .env("DEBIAN_FRONTEND", "noninteractive"))
    });
    if let Err(error) = installed {
        println!("{error:#}");
    }
}

/// The variables that name Firefox and WebKit to the smoke run. A browser that is neither there
/// nor can be installed is left out, which is said.
pub(crate) fn other_browsers() -> Vec<(&'static str, PathBuf)> {
    let mut found = Vec::new();
    let firefox = || on_path(&["firefox-esr", "firefox"]);
    match or_installed(firefox, &["firefox-esr"]) {
        Some(firefox) => found.push(("FIREFOX", firefox)),
        None => println!("Firefox is left out: there is none, and it cannot be installed here"),
    }
    let webkit = || {
        Some((
            on_path(&["WebKitWebDriver"])?,
            mini_browser()?,
            on_path(&["xvfb-run"])?,
        ))
    };
    match or_installed(webkit, &["webkit2gtk-driver", "xvfb"]) {
        Some((driver, browser, _)) => {
            found.extend([("WEBKIT_DRIVER", driver), ("WEBKIT_BROWSER", browser)]);
        }
        None => println!("WebKit is left out: there is none, and it cannot be installed here"),
    }
    found
}

/// What `find` finds, after `packages` have been installed if need be.
fn or_installed<T>(find: impl Fn() -> Option<T>, packages: &[&str]) -> Option<T> {
    let found = find();
    if found.is_some() || !is_root() {
        return found;
    }
    println!("Installing {} (about a minute)", packages.join(" and "));
    apt(packages);
    find()
}

/// WebKitGTK's own small browser, which lies beside its library.
fn mini_browser() -> Option<PathBuf> {
    let architecture = std::env::consts::ARCH;
    ["4.1", "4.0"].into_iter().find_map(|version| {
        let folder = format!("/usr/lib/{architecture}-linux-gnu/webkit2gtk-{version}");
        let browser = Path::new(&folder).join("MiniBrowser");
        browser.is_file().then_some(browser)
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

/// A trunk of the version that works here, on the path or in target/tools. It takes twelve minutes
/// to install, so that is left to those who want it.
pub(crate) fn trunk() -> Option<PathBuf> {
    find("trunk", TRUNK)
}

/// Makes sure that there is a wasm-bindgen of the version that the portal is linked with:
/// trunk starts it as a program, and would fetch one from elsewhere. Without its lock file,
/// which asks for versions that not every registry has.
///
/// # Errors
/// Where it cannot be installed.
pub(crate) fn wasm_bindgen() -> Result<PathBuf> {
    if let Some(found) = find("wasm-bindgen", WASM_BINDGEN) {
        return Ok(found);
    }
    println!("Installing wasm-bindgen {WASM_BINDGEN} into target/tools (once, about 4 minutes)");
    run(cargo("install --quiet --force")
        .arg(format!("wasm-bindgen-cli@{WASM_BINDGEN}"))
        .arg("--root")
        .arg(target().join("tools")))?;
    Ok(target().join("tools/bin/wasm-bindgen"))
}

/// The program of this name in just this version, from target/tools or the path.
fn find(name: &str, version: &str) -> Option<PathBuf> {
    let places = [target().join("tools/bin").join(name), name.into()];
    places.into_iter().find(|place| {
        let told = output(program(place).arg("--version")).unwrap_or_default();
        told.split_whitespace().nth(1) == Some(version)
    })
}
