//! `cargo xtask preview`: the portal over mock data, rebuilt and reloaded at each change.

use anyhow::{Context, Result};

use crate::dist::minify;
use crate::process::{program, root, run as run_program, target};
use crate::tools;

/// Serves the preview until Ctrl-C.
///
/// # Errors
/// Where a tool is missing or fails.
pub(crate) fn run() -> Result<()> {
    tools::wasm_target()?;
    tools::node_modules()?;
    let trunk = tools::trunk()?;
    tools::wasm_bindgen()?;
    let path = std::env::var_os("PATH").unwrap_or_default();
    let own = std::iter::once(target().join("tools/bin"));
    let path = std::env::join_paths(own.chain(std::env::split_paths(&path)))?;
    println!("The portal over mock data: http://127.0.0.1:8403/portal/ (Ctrl-C ends)");
    run_program(
        program(trunk)
            .arg("serve")
            .env("PATH", path)
            .env_remove("RUSTFLAGS"),
    )
}

/// Puts the style into the folder that trunk is building: a constructed sheet may not
/// have imports, so they are inlined first.
///
/// # Errors
/// Outside a trunk build, or where the style has an error.
pub(crate) fn style() -> Result<()> {
    let staging = std::env::var_os("TRUNK_STAGING_DIR").context("only trunk calls this")?;
    let destination = std::path::Path::new(&staging).join("portal.css");
    minify(&root().join("style/portal.css"), &destination)
}
