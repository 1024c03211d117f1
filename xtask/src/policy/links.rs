//! Links between the pages of the docs: each leads to a file and, where it names one, a heading.

use std::fs;
use std::path::Path;

use anyhow::{Result, bail};

use crate::process::{output, program, root};

/// Checks the relative links of every Markdown file that Git knows.
///
/// # Errors
/// Names every link that leads nowhere.
pub(super) fn check() -> Result<()> {
    let files = output(program("git").args(["ls-files", "*.md"]))?;
    let mut broken = Vec::new();
    for file in files.lines() {
        let text = fs::read_to_string(root().join(file))?;
        for link in links(&text).filter(|link| !resolves(&root().join(file), link)) {
            broken.push(format!("{file}: {link}"));
        }
    }
    if !broken.is_empty() {
        bail!("these links lead nowhere:\n  {}", broken.join("\n  "));
    }
    Ok(())
}

/// The targets of the links in `text`, other sites' left out.
fn links(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1);
    let targets = targets.filter_map(|rest| rest.split([')', ' ']).next());
    targets.filter(|link| !link.contains("://") && !link.starts_with("mailto:"))
}

fn resolves(file: &Path, link: &str) -> bool {
    let (path, anchor) = link.split_once('#').unwrap_or((link, ""));
    let target = match path {
        "" => file.to_path_buf(),
        path => file.with_file_name(path),
    };
    if anchor.is_empty() {
        return target.exists();
    }
    let text = fs::read_to_string(target).unwrap_or_default();
    let mut headings = text.lines().filter_map(|line| line.strip_prefix('#'));
    headings.any(|heading| self::anchor(heading.trim_start_matches('#')) == anchor)
}

/// The anchor that a heading gets: its words in lowercase, joined by hyphens.
fn anchor(heading: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let letters = heading.trim().chars().filter(kept);
    letters.collect::<String>().to_lowercase().replace(' ', "-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_and_those_of_other_sites_left_out() {
        let text = "[a](docs/a.md#b), [b](https://b.example) and ![c](c.png \"C\")";
        assert_eq!(links(text).collect::<Vec<_>>(), ["docs/a.md#b", "c.png"]);
    }

    #[test]
    fn a_link_needs_its_file_and_its_heading() {
        let readme = root().join("README.md");
        assert!(resolves(&readme, "docs/architecture.md"));
        assert!(resolves(&readme, "docs/architecture.md#layout"));
        assert!(!resolves(&readme, "docs/architecture.md#elsewhere"));
        assert!(!resolves(&readme, "docs/elsewhere.md"));
        assert_eq!(anchor(" The first load: `wasm`"), "the-first-load-wasm");
    }
}
