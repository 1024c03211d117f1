//! The theme's interface as the docs describe it and the code has it, and whether the themes that
//! come with the portal can be read.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use theme::{Kind, Mode, PARTS, SLOTS, TOKENS, Theme};

use crate::process::{output, program, root};

/// The page that describes it, partly generated.
const PAGE: &str = "docs/theming.md";

pub(super) fn check() -> Result<()> {
    let themes = themes()?;
    let mut wrong = interface()?;
    for (name, theme) in &themes {
        wrong.extend(unknown(name, theme));
        let failing = theme::check(theme);
        wrong.extend(failing.iter().map(|contrast| format!("{name}: {contrast}")));
    }
    if !wrong.is_empty() {
        bail!("the theme is not right:\n  {}", wrong.join("\n  "));
    }
    page(&themes)
}

/// The default theme, and those in examples/themes.
fn themes() -> Result<Vec<(String, Theme)>> {
    let mut themes = vec![("default".to_owned(), Theme::default())];
    let folder = fs::read_dir(root().join("examples/themes"))?;
    let mut files: Vec<PathBuf> = folder
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<_>>()?;
    files.sort();
    for file in files {
        let name = file.file_stem().unwrap_or_default().to_string_lossy();
        themes.push((
            name.into_owned(),
            Theme::from_css(&fs::read_to_string(&file)?),
        ));
    }
    Ok(themes)
}

/// The properties of a theme that are no tokens.
fn unknown(name: &str, theme: &Theme) -> Vec<String> {
    let is_token = |property: &&str| {
        TOKENS.iter().any(|token| {
            let dark = property.strip_suffix("-dark");
            token.name == *property || token.kind == Kind::Color && Some(token.name) == dark
        })
    };
    let names = theme.names().filter(|property| !is_token(property));
    names
        .map(|property| format!("{name}: --portal-{property} is no token"))
        .collect()
}

/// Where parts and slots of the code are not those that are promised.
fn interface() -> Result<Vec<String>> {
    let mut texts = Vec::new();
    let files = output(program("git").current_dir(root()).args(["ls-files", "src"]))?;
    for file in files.lines().filter(|file| file.ends_with(".rs")) {
        texts.push(fs::read_to_string(root().join(file))?);
    }
    texts.push(fs::read_to_string(root().join("web/start.js"))?);
    let mut wrong = Vec::new();
    for (what, attribute, promised) in [
        ("part", " part=\"", &PARTS[..]),
        ("slot", "<slot name=\"", &SLOTS[..]),
    ] {
        let found = values(&texts, attribute);
        let known: BTreeSet<&str> = promised.iter().map(|(name, _)| *name).collect();
        wrong.extend(
            found
                .difference(&known)
                .map(|name| format!("{name} is a {what} of the code and not promised")),
        );
        let quoted = |name: &str| texts.iter().any(|text| names(text, name));
        wrong.extend(
            known
                .iter()
                .filter(|name| !quoted(name))
                .map(|name| format!("{name} is promised and not a {what} of the code")),
        );
    }
    for class in ["card", "button", "input", "field", "menu-list"] {
        let part = class.strip_suffix("-list").unwrap_or(class);
        let (classes, parts) = (
            first_words(&texts, "class", class),
            first_words(&texts, "part", part),
        );
        if classes != parts {
            wrong.push(format!(
                "{classes} elements have the class {class}, and {parts} the part {part}"
            ));
        }
    }
    Ok(wrong)
}

/// How often the value of an attribute begins with the word `first`.
fn first_words(texts: &[String], attribute: &str, first: &str) -> usize {
    let start = format!(" {attribute}=\"");
    let values = texts.iter().flat_map(|text| text.split(&start).skip(1));
    let begins = |value: &str| value.split(['"', ' ']).next() == Some(first);
    values.filter(|value| begins(value)).count()
}

/// The words of all values of an attribute.
fn values<'a>(texts: &'a [String], attribute: &str) -> BTreeSet<&'a str> {
    let values = texts.iter().flat_map(|text| text.split(attribute).skip(1));
    let values = values.filter_map(|after| after.split('"').next());
    let words = values.flat_map(str::split_whitespace);
    words.filter(|word| !word.contains("${")).collect()
}

/// Whether `name` is a word of a text in quotes.
fn names(text: &str, name: &str) -> bool {
    let quoted = text.split('"').skip(1).step_by(2);
    quoted
        .flat_map(str::split_whitespace)
        .any(|word| word == name)
}

