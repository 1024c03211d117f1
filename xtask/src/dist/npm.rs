//! The npm package: the types of the element, and components for React and Vue.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};

use crate::process::{npm_program, root, run, target};

/// What `web/npm/package.json` says in the place of the release.
const NO_VERSION: &str = "\"version\": \"0.0.0\"";

/// Where the finished package lies.
pub(super) fn folder() -> PathBuf {
    target().join("dist/npm")
}

/// Compiles the package from `web/npm` into [`folder`].
///
/// # Errors
/// Where it does not compile against the types of React and Vue.
pub(super) fn write() -> Result<()> {
    let (source, folder) = (root().join("web/npm"), folder());
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    run(npm_program("tsc")
        .arg("--project")
        .arg(&source)
        .arg("--outDir")
        .arg(&folder))?;
    let package = fs::read_to_string(source.join("package.json"))?;
    ensure!(
        package.contains(NO_VERSION),
        "web/npm/package.json does not say {NO_VERSION}"
    );
    let version = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    fs::write(
        folder.join("package.json"),
        package.replace(NO_VERSION, &version),
    )?;
    fs::copy(source.join("README.md"), folder.join("README.md"))?;
    for license in ["LICENSE-APACHE", "LICENSE-MIT"] {
        fs::copy(root().join(license), folder.join(license))?;
    }
    Ok(())
}
