//! From the module, the bootstrap script and the styles to a folder that any server can
//! serve: names that change with the content, an index.html that knows them, and every
//! file compressed beforehand.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::wasm::{Module, REST};
use super::{Build, embed};
use crate::process::{npm_program, root, run};
use crate::sizes::{File, Table};

/// Where the middleware serves the portal; index.html names its files from here.
pub(super) const BASE: &str = "/portal/";

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
    if build == Build::Mock {
        add_card_page(&bundle)?;
    }
    if build == Build::Production {
        let script = names.fill_in("embed.js", &minified(build, "web/embed.js")?)?;
        embed::add(&mut bundle, &script)?;
    }
    let index = names.fill_in("index.html", index_for(build)?.as_bytes())?;
    let index = bundle.write("index.html", &index)?;
    bundle.table.first.push(index);
    bundle.finish(build)
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
        .arg(format!("--outfile={}", destination.display())))
}

/// index.html without what only the preview needs, and told which portal it starts.
fn index_for(build: Build) -> Result<String> {
    let source = fs::read_to_string(root().join("index.html"))?;
    let mut index: String = source
        .lines()
        .filter(|line| !line.contains("data-trunk"))
        .map(|line| format!("{}\n", line.trim_start()))
        .collect();
    let (preview, live) = match build {
        Build::Production => ("data-mode=\"mock\"", "data-mode=\"http\""),
        // There is one file.
        Build::Mock => (" data-rest=\"/portal/rest.wasm\"", ""),
    };
    ensure!(index.contains(preview), "index.html does not say {preview}");
    index = index.replace(preview, live);
    Ok(index)
}

/// A bundle being written beside the one it will replace.
pub(super) struct Bundle {
    folder: PathBuf,
    /// The bundle of last time; a file of the same hashed name has the same content, so
    /// its compressed forms are taken over.
    last: PathBuf,
    table: Table,
}

impl Bundle {
    fn begin(build: Build) -> Result<Bundle> {
        let last = build.folder();
        let folder = last.with_extension("new");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(folder.join("assets"))?;
        Ok(Bundle {
            folder,
            last,
            table: Table::default(),
        })
    }

    /// Adds a file under a name that changes with its content, and returns that name.
    fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let (hashed, file) = self.write_hashed(name, content)?;
        self.table.first.push(file);
        Ok(hashed)
    }

    /// Adds a file that the first page does without, as [`Bundle::add_hashed`] does.
    fn add_later(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let (hashed, file) = self.write_hashed(name, content)?;
        self.table.later.push(file);
        Ok(hashed)
    }

    /// Writes a file under a name that changes with its content, which is answered too.
    pub(super) fn write_hashed(&self, name: &str, content: &[u8]) -> Result<(String, File)> {
        let hash = hex(&Sha256::digest(content));
        let (stem, extension) = name.rsplit_once('.').context("a name without extension")?;
        let hashed = format!("assets/{stem}.{}.{extension}", &hash[..16]);
        let file = self.write(&hashed, content)?;
        Ok((hashed, file))
    }

    /// Writes a file and its compressed forms.
    pub(super) fn write(&self, name: &str, content: &[u8]) -> Result<File> {
        fs::write(self.folder.join(name), content)?;
        let brotli = self.compressed(name, "br", || brotli(content))?;
        let gzip = self.compressed(name, "gz", || gzip(content))?;
        Ok(File {
            name: name.to_owned(),
            raw: content.len() as u64,
            gzip,
            brotli,
        })
    }

    fn compressed(
        &self,
        name: &str,
        extension: &str,
        compress: impl FnOnce() -> Result<Vec<u8>>,
    ) -> Result<u64> {
        let file = format!("{name}.{extension}");
        let known = fs::read(self.last.join(&file)).ok();
        let compressed = match known.filter(|_| name.starts_with("assets/")) {
            Some(known) => known,
            None => compress()?,
        };
        fs::write(self.folder.join(&file), &compressed)?;
        Ok(compressed.len() as u64)
    }

    /// Puts the new bundle in the place of the last one.
    fn finish(mut self, build: Build) -> Result<Table> {
        if self.last.exists() {
            fs::remove_dir_all(&self.last)?;
        }
        fs::rename(&self.folder, build.folder())?;
        self.table
            .first
            .sort_by_key(|file| std::cmp::Reverse(file.brotli));
        Ok(self.table)
    }
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut compressed = Vec::new();
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 22,
        size_hint: content.len(),
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// Lower-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// All files below a folder.
pub(super) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(self::files(&path)?);
        } else {
            files.push(path);
        }
    }
    Ok(files)
}

/// Copies a folder with all that is in it.
pub(super) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let destination = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &destination)?;
        } else {
            fs::copy(entry.path(), destination)?;
        }
    }
    Ok(())
}
