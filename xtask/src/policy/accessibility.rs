//! The conformance report in docs/accessibility.md: every criterion, and the tests that it names.

use std::fs;

use anyhow::{Result, bail};

use super::promises::{self, Promise};
use crate::process::root;

/// The success criteria of WCAG 2.2 at levels A and AA. 4.1.1 is no longer one.
const CRITERIA: [(&str, &str); 55] = [
    ("1.1.1", "A"),
    ("1.2.1", "A"),
    ("1.2.2", "A"),
    ("1.2.3", "A"),
    ("1.2.4", "AA"),
    ("1.2.5", "AA"),
    ("1.3.1", "A"),
    ("1.3.2", "A"),
    ("1.3.3", "A"),
    ("1.3.4", "AA"),
    ("1.3.5", "AA"),
    ("1.4.1", "A"),
    ("1.4.2", "A"),
    ("1.4.3", "AA"),
    ("1.4.4", "AA"),
    ("1.4.5", "AA"),
    ("1.4.10", "AA"),
    ("1.4.11", "AA"),
    ("1.4.12", "AA"),
    ("1.4.13", "AA"),
    ("2.1.1", "A"),
    ("2.1.2", "A"),
    ("2.1.4", "A"),
    ("2.2.1", "A"),
    ("2.2.2", "A"),
    ("2.3.1", "A"),
    ("2.4.1", "A"),
    ("2.4.2", "A"),
    ("2.4.3", "A"),
    ("2.4.4", "A"),
    ("2.4.5", "AA"),
    ("2.4.6", "AA"),
    ("2.4.7", "AA"),
    ("2.4.11", "AA"),
    ("2.5.1", "A"),
    ("2.5.2", "A"),
    ("2.5.3", "A"),
    ("2.5.4", "A"),
    ("2.5.7", "AA"),
    ("2.5.8", "AA"),
    ("3.1.1", "A"),
    ("3.1.2", "AA"),
    ("3.2.1", "A"),
    ("3.2.2", "A"),
    ("3.2.3", "AA"),
    ("3.2.4", "AA"),
    ("3.2.6", "A"),
    ("3.3.1", "A"),
    ("3.3.2", "A"),
    ("3.3.3", "AA"),
    ("3.3.4", "AA"),
    ("3.3.7", "A"),
    ("3.3.8", "AA"),
    ("4.1.2", "A"),
    ("4.1.3", "AA"),
];

/// The terms of a VPAT.
const VERDICTS: [&str; 4] = [
    "Supports",
    "Partially supports",
    "Does not support",
    "Not applicable",
];

/// Checks the report.
///
/// # Errors
/// Names each criterion that is missing, listed twice or without a verdict, and each test that does
/// not exist.
pub(super) fn check() -> Result<()> {
    let report = fs::read_to_string(root().join("docs/accessibility.md"))?;
    let mut wrong = problems(&report);
    for test in tests(&report) {
        if !promises::exists(&test)? {
            wrong.push(format!("no such test: {test:?}"));
        }
    }
    if !wrong.is_empty() {
        bail!("docs/accessibility.md:\n  {}", wrong.join("\n  "));
    }
    Ok(())
}

/// What is wrong with the tables of the criteria.
fn problems(report: &str) -> Vec<String> {
    let rows: Vec<Vec<&str>> = report.lines().filter_map(row).collect();
    let mut wrong = Vec::new();
    for (criterion, level) in CRITERIA {
        let own: Vec<_> = rows.iter().filter(|row| row[0] == criterion).collect();
        match own[..] {
            [row] if row[1] != level => wrong.push(format!("{criterion} is of level {level}")),
            [row] if !VERDICTS.contains(&row[2]) => {
                wrong.push(format!("{criterion}: {} is no verdict", row[2]));
            }
            [_] => {}
            _ => wrong.push(format!("{criterion} has {} rows", own.len())),
        }
    }
    wrong
}

/// The number of a criterion, its level and its verdict: `| 1.1.1 Non-text Content | A | Supports | …`.
fn row(line: &str) -> Option<Vec<&str>> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    let number = cells[0].split(' ').next()?;
    let is_number = number.split('.').all(|part| part.parse::<u32>().is_ok());
    (cells.len() > 3 && is_number).then(|| vec![number, cells[1], cells[2]])
}

/// The tests that the report names in backticks.
fn tests(report: &str) -> impl Iterator<Item = Promise<'_>> {
    let quoted = report
        .lines()
        .flat_map(|line| line.split('`').skip(1).step_by(2));
    quoted.filter_map(promises::promise)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_criterion_is_listed_once_at_its_level_with_a_verdict() {
        let rows = CRITERIA
            .map(|(number, level)| format!("| {number} Title | {level} | Supports | how |"));
        assert!(problems(&rows.join("\n")).is_empty());
        assert_eq!(problems(&rows[1..].join("\n")), ["1.1.1 has 0 rows"]);
        let changed = |from, to| problems(&rows.join("\n").replacen(from, to, 1));
        assert_eq!(changed("| A |", "| AA |"), ["1.1.1 is of level A"]);
        assert_eq!(changed("Supports", "Fine"), ["1.1.1: Fine is no verdict"]);
    }

    #[test]
    fn tests_are_read_from_backticks() {
        let report = "| 1.1.1 T | A | Supports | `tests/x.spec.js › a title` and `lang` |";
        let wanted = Promise::Browser {
            file: "tests/x.spec.js",
            title: "a title",
        };
        assert_eq!(super::tests(report).collect::<Vec<_>>(), [wanted]);
    }
}
