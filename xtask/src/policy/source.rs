//! The modules and paths that a Rust source file names.
//!
//! The source is split into tokens but not parsed: a parser does not look inside macros, where the
//! portal has many of its paths.

use anyhow::{Result, anyhow};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// The modules and paths of a source file, without those of its tests.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Source {
    /// Modules that have a file of their own.
    pub(super) modules: Vec<String>,
    /// The inline modules around each path, and its segments.
    pub(super) paths: Vec<(Vec<String>, Vec<String>)>,
}

impl Source {
    /// Reads a source file.
    ///
    /// # Errors
    /// Where `text` is not Rust.
    pub(super) fn read(text: &str) -> Result<Source> {
        let stream = text.parse().map_err(|error| anyhow!("not Rust: {error}"))?;
        let mut all = Vec::new();
        tokens(stream, &mut all);
        let all: Vec<&str> = all.iter().map(String::as_str).collect();
        let tokens = without_tests(&all);
        let mut source = Source::default();
        // The open inline modules, each with the number of braces that were open before it.
        let mut inside: Vec<(usize, String)> = Vec::new();
        let (mut at, mut depth) = (0, 0);
        while let Some(token) = tokens.get(at) {
            let next = tokens.get(at + 1).copied();
            match (*token, next, tokens.get(at + 2).copied()) {
                ("mod", Some(name), Some(";")) => source.modules.push(name.to_owned()),
                ("mod", Some(name), Some("{")) => inside.push((depth, name.to_owned())),
                // `pub(in crate::store)` imports nothing.
                ("pub", Some("("), _) => {
                    at += tokens[at..].iter().position(|w| *w == ")").unwrap_or(0)
                }
                ("{", ..) => depth += 1,
                ("}", ..) => {
                    depth = usize::saturating_sub(depth, 1);
                    inside.pop_if(|(before, _)| *before == depth);
                }
                ("use", ..) | (_, Some("::"), _) => {
                    let start = at + usize::from(*token == "use");
                    let mut paths = Vec::new();
                    at = tree(&tokens, start, &[], &mut paths).max(at + 1);
                    let scope: Vec<String> = inside.iter().map(|(_, name)| name.clone()).collect();
                    source
                        .paths
                        .extend(paths.into_iter().map(|path| (scope.clone(), path)));
                    continue;
                }
                _ => {}
            }
            at += 1;
        }
        Ok(source)
    }
}

/// Reads a path, with the paths in its braces, and returns the position after it.
fn tree(tokens: &[&str], mut at: usize, before: &[String], paths: &mut Vec<Vec<String>>) -> usize {
    let mut path = before.to_vec();
    loop {
        match tokens.get(at) {
            Some(&"{") => {
                at += 1;
                while let Some(token) = tokens.get(at) {
                    match *token {
                        "}" => return at + 1,
                        "," => at += 1,
                        "as" => at += 2,
                        _ => at = tree(tokens, at, &path, paths),
                    }
                }
            }
            Some(token) => path.push((*token).to_owned()),
            None => {}
        }
        if tokens.get(at + 1) != Some(&"::") {
            paths.push(path);
            return at + 1;
        }
        at += 2;
    }
}

/// Removes the items marked `#[cfg(test)]`.
fn without_tests<'a>(tokens: &[&'a str]) -> Vec<&'a str> {
    const FOR_TESTS: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        if tokens[at..].starts_with(&FOR_TESTS) {
            at += FOR_TESTS.len() + item(&tokens[at + FOR_TESTS.len()..]);
        } else {
            kept.push(*token);
            at += 1;
        }
    }
    kept
}

/// The number of tokens in an item, which ends with a semicolon or a closing brace.
fn item(tokens: &[&str]) -> usize {
    let mut depth = 0;
    for (at, token) in tokens.iter().enumerate() {
        match *token {
            "{" | "(" | "[" => depth += 1,
            "}" if depth == 1 => return at + 1,
            "}" | ")" | "]" => depth -= 1,
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

/// Splits a source into identifiers, brackets and other signs; literals and comments are left out.
fn tokens(stream: TokenStream, found: &mut Vec<String>) {
    for tree in stream {
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::Parenthesis | Delimiter::None => ("(", ")"),
                };
                found.push(open.to_owned());
                tokens(group.stream(), found);
                found.push(close.to_owned());
            }
            TokenTree::Ident(name) => found.push(name.to_string()),
            TokenTree::Punct(sign) => match found.last_mut() {
                Some(colon) if sign.as_char() == ':' && colon == ":" => colon.push(':'),
                _ => found.push(sign.to_string()),
            },
            TokenTree::Literal(_) => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let paths = Source::read(text).unwrap().paths.into_iter();
        paths
            .map(|(inside, path)| [inside, path].concat().join("::"))
            .collect()
    }

    #[test]
    fn paths_are_found_in_nested_imports_and_in_code() {
        let text = "pub(in crate::x) use super::y;\nuse crate::{\n  a::b as c,\n  d::{self, E, f::*},\n};\n\
                    fn g() -> crate::h::I<'static> { j::k::<u8>(); leave!(<crate::L/>) }";
        let wanted = [
            "super::y",
            "crate::a::b",
            "crate::d::self",
            "crate::d::E",
            "crate::d::f::*",
            "crate::h::I",
            "j::k::<",
            "crate::L",
        ];
        assert_eq!(read(text), wanted);
    }

    #[test]
    fn comments_literals_and_tests_are_skipped() {
        let text = "// crate::a\n/* crate::b */ /// [`crate::c`]\nconst D: &str = \"\\\"crate::d\"; \
                    const E: &str = r#\"\"crate::e\"#; const F: char = '\"';\n\
                    #[cfg(test)]\nuse crate::{g};\n#[cfg(test)]\nmod tests { use crate::h; }\n\
                    #[cfg(test)] mod i;\nmod j;\nuse crate::k;";
        assert_eq!(read(text), ["crate::k"]);
        assert_eq!(Source::read(text).unwrap().modules, ["j"]);
    }

    #[test]
    fn a_path_has_the_inline_modules_around_it() {
        assert_eq!(
            read("mod a { fn b() { use super::c; } } use d::e;"),
            ["a::super::c", "d::e"]
        );
    }
}
