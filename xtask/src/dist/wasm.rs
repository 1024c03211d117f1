//! From Rust to an optimised module and its minified glue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;
use sha2::{Digest, Sha256};
use wasm_bindgen_cli_support::Bindgen;

use super::Build;
use crate::process::{cargo, npm_program, root, run, target};

/// The portal as a browser loads it.
pub(super) struct Module {
    /// The WebAssembly, optimised and stripped.
    pub(super) wasm: PathBuf,
    /// The JavaScript that loads it, an ES module, minified.
    pub(super) glue: PathBuf,
}

/// Compiles, links and optimises; where the compiler made the same module as last time,
/// the steps after it are skipped.
pub(super) fn build(build: Build) -> Result<Module> {
    let compiled = compile(build)?;
    let work = build.work();
    let module = Module {
        wasm: work.join("portal.wasm"),
        glue: work.join("portal.js"),
    };
    let stamp = work.join("module.stamp");
    let inputs = fingerprint(&compiled)?;
    let finished = module.wasm.exists() && module.glue.exists();
    if finished && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        return Ok(module);
    }
    link(&compiled, &work)?;
    optimise(&work, &module)?;
    fs::write(stamp, inputs)?;
    Ok(module)
}

fn compile(build: Build) -> Result<PathBuf> {
    let mut command =
        cargo("build --profile web --target wasm32-unknown-unknown -p perennial --lib");
    if build == Build::Mock {
        command.args(["--features", "mock"]);
    }
    // Either variable would replace the flags that .cargo/config.toml has for the wasm.
    command
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    run(&mut command)?;
    Ok(target().join("wasm32-unknown-unknown/web/perennial.wasm"))
}

/// Changes with the compiled module, with the versions of the npm tools and with how
/// this file uses them.
fn fingerprint(compiled: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(fs::read(compiled)?);
    hash.update(fs::read(root().join("package-lock.json"))?);
    hash.update(include_bytes!("wasm.rs"));
    Ok(super::page::hex(&hash.finalize()))
}

fn link(compiled: &Path, work: &Path) -> Result<()> {
    let snippets = work.join("snippets");
    if snippets.exists() {
        fs::remove_dir_all(snippets)?;
    }
    Bindgen::new()
        .input_path(compiled)
        .web(true)?
        .typescript(false)
        .out_name("linked")
        .generate(work)
}

fn optimise(work: &Path, module: &Module) -> Result<()> {
    // No --enable flags: the module still has the section that says what it uses.
    run(npm_program("wasm-opt")
        .arg("-Oz")
        .arg(work.join("linked_bg.wasm"))
        .arg("-o")
        .arg(&module.wasm))?;
    run(npm_program("esbuild")
        .arg(work.join("linked.js"))
        .args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--log-level=warning",
        ])
        .arg(format!("--outfile={}", module.glue.display())))
}
