//! The script with which a merchant's page embeds the portal.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use super::Build;
use super::page::{BASE, Bundle};

/// Where the tag for the merchant's page is kept: beside the bundle, not in it.
fn file() -> PathBuf {
    Build::Production.folder().with_extension("embed.html")
}

/// Adds the script under a name that stays, and under one that changes with its content: only
/// for that can a page name the hash that it trusts.
pub(super) fn add(bundle: &mut Bundle, script: &[u8]) -> Result<()> {
    bundle.write("embed.js", script)?;
    let (name, _) = bundle.write_hashed("embed.js", script)?;
    let hash = STANDARD.encode(Sha384::digest(script));
    let tag = format!(
        "<script type=\"module\" src=\"{BASE}{name}\" integrity=\"sha384-{hash}\"></script>\n"
    );
    Ok(fs::write(file(), tag)?)
}

/// The tag that loads the script of the last bundle, with its integrity.
///
/// # Errors
/// Where no bundle has been built.
pub(super) fn tag() -> Result<String> {
    let text = fs::read_to_string(file()).context("the bundle has no embed script")?;
    Ok(text.trim().to_owned())
}
