//! `cargo xtask dist`: the bundle that a browser loads, and the middleware with it inside.

mod build;
mod bundle;
mod embed;
mod npm;
mod page;
mod preview;
mod sbom;
mod texts;
mod wasm;

pub(crate) use build::Build;
pub(crate) use bundle::copy_folder;
pub(crate) use page::minify;
pub(crate) use preview::data as preview_data;
pub(crate) use texts::files as texts;

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};
use sha2::{Digest, Sha256};

use crate::process::{cargo, root, run as run_program, target};
use crate::sizes::{BUDGET, Table};
use crate::tools;

/// Builds a bundle into [`Build::folder`]; steps whose inputs did not change are skipped.
///
/// # Errors
/// Where a tool is missing or fails.
pub(crate) fn bundle(build: Build) -> Result<Table> {
    tools::wasm_target()?;
    tools::node_modules()?;
    fs::create_dir_all(build.work())?;
    // Two commands at once would write over each other's files.
    let lock = fs::File::create(build.work().join("lock"))?;
    lock.lock()?;
    let module = wasm::build(build)?;
    if !build.is_mock() {
        npm::write()?;
    }
    page::assemble(build, &module)
}

/// Refuses a first load over its budget.
///
/// # Errors
/// Where it is over.
pub(crate) fn check_budget(table: &Table) -> Result<()> {
    let total = table.total();
    if total > BUDGET {
        bail!(
            "the first load is {} kB over its budget; docs/architecture.md says how code gets \
             out of its file",
            (total - BUDGET).div_ceil(1000)
        );
    }
    Ok(())
}

/// The SHA-256 of each WebAssembly in a bundle, and of all its files together: two builds of the
/// same sources have the same, wherever they were made.
///
/// # Errors
/// Where there is no bundle in `folder`.
pub(crate) fn fingerprints(folder: &Path) -> Result<String> {
    let mut files = bundle::files(folder)?;
    files.sort();
    let (mut all, mut lines) = (Sha256::new(), String::new());
    for file in files {
        let name = file.strip_prefix(folder)?.display().to_string();
        let content = Sha256::digest(fs::read(&file)?);
        all.update(name.as_bytes());
        all.update(content);
        if name.ends_with(".wasm") {
            lines += &format!("sha256 {} {name}\n", bundle::hex(&content));
        }
    }
    lines += &format!("sha256 {} of the bundle", bundle::hex(&all.finalize()));
    Ok(lines)
}

/// Builds everything a merchant deploys into `dist/`.
///
/// # Errors
/// Where a step fails or the first load has grown.
pub(crate) fn run() -> Result<()> {
    println!("The bundle (about two minutes the first time)");
    let table = bundle(Build::Production)?;
    println!(
        "\n{table}\n\n{}\n\nFor pages of the merchant:\n{}\n",
        fingerprints(&Build::Production.folder())?,
        embed::tag()?
    );
    check_budget(&table)?;

    println!("The preview for designers (about a minute the first time)");
    bundle(Build::Mock)?;

    println!("The middleware with the bundle inside (about four minutes the first time)");
    run_program(&mut cargo(
        "build --locked --release -p middleware --features embed-portal",
    ))?;

    let dist = root().join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    copy_folder(&Build::Production.folder(), &dist.join("portal"))?;
    copy_folder(&npm::folder(), &dist.join("npm"))?;
    copy_folder(&preview::site(), &dist.join("preview"))?;
    let middleware = format!("perennial{}", std::env::consts::EXE_SUFFIX);
    fs::copy(
        target().join("release").join(&middleware),
        dist.join(&middleware),
    )?;
    for bill in sbom::write(&target().join("dist"))? {
        let name = bill.file_name().unwrap_or_default();
        fs::copy(&bill, dist.join(name))?;
    }
    println!(
        "dist/portal holds the bundle, dist/{middleware} serves it by itself; dist/npm is a package \
         for pages that embed it; dist/preview is for designers, on any static host; *.cdx.json say \
         which crates are in them"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s45_equal_bundles_have_equal_hashes_in_any_folder() {
        let place = target().join("fingerprints-of-a-test");
        let of = |folder: &str, content: &str| {
            let folder = place.join(folder);
            fs::create_dir_all(folder.join("assets")).unwrap();
            fs::write(folder.join("index.html"), "page").unwrap();
            fs::write(folder.join("assets/portal.wasm"), content).unwrap();
            fingerprints(&folder).unwrap()
        };
        let (one, other) = (of("one", "module"), of("other", "module"));
        assert_eq!(one, other);
        let module = bundle::hex(&Sha256::digest("module"));
        assert!(one.starts_with(&format!("sha256 {module} assets/portal.wasm\n")));
        assert_ne!(one.lines().last(), of("other", "another").lines().last());
        fs::remove_dir_all(place).unwrap();
    }
}
