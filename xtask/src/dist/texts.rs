//! The translations as the portal loads them, one file for each language.

use std::fs;

use anyhow::{Context, Result, bail};

use crate::process::root;

/// The texts in the program.
pub(super) const ENGLISH: &str = "src/i18n/en.json";

/// Where the other catalogs are, one for each language.
pub(super) const TRANSLATIONS: &str = "src/i18n/translations";

/// The language of made-up texts for tests: longer words, in letters with accents.
const PSEUDO: &str = "en-XA";

/// The script that writes texts before the program that holds them has come.
const FIRST_PAINT: &str = "web/first-paint.js";

/// The texts that the first paint may need, for the scripts, as JSON.
///
/// # Errors
/// Where a file cannot be read.
pub(super) fn of_first_paint() -> Result<String> {
    let script = fs::read_to_string(root().join(FIRST_PAINT))?;
    let english = messages::read(&fs::read_to_string(root().join(ENGLISH))?);
    let is_named = |key: &str| script.contains(&format!("\"{key}\""));
    Ok(serde_json::to_string(&messages::for_script(
        &english, is_named,
    ))?)
}

/// The path of each file in the bundle, and what is in it.
///
/// # Errors
/// Names each line of a catalog that is wrong, and each message that a language lacks.
pub(crate) fn files() -> Result<Vec<(String, String)>> {
    let english = messages::read(&fs::read_to_string(root().join(ENGLISH))?);
    let mut catalogs = vec![(PSEUDO.to_owned(), messages::pseudo(&english))];
    for entry in fs::read_dir(root().join(TRANSLATIONS))? {
        let path = entry?.path();
        let tag = path.file_stem().and_then(|name| name.to_str());
        let tag = tag.context("a file without a name")?.to_owned();
        let text = fs::read_to_string(&path)?;
        let texts = messages::translate(&english, &text);
        match texts {
            Ok(texts) => catalogs.push((tag, texts)),
            Err(mistakes) => {
                let lines: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
                bail!("{}:\n{}", path.display(), lines.join("\n"));
            }
        }
    }
    catalogs.sort();
    let packed = catalogs.into_iter().map(|(tag, texts)| {
        let missing = messages::missing(&english, &texts);
        if !missing.is_empty() {
            bail!("{tag}.json lacks {}", missing.join(", "));
        }
        let name = format!("texts/{tag}.txt");
        Ok((name, messages::lines(&english, &texts)))
    });
    packed.collect()
}
