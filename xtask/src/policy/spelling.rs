//! Misspelled words, by the dictionary of typos and the exceptions in _typos.toml.

use std::collections::HashSet;
use std::fs;

use anyhow::{Context, Result, bail};
use typos::tokens::{Case, Identifier, Tokenizer, Word};
use typos::{Dictionary, Status, check_str};
use unicase::UniCase;

use crate::process::{output, program, root};

/// Checks the words in every text file that Git knows.
///
/// # Errors
/// Lists each misspelled word with its place and how it is spelled.
pub(super) fn check() -> Result<()> {
    let config: toml::Table = fs::read_to_string(root().join("_typos.toml"))?.parse()?;
    let excluded = config["files"]["extend-exclude"].as_array();
    let excluded = excluded.context("files.extend-exclude is a list")?;
    let words = config["default"]["extend-words"].as_table();
    let words = words.context("default.extend-words is a table")?;
    let spelling = Spelling {
        exceptions: words.keys().cloned().collect(),
    };
    let mut wrong = Vec::new();
    for file in output(program("git").arg("ls-files"))?.lines() {
        let is_excluded = excluded
            .iter()
            .filter_map(|path| path.as_str())
            .any(|path| file == path || (path.ends_with('/') && file.starts_with(path)));
        // What is no text has no words.
        if let Ok(text) = fs::read_to_string(root().join(file))
            && !is_excluded
        {
            let found = spelling.misspelled(&text).into_iter();
            wrong.extend(found.map(|complaint| format!("{file}:{complaint}")));
        }
    }
    if !wrong.is_empty() {
        bail!(
            "misspelled, or missing in _typos.toml:\n  {}",
            wrong.join("\n  ")
        );
    }
    Ok(())
}

/// The dictionary of misspelled words, without the exceptions, which are in lowercase.
struct Spelling {
    exceptions: HashSet<String>,
}

impl Spelling {
    /// Describes each misspelled word in `text`, beginning with its line.
    fn misspelled(&self, text: &str) -> Vec<String> {
        let tokenizer = Tokenizer::new();
        let typos = check_str(text, &tokenizer, self).map(|typo| {
            let line = text[..typo.byte_offset].matches('\n').count() + 1;
            let right = match &typo.corrections {
                Status::Corrections(words) => words.join(" or "),
                Status::Valid | Status::Invalid => "something else".to_owned(),
            };
            format!("{line}: {} should be {right}", typo.typo)
        });
        typos.collect()
    }
}

impl Dictionary for Spelling {
    fn correct_ident(&self, _: Identifier<'_>) -> Option<Status<'_>> {
        None
    }

    fn correct_word(&self, word: Word<'_>) -> Option<Status<'_>> {
        // A word without case is a number.
        if word.case() == Case::None || self.exceptions.contains(&word.token().to_lowercase()) {
            return None;
        }
        let corrections = typos_dict::WORD.find(&UniCase::new(word.token()))?;
        let corrections = corrections.iter().map(|&right| right.into());
        Some(Status::Corrections(corrections.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn misspelled_words_are_found_in_names_and_text_but_not_among_the_exceptions() {
        let wrong = ["rec", "ieve"].concat();
        let text = format!("A British colour.\nfn {wrong}_all() {{ let fils = 1; }}");
        let spelling = Spelling {
            exceptions: HashSet::from(["fils".to_owned()]),
        };
        let complaint = format!("2: {wrong} should be receive");
        assert_eq!(spelling.misspelled(&text), [complaint]);
    }
}
