//! From Rust to optimised modules and their minified glue.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use sha2::{Digest, Sha256};
use walrus::{Export, ExportItem, FunctionBuilder, FunctionKind, InstrSeqBuilder, Module as Wasm};
use wasm_bindgen_cli_support::Bindgen;

use super::build::Build;
use super::bundle::hex;
use crate::process::{cargo, npm_program, root, run, target};

/// What the glue calls the second file until it has its hashed name.
pub(super) const REST: &str = "rest.wasm";

/// What the compiled module may use, for modules that lost the section that says it.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Begins the names of the streams that Leptos brings for its server functions, of which the
/// portal has none.
const UNUSED: &str = "IntoUnderlying";

/// Begins the name of what the module exports for a panic to call.
const CRASH: &str = "crash_";

/// Parts of the names of functions that panic, and do nothing else.
const PANICS: [&str; 13] = [
    "4core9panicking",
    "4core6option13expect_failed",
    "4core6option13unwrap_failed",
    "4core6result13unwrap_failed",
    "5index16slice_index_fail",
    "3str16slice_error_fail",
    "4cell22panic_already_borrowed",
    "4cell30panic_already_mutably_borrowed",
    "5alloc18handle_alloc_error",
    "7raw_vec12handle_error",
    "7raw_vec17capacity_overflow",
    "17len_mismatch_fail",
    "6remove13assert_failed",
];

/// Parts of the names of functions that write a value for developers.
const DEBUG: [&str; 2] = ["..fmt..Debug$GT$3fmt", "5Debug3fmt"];

/// How the glue fills an element with markup.
const FILL: &str = ".innerHTML = getStringFromWasm0(";

