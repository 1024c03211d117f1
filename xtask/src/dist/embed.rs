//! The script with which a merchant's page embeds the portal.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use super::build::Build;
use super::bundle::{BASE, Bundle};
use crate::sizes::File;

/// Where the tag for the merchant's page is kept: beside the bundle, not in it.
fn file(build: Build) -> PathBuf {
    build.folder().with_extension("embed.html")
}

/// Adds the script under a name that stays, and under one that changes with its content: only
/// for that can a page name the hash that it trusts.
pub(super) fn add(build: Build, bundle: &mut Bundle, script: &[u8]) -> Result<File> {
    let file = bundle.write("embed.js", script)?;
    let (name, _) = bundle.write_hashed("embed.js", script)?;
    let hash = STANDARD.encode(Sha384::digest(script));
    let tag = format!(
        "<script type=\"module\" src=\"{BASE}{name}\" integrity=\"sha384-{hash}\"></script>\n"
    );
    fs::write(self::file(build), tag)?;
    Ok(file)
}

/// The tag that loads the script of the bundle that a merchant ships, with its integrity.
///
/// # Errors
/// Where no bundle has been built.
pub(super) fn tag() -> Result<String> {
    let text =
        fs::read_to_string(file(Build::Production)).context("the bundle has no embed script")?;
    Ok(text.trim().to_owned())
}