/// Compares what is generated of the page, or with `UPDATE=1` writes it anew.
fn page(themes: &[(String, Theme)]) -> Result<()> {
    let path = root().join(PAGE);
    let written = fs::read_to_string(&path)?;
    let mut text = written.clone();
    for (name, table) in [
        ("tokens", tokens()),
        ("parts", described(&PARTS)),
        ("slots", described(&SLOTS)),
        ("contrast", contrast(themes)),
    ] {
        let (start, end) = (format!("<!-- {name} -->\n"), format!("<!-- /{name} -->"));
        let (before, rest) = text
            .split_once(&start)
            .with_context(|| format!("{PAGE} has no place for {name}"))?;
        let (_, after) = rest
            .split_once(&end)
            .with_context(|| format!("{PAGE} has no end of {name}"))?;
        text = format!("{before}{start}\n{table}\n{end}{after}");
    }
    if std::env::var_os("UPDATE").is_some() {
        return Ok(fs::write(path, text)?);
    }
    ensure!(
        text == written,
        "{PAGE} is not what the code says: run `UPDATE=1 cargo xtask test themes`"
    );
    Ok(())
}

fn tokens() -> String {
    let mut table = "| token | in the configuration | default | what it is for |\n\
                     | --- | --- | --- | --- |\n"
        .to_owned();
    for token in TOKENS {
        let default = |suffix: &str| {
            let name = format!("{}{suffix}", token.name);
            theme::default_of(&name).map_or("as the page around".to_owned(), |text| {
                if text.starts_with("#")
                    || text.starts_with("oklch(0")
                    || text.starts_with("oklch(1")
                {
                    format!("`{text}`")
                } else if text.contains("--line") {
                    "10% of the text".to_owned()
                } else if text.contains("--legible") {
                    "black or white".to_owned()
                } else if text.contains("from") {
                    "from the accent".to_owned()
                } else if text.contains("--semibold") {
                    "`620`".to_owned()
                } else if text.contains("--radius-card") {
                    "`radius`, at most `8px`".to_owned()
                } else if text.contains("--radius") {
                    "`control_radius`".to_owned()
                } else {
                    format!("`{text}`")
                }
            })
        };
        let (name, place, default) = match token.kind {
            Kind::Color => (
                format!("`--portal-{0}`, `--portal-{0}-dark`", token.name),
                format!("`{}` in `[theme.light]`, `[theme.dark]`", token.key()),
                format!("{}, {}", default(""), default("-dark")),
            ),
            Kind::Mode => (
                format!("`--portal-{}`", token.name),
                "`mode` in `[theme]`".to_owned(),
                "as the page around, else the system".to_owned(),
            ),
            _ => (
                format!("`--portal-{}`", token.name),
                format!("`{}` in `[theme.tokens]`", token.key()),
                default(""),
            ),
        };
        table += &format!("| {name} | {place} | {default} | {} |\n", token.about);
    }
    table
}

fn described(all: &[theme::Described]) -> String {
    let mut table = "| name | what it is |\n| --- | --- |\n".to_owned();
    for (name, about) in all {
        table += &format!("| `{name}` | {about} |\n");
    }
    table
}

/// The least contrast of each kind of pair, by theme and page.
fn contrast(themes: &[(String, Theme)]) -> String {
    let mut table = "| what lies on what | needed |".to_owned();
    for (name, _) in themes {
        table += &format!(" {name}, light | {name}, dark |");
    }
    table += &format!("\n| --- | ---: |{}\n", " ---: |".repeat(2 * themes.len()));
    let mut rows: Vec<([String; 2], u32)> = Vec::new();
    for pair in theme::pairs() {
        if !rows.iter().any(|(tokens, _)| *tokens == pair.tokens) {
            rows.push((pair.tokens, pair.needed));
        }
    }
    for ([front, back], needed) in rows {
        table += &format!("| {front} on {back} | {} |", hundredths(needed));
        for (_, theme) in themes {
            let all = theme::contrasts(theme);
            for mode in Mode::BOTH {
                let of_the_pair = all.iter().filter(|contrast| {
                    let [own, under] = &contrast.pair.tokens;
                    contrast.mode == mode && *own == front && *under == back
                });
                let least = of_the_pair.map(|contrast| contrast.ratio).min();
                table += &format!(" {} |", hundredths(least.unwrap_or_default()));
            }
        }
        table += "\n";
    }
    table
}

fn hundredths(ratio: u32) -> String {
    format!("{}.{:02}", ratio / 100, ratio % 100)
}
