//! From the module, the bootstrap script and the styles to a folder that any server can
//! serve: names that change with the content, an index.html that knows them, and every
//! file compressed beforehand.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail, ensure};

use super::build::Build;
use super::bundle::{BASE, Bundle};
use super::embed;
use super::preview;
use super::texts;
use super::wasm::{Module, REST};
use crate::process::{npm_program, root, run};
use crate::sizes::Table;

/// Writes the bundle of `build` and returns what a first visit fetches of it.
pub(super) fn assemble(build: Build, module: &Module) -> Result<Table> {
    let mut bundle = Bundle::begin(build)?;
    let mut names = Names(Vec::new());
    let glue = glue_for(module, &mut bundle, &mut names)?;
    // The name that index.html, the scripts and the preview use, and what is behind it.
    for tokeniser in ["stripe.js", "sandbox.js"] {
        let content = minified(build, &format!("web/tokenisers/{tokeniser}"))?;
        let hashed = bundle.add_later(tokeniser, &content)?;
        names.add(tokeniser, &hashed);
    }
    let lazy = bundle.add_later("lazy.css", &minified(build, "style/lazy.css")?)?;
    names.add("lazy.css", &lazy);
    // For the pages without a script, which the middleware writes.
    bundle.add_later("plain.css", &minified(build, "web/plain.css")?)?;
    let boot = names.fill_in("boot.js", &minified(build, "web/boot.js")?)?;
    let assets = [
        ("page.css", minified(build, "web/page.css")?),
        ("portal.css", minified(build, "style/portal.css")?),
        ("perennial.js", glue),
        ("perennial_bg.wasm", fs::read(&module.wasm)?),
        ("icon.svg", fs::read(root().join("web/icon.svg"))?),
        ("boot.js", boot),
    ];
    for (name, content) in assets {
        let hashed = bundle.add_hashed(name, &content)?;
        names.add(name, &hashed);
    }
    for (name, texts) in texts::files()? {
        let file = bundle.write(&name, texts.as_bytes())?;
        bundle.table.later.push(file);
    }
    if build.is_mock() {
        add_card_page(&bundle)?;
        let page = preview::add(&bundle)?;
        names.add(preview::PAGE, &page);
    }
    if !build.is_mock() {
        let script = names.fill_in("embed.js", &minified(build, "web/embed.js")?)?;
        let file = embed::add(build, &mut bundle, &script)?;
        bundle.table.embed = Some(file);
    }
    let index = names.fill_in("index.html", index_for(build)?.as_bytes())?;
    let index = bundle.write("index.html", &index)?;
    bundle.table.first.push(index);
    let table = bundle.finish(build)?;
    if build.is_mock() {
        preview::write_site(&build.folder())?;
    }
    Ok(table)
}

/// The page with the sandbox's card fields, which in mock mode no other server has.
fn add_card_page(bundle: &Bundle) -> Result<()> {
    for name in ["card.html", "card.css", "card.js"] {
        let source = root().join("crates/sandbox/src/processor").join(name);
        bundle.write(name, &fs::read(source)?)?;
    }
    Ok(())
}

/// The plain names of the files and where they are served.
struct Names(Vec<(String, String)>);

impl Names {
    fn add(&mut self, plain: &str, hashed: &str) {
        let quoted = |name: &str| format!("\"{BASE}{name}\"");
        self.0.push((quoted(plain), quoted(hashed)));
    }

    /// Puts the served names in the place of the plain ones.
    ///
    /// # Errors
    /// Where a plain name is left.
    fn fill_in(&self, file: &str, content: &[u8]) -> Result<Vec<u8>> {
        let mut text = std::str::from_utf8(content)?.to_owned();
        for (plain, served) in &self.0 {
            text = text.replace(plain, served);
        }
        let start = format!("\"{BASE}");
        let named = text.split(&start).skip(1);
        let named = named.filter_map(|after| after.split('"').next());
        let unknown = |name: &&str| name.contains('.') && !name.starts_with("assets/");
        if let Some(name) = named.clone().find(unknown) {
            bail!("{file} names {name}, which is not in the bundle");
        }
        Ok(text.into_bytes())
    }
}

/// A script or style sheet of the source tree, with its imports inside and minified.
fn minified(build: Build, source: &str) -> Result<Vec<u8>> {
    let file = source.rsplit('/').next().unwrap_or(source);
    let destination = build.work().join(file);
    minify(&root().join(source), &destination)?;
    Ok(fs::read(destination)?)
}

/// The glue; where there is a second module, that is added and the glue told its name.
fn glue_for(module: &Module, bundle: &mut Bundle, names: &mut Names) -> Result<Vec<u8>> {
    let glue = fs::read_to_string(&module.glue)?;
    let Some(rest) = &module.rest else {
        return Ok(glue.into_bytes());
    };
    let hashed = bundle.add_later(REST, &fs::read(rest)?)?;
    names.add(REST, &hashed);
    // The glue lies in the same folder.
    let (plain, beside) = (format!("\"./{REST}\""), hashed.replace("assets/", "./"));
    ensure!(glue.contains(&plain), "the glue does not name {plain}");
    Ok(glue.replace(&plain, &format!("\"{beside}\"")).into_bytes())
}

/// Inlines the imports of a script or style sheet and minifies it.
pub(crate) fn minify(source: &Path, destination: &Path) -> Result<()> {
    run(npm_program("esbuild")
        .arg(source)
        .args([
            "--bundle",
            "--minify",
            "--format=esm",
            "--log-level=warning",
        ])
        .args(["--target=es2022", "--supported:nesting=true"])
        .arg(concat!(
            "--define:PERENNIAL_VERSION=\"",
            env!("CARGO_PKG_VERSION"),
            "\""
        ))
        .arg(format!(
            "--define:PERENNIAL_TEXTS={}",
            texts::of_first_paint()?
        ))
        .arg(format!("--outfile={}", destination.display())))
}

/// index.html without what only the preview needs, and told which portal it starts.
fn index_for(build: Build) -> Result<String> {
    let source = fs::read_to_string(root().join("index.html"))?;
    let mut index: String = source
        .lines()
        .filter(|line| !line.contains("data-trunk"))
        .filter(|line| build.is_mock() || !line.contains("data-preview"))
        .map(|line| format!("{}\n", line.trim_start()))
        .collect();
    let mut replace = |preview: &str, live: &str| {
        ensure!(index.contains(preview), "index.html does not say {preview}");
        index = index.replace(preview, live);
        Ok(())
    };
    if !build.is_mock() {
        replace("data-mode=\"mock\"", "data-mode=\"http\"")?;
        // Below what it looks for, and not after the answers that the page ends with.
        let script = "<script type=\"module\" src=\"/portal/boot.js\"></script>\n";
        replace(
            script,
            "<link rel=\"modulepreload\" href=\"/portal/boot.js\">\n",
        )?;
        let script = script.replace("module\"", "module\" async");
        replace("</body>", &format!("{script}</body>"))?;
    }
    if !build.is_split() {
        replace(" data-rest=\"/portal/rest.wasm\"", "")?;
    }
    Ok(index)
}
