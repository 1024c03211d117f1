//! The table in docs/security.md: what the portal withstands, and the tests that show it.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use crate::process::root;

/// A test that a document names.
#[derive(Debug, PartialEq)]
pub(super) enum Promise<'a> {
    /// `crate_name::path::test_name`.
    Rust { package: &'a str, test: &'a str },
    /// `tests/file.spec.js › title`.
    Browser { file: &'a str, title: &'a str },
}

pub(super) fn check() -> Result<()> {
    let document = fs::read_to_string(root().join("docs/security.md"))?;
    let mut missing = Vec::new();
    for (number, promises) in rows(&document) {
        if promises.is_empty() {
            missing.push(format!("{number}: names no test"));
        }
        for promise in promises {
            if !exists(&promise)? {
                missing.push(format!("{number}: {promise:?}"));
            }
        }
    }
    if !missing.is_empty() {
        bail!(
            "docs/security.md names tests that do not exist:\n  {}",
            missing.join("\n  ")
        );
    }
    Ok(())
}

/// The rows that start with a number, with the tests named in backticks.
pub(super) fn rows(document: &str) -> impl Iterator<Item = (&str, Vec<Promise<'_>>)> {
    document.lines().filter_map(|line| {
        let (number, rest) = line.strip_prefix('|')?.split_once('|')?;
        let number = number.trim();
        number.parse::<u32>().ok()?;
        let quoted = rest.split('`').skip(1).step_by(2);
        Some((number, quoted.filter_map(promise).collect()))
    })
}

/// The test that is called `name` in a document, if it is one.
pub(super) fn promise(name: &str) -> Option<Promise<'_>> {
    if let Some((file, title)) = name.split_once(" › ") {
        return Some(Promise::Browser { file, title });
    }
    let (package, _) = name.split_once("::")?;
    let (_, test) = name.rsplit_once("::")?;
    Some(Promise::Rust { package, test })
}

/// Whether there is such a test.
pub(super) fn exists(promise: &Promise<'_>) -> Result<bool> {
    match promise {
        Promise::Browser { file, title } => {
            let source = fs::read_to_string(root().join(file)).unwrap_or_default();
            Ok(source.contains(title))
        }
        Promise::Rust { package, test } => {
            let folder = match *package {
                "perennial" => root().join("src"),
                "xtask" => root().join("xtask"),
                package => root().join("crates").join(package),
            };
            let function = format!("fn {test}(");
            rust_files(&folder)?.iter().try_fold(false, |found, file| {
                Ok(found || fs::read_to_string(file)?.contains(&function))
            })
        }
    }
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        for entry in entries {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path);
            }
        }
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_tests_of_both_kinds() {
        let document = "| n | shown by |\n| --- | --- |\n\
            | 12 | `gateway::walk::foreign_ids` and `tests/x.spec.js › a title` in `both` |\n";
        let rows: Vec<_> = rows(document).collect();
        let wanted = vec![
            Promise::Rust {
                package: "gateway",
                test: "foreign_ids",
            },
            Promise::Browser {
                file: "tests/x.spec.js",
                title: "a title",
            },
        ];
        assert_eq!(rows, [("12", wanted)]);
    }

    #[test]
    fn a_promise_is_kept_only_by_a_test_of_that_name() {
        let named = |test| Promise::Rust {
            package: "xtask",
            test,
        };
        assert!(exists(&named("a_row_names_tests_of_both_kinds")).unwrap());
        let absent = ["no_such", "_test"].concat();
        assert!(!exists(&named(&absent)).unwrap());
    }
}
