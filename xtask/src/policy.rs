//! Rules about what the workspace is made of: licences, crates that must stay out of the
//! wasm, the tests that docs/security.md and docs/accessibility.md name, the features that tests
//! name, the links of the docs, the imports between files, and the spelling.

mod accessibility;
#[cfg(test)]
mod cards;
mod crates;
mod features;
mod imports;
mod links;
mod promises;
mod source;
mod spelling;
mod texts;
mod theme;

use anyhow::Result;

#[cfg(test)]
pub(crate) use crates::{list, metadata, text};

use crate::process::{cargo, run};
use crate::tools;

/// Checks licences and bans by the rules in deny.toml.
///
/// # Errors
/// Names every crate that breaks a rule.
pub(crate) fn crates() -> Result<()> {
    crates::check()?;
    if tools::cargo_has("deny") {
        run(&mut cargo("deny --workspace check licenses sources"))?;
        run(&mut cargo(
            "deny --target wasm32-unknown-unknown check bans",
        ))?;
    }
    Ok(())
}

/// Checks that every test named in docs/security.md and docs/accessibility.md exists, that the latter
/// has every criterion, that docs/features.md defines the features that tests name, and that links in
/// the docs lead somewhere.
///
/// # Errors
/// Names every promise without a test, every feature without a definition or a test, or every link
/// that leads nowhere.
pub(crate) fn docs() -> Result<()> {
    promises::check()?;
    accessibility::check()?;
    features::check()?;
    links::check()
}

/// Checks that tokens, parts and slots are those of docs/theming.md, and that the colors of every
/// theme in examples/themes can be told apart.
///
/// # Errors
/// Names each that is not, with the pair of colors.
pub(crate) fn themes() -> Result<()> {
    theme::check()
}

/// Checks that every text for customers is in the message catalog.
///
/// # Errors
/// Names each that is not.
pub(crate) fn texts() -> Result<()> {
    texts::check()
}

/// Checks the imports between files: those of the whole workspace, or the cycles of one `folder`.
///
/// # Errors
/// Lists the imports of each cycle, and each import from a higher layer.
pub(crate) fn imports(folder: Option<&str>) -> Result<()> {
    folder.map_or_else(imports::check, imports::check_folder)
}

/// Checks the spelling of all text that Git knows.
///
/// # Errors
/// Lists each misspelled word.
pub(crate) fn spelling() -> Result<()> {
    spelling::check()
}
