//! The files of a bundle: their names, which change with the content, and their compressed forms.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest, Sha256};

use super::build::Build;
use crate::sizes::{File, Table};

/// Where the middleware serves the portal; index.html names its files from here.
pub(super) const BASE: &str = "/portal/";

/// A bundle being written beside the one it will replace.
pub(super) struct Bundle {
    folder: PathBuf,
    /// The bundle of last time; a file of the same hashed name has the same content, so
    /// its compressed forms are taken over.
    last: PathBuf,
    pub(super) table: Table,
    is_compressed: bool,
}

impl Bundle {
    pub(super) fn begin(build: Build) -> Result<Bundle> {
        let last = build.folder();
        let folder = last.with_extension("new");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        Ok(Bundle {
            folder,
            last,
            table: Table::default(),
            is_compressed: !build.is_quick(),
        })
    }

    /// Adds a file under a name that changes with its content, and returns that name.
    pub(super) fn add_hashed(&mut self, name: &str, content: &[u8]) -> Result<String> {
        let (hashed, file) = self.write_hashed(name, content)?;
        self.table.first.push(file);
        Ok(hashed)
    }

    /// Adds a file that the first page does without, as [`Bundle::add_hashed`] does.
    pub(super) fn add_later(&mut self, name: &str, content: &[u8]) -> Result<String> {
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
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.folder))?;
        fs::write(path, content)?;
        let raw = content.len() as u64;
        if !self.is_compressed {
            return Ok(File {
                name: name.to_owned(),
                raw,
                gzip: raw,
                brotli: raw,
            });
        }
        let brotli = self.compressed(name, "br", || brotli(content))?;
        let gzip = self.compressed(name, "gz", || gzip(content))?;
        Ok(File {
            name: name.to_owned(),
            raw,
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
    pub(super) fn finish(mut self, build: Build) -> Result<Table> {
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
pub(crate) fn copy_folder(from: &Path, to: &Path) -> Result<()> {
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
