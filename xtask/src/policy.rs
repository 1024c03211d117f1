//! Rules about what the workspace is made of: licences, crates that must stay out of the
//! wasm, and the tests that docs/security.md promises.

#[cfg(test)]
mod cards;
mod crates;
mod promises;

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

/// Checks that every test named in docs/security.md exists.
///
/// # Errors
/// Names every promise without a test.
pub(crate) fn promises() -> Result<()> {
    promises::check()
}