/// Put before the glue: `trustedHtml` makes of the portal's own markup what a page with Trusted
/// Types takes, by a policy of the portal's own. Without Trusted Types, and in a page that does not
/// allow the policy, markup stays text.
const POLICY: &str = "\
let trustedHtml = (text) => text;
try {
    const policy = trustedTypes.createPolicy(\"perennial\", { createHTML: trustedHtml });
    trustedHtml = (text) => policy.createHTML(text);
} catch {}
";

/// The portal as a browser loads it.
pub(super) struct Module {
    /// The WebAssembly of the first page, optimised and stripped; in one file with
    /// everything where the build is not split.
    pub(super) wasm: PathBuf,
    /// The WebAssembly of everything else, of a build that is split.
    pub(super) rest: Option<PathBuf>,
    /// The JavaScript that loads them, an ES module, minified. It names the second file
    /// `./rest.wasm`.
    pub(super) glue: PathBuf,
}

/// Compiles, links and optimises; where the compiler made the same module as last time,
/// the steps after it are skipped.
pub(super) fn build(build: Build) -> Result<Module> {
    let compiled = compile(build)?;
    let work = build.work();
    let module = Module {
        wasm: work.join("portal.wasm"),
        rest: build.is_split().then(|| work.join("rest.wasm")),
        glue: work.join("portal.js"),
    };
    let stamp = work.join("module.stamp");
    let inputs = fingerprint(&compiled)?;
    let outputs = [&module.wasm, &module.glue].into_iter().chain(&module.rest);
    let finished = outputs.into_iter().all(|file| file.exists());
    if finished && fs::read_to_string(&stamp).is_ok_and(|last| last == inputs) {
        return Ok(module);
    }
    // What a run before left there would be bundled with what this one makes.
    let linked = work.join("linked");
    if linked.exists() {
        fs::remove_dir_all(&linked)?;
    }
    fs::create_dir_all(&linked)?;
    if let Some(rest) = &module.rest {
        let halves = split(&compiled, &linked)?;
        link(&halves.main, &linked, true)?;
        optimise(&halves.rest, rest)?;
    } else {
        link(&compiled, &linked, false)?;
    }
    let unoptimised = linked.join("portal_bg.wasm");
    trust_markup(&linked.join("portal.js"))?;
    if build.is_quick() {
        fs::copy(unoptimised, &module.wasm)?;
    } else {
        shorten_imports(&unoptimised, &linked.join("portal.js"))?;
        optimise(&unoptimised, &module.wasm)?;
    }
    pack(&linked.join("portal.js"), &module.glue)?;
    fs::write(stamp, inputs)?;
    Ok(module)
}

fn compile(build: Build) -> Result<PathBuf> {
    let profile = if build.is_quick() { "web-quick" } else { "web" };
    let mut command = cargo("rustc --locked -p perennial --lib --crate-type cdylib");
    command.args(["--target", "wasm32-unknown-unknown", "--profile", profile]);
    if !build.is_quick() {
        command.args(["--config", &remapping()?]);
    }
    if build.is_mock() {
        command.args(["--features", "mock"]);
    }
    if build.is_split() {
        // Where each function and each piece of data is used: what the split follows.
        command
            .args(["--features", "split"])
            .args(["--", "-Clink-args=--emit-relocs"]);
    }
    // Either variable would replace the flags that .cargo/config.toml has for the wasm.
    command
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    run(&mut command)?;
    let folder = target().join("wasm32-unknown-unknown").join(profile);
    Ok(folder.join("perennial.wasm"))
}

/// The setting by which the module names no folder of this machine, so that two builds in two
/// folders give the same bytes. It comes on top of the flags in .cargo/config.toml.
fn remapping() -> Result<String> {
    let cargo_home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = cargo_home.or_else(|| Some(std::env::home_dir()?.join(".cargo")));
    let cargo_home = cargo_home.context("no home folder, and no CARGO_HOME")?;
    let flags = [(root(), "/portal"), (&cargo_home, "/cargo")]
        .map(|(folder, name)| format!("'--remap-path-prefix={}={name}'", folder.display()));
    Ok(format!(
        "target.wasm32-unknown-unknown.rustflags=[{}]",
        flags.join(", ")
    ))
}

/// Changes with the compiled module, with the versions of the npm tools and with how
/// this file uses them.
fn fingerprint(compiled: &Path) -> Result<String> {
    let mut hash = Sha256::new();
    hash.update(fs::read(compiled)?);
    hash.update(fs::read(root().join("package-lock.json"))?);
    hash.update(include_bytes!("wasm.rs"));
    Ok(hex(&hash.finalize()))
}

/// A module in two files.
struct Halves {
    /// Still to be linked.
    main: PathBuf,
    /// Instantiated by a script beside it, with what the first exports.
    rest: PathBuf,
}

/// Takes `compiled` apart into `folder`, where the script that loads the second half is
/// written too.
fn split(compiled: &Path, folder: &Path) -> Result<Halves> {
    let input = fs::read(compiled)?;
    let main = folder.join("main.wasm");
    let mut options = wasm_split_cli_support::Options::new(&input);
    options.output_dir = folder;
    options.main_out_path = &main;
    options.main_module = "./portal.js";
    let halves =
        wasm_split_cli_support::transform(options).map_err(|error| anyhow!("{error:?}"))?;
    ensure!(
        halves.split_modules.len() == 1,
        "one second file was expected, there are {:?}",
        halves.split_modules
    );
    let rest = folder.join(REST);
    let made = &halves.split_modules[0];
    let loader = folder.join("__wasm_split.js");
    let name = made.file_name().unwrap_or_default().to_string_lossy();
    let script = fs::read_to_string(&loader)?;
    ensure!(script.contains(&*name), "the loader does not name {name}");
    fs::write(&loader, script.replace(&*name, REST))?;
    fs::rename(made, &rest)?;
    Ok(Halves { main, rest })
}

/// Makes `portal_bg.wasm` and `portal.js` of `wasm` in `folder`.
fn link(wasm: &Path, folder: &Path, split: bool) -> Result<()> {
    let mut module = walrus::Module::from_file(wasm)?;
    leave_out(UNUSED, &mut module)?;
    if split {
        leave_out_messages(&mut module)?;
    }
    Bindgen::new()
        .input_module("portal", module)
        .web(true)?
        .typescript(false)
        // The second half imports from the first by the compiler's names.
        .keep_lld_exports(split)
        .demangle(!split)
        .out_name("portal")
        .generate(folder)
}

/// Has whatever panics call [`CRASH`] and end, and whatever writes a value for developers write
/// nothing: nobody reads it. What makes the messages is dropped then, and what is handed to it at
/// thousands of places.
fn leave_out_messages(module: &mut Wasm) -> Result<()> {
    let is_crash = |export: &&Export| export.name.starts_with(CRASH);
    let crash = module.exports.iter().find(is_crash);
    let Some(ExportItem::Function(crash)) = crash.map(|export| export.item) else {
        bail!("the module exports no {CRASH}");
    };
    let mut end = FunctionBuilder::new(&mut module.types, &[], &[]);
    end.func_body().call(crash).unreachable();
    let end = end.finish(Vec::new(), &mut module.funcs);
    // Alone, so that the optimiser puts it into every caller, and drops the arguments.
    replace(&PANICS, module, |body| {
        body.call(end);
    })?;
    // That all went well.
    replace(&DEBUG, module, |body| {
        body.i32_const(0);
    })
}

/// Gives all functions whose names contain one of `parts` another body.
fn replace(
    parts: &[&str],
    module: &mut Wasm,
    body: impl Fn(&mut InstrSeqBuilder<'_>),
) -> Result<()> {
    let is_meant = |name: &str| parts.iter().any(|part| name.contains(part));
    let functions = module.funcs.iter_local();
    let meant: Vec<_> = functions
        .filter(|(id, _)| module.funcs.get(*id).name.as_deref().is_some_and(is_meant))
        .map(|(id, function)| (id, function.ty(), function.args.clone()))
        .collect();
    ensure!(meant.len() > parts.len(), "other names than {parts:?}");
    for (id, kind, arguments) in meant {
        let (takes, gives) = module.types.params_results(kind);
        let (takes, gives) = (takes.to_vec(), gives.to_vec());
        let mut function = FunctionBuilder::new(&mut module.types, &takes, &gives);
        body(&mut function.func_body());
        module.funcs.get_mut(id).kind = FunctionKind::Local(function.local_func(arguments));
    }
    Ok(())
}

/// Takes the classes whose names contain `unused` out of what `module` offers to JavaScript, so
/// that their code is dropped with the rest that nobody calls.
fn leave_out(unused: &str, module: &mut walrus::Module) -> Result<()> {
    const SECTION: &str = "__wasm_bindgen_unstable";
    let section = module.customs.remove_raw(SECTION);
    let section = section
        .context("the module says nothing of its classes")?
        .data;
    let (mut kept, mut rest) = (Vec::new(), &section[..]);
    // Each use of the macro left two texts, each after its length: the format, and what it says.
    while !rest.is_empty() {
        let (format, after) = sized(rest)?;
        let (said, after) = sized(after)?;
        if !said
            .windows(unused.len())
            .any(|part| part == unused.as_bytes())
        {
            for part in [format, said] {
                kept.extend(u32::try_from(part.len())?.to_le_bytes());
                kept.extend(part);
            }
        }
        rest = after;
    }
    module.customs.add(walrus::RawCustomSection {
        name: SECTION.into(),
        data: kept,
    });
    let unused = unused.to_lowercase();
    let exports = module.exports.iter();
    let exports: Vec<String> = exports
        .map(|export| export.name.clone())
        .filter(|name| name.contains(&unused))
        .collect();
    for name in exports {
        module.exports.remove(name)?;
    }
    Ok(())
}

/// Has the `glue` fill elements by [`POLICY`].
fn trust_markup(glue: &Path) -> Result<()> {
    let script = fs::read_to_string(glue)?;
    let mut parts = script.split(FILL);
    let (Some(before), Some(after), None) = (parts.next(), parts.next(), parts.next()) else {
        bail!("the glue does not fill elements in one place");
    };
    let others = ["outerHTML", "insertAdjacentHTML"];
    if let Some(other) = others.iter().find(|other| script.contains(**other)) {
        bail!("the glue fills elements by {other} too, which Trusted Types would refuse");
    }
    let (text, after) = (after.split_once(')')).context("the glue fills elements otherwise")?;
    let trusted = FILL.replace("getString", "trustedHtml(getString");
    Ok(fs::write(
        glue,
        [POLICY, before, &trusted, text, "))", after].concat(),
    )?)
}

/// Gives what `wasm` imports from its `glue` short names. wasm-bindgen's are long, and each ends in
/// a hash, which does not compress.
fn shorten_imports(wasm: &Path, glue: &Path) -> Result<()> {
    let mut module = walrus::Module::from_file(wasm)?;
    let mut script = fs::read_to_string(glue)?;
    let imports = module.imports.iter_mut();
    let imports = imports.filter(|import| import.module == "./portal_bg.js");
    for (number, import) in imports.enumerate() {
        let [long, short] = [&import.name, &format!("i{number}")].map(|name| format!(" {name}: "));
        ensure!(
            script.matches(&long).count() == 1,
            "the glue does not define {} once",
            import.name
        );
        script = script.replace(&long, &short);
        import.name = format!("i{number}");
    }
    fs::write(glue, script)?;
    module.emit_wasm_file(wasm)
}

/// The bytes at the start of `data` that follow their length, and what comes after them.
fn sized(data: &[u8]) -> Result<(&[u8], &[u8])> {
    let cut = || {
        let (length, data) = data.split_first_chunk::<4>()?;
        data.split_at_checked(u32::from_le_bytes(*length) as usize)
    };
    cut().context("the module says something else of its classes than was expected")
}

fn optimise(wasm: &Path, optimised: &Path) -> Result<()> {
    run(npm_program("wasm-opt")
        .arg("-Oz")
        // The stack is at the bottom of the memory, and never so deep.
        .arg("--low-memory-unused")
        // A function that is called once is put into its caller where it is small: then less of
        // what is alike is taken apart.
        .arg("--one-caller-inline-max-function-size=10")
        // Functions of one kind are alike, and compress better side by side.
        .arg("--reorder-functions-by-name")
        .args(["--strip-producers", "--strip-target-features"])
        .args(FEATURES)
        .arg(wasm)
        .arg("-o")
        .arg(optimised))
}

fn pack(script: &Path, packed: &Path) -> Result<()> {
    run(npm_program("esbuild")
        .arg(script)
        .args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--log-level=warning",
        ])
        .arg(format!("--outfile={}", packed.display())))
}
