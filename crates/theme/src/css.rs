//! As much of the syntax of CSS as tokens are written in.

/// All declarations of a style sheet, in order, whatever rule they are in.
pub(crate) fn declarations(css: &str) -> Vec<(String, String)> {
    let css = without_comments(css);
    let parts = css.split([';', '{', '}']);
    let declaration = |part: &str| {
        let (name, value) = part.split_once(':')?;
        Some((name.trim().to_owned(), one_line(value)))
    };
    parts.filter_map(declaration).collect()
}

/// The declarations of the first rule whose selector is `selector`.
pub(crate) fn rule(css: &str, selector: &str) -> Vec<(String, String)> {
    let css = without_comments(css);
    let start = format!("{selector} {{");
    let body = css.split_once(&start).map_or("", |(_, after)| after);
    declarations(body.split('}').next().unwrap_or_default())
}

/// The arguments of the function `name`, where `text` is a call of it.
pub(crate) fn arguments<'a>(text: &'a str, name: &str) -> Option<Vec<&'a str>> {
    let inner = text.strip_prefix(name)?.strip_prefix('(')?;
    let inner = inner.strip_suffix(')')?;
    Some(split(inner, |c| c == ','))
}

/// Words, of which those in parentheses are one.
pub(crate) fn words(text: &str) -> Vec<&str> {
    split(text, char::is_whitespace)
}

fn split(text: &str, is_separator: impl Fn(char) -> bool) -> Vec<&str> {
    let (mut parts, mut depth, mut start) = (Vec::new(), 0_u32, 0);
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            c if depth == 0 && is_separator(c) => {
                parts.push(text[start..at].trim());
                start = at + c.len_utf8();
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

fn without_comments(css: &str) -> String {
    let mut parts = css.split("/*");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| {
        text + part.split_once("*/").map_or("", |(_, after)| after)
    })
}

fn one_line(value: &str) -> String {
    let text = value.split_whitespace().collect::<Vec<_>>().join(" ");
    text.replace("( ", "(").replace(" )", ")")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_over_several_lines_is_one() {
        let css = ".portal {\n  --a: light-dark(\n    red,\n    blue\n  ); /* ; */\n --b: 1px }";
        let found = rule(css, ".portal");
        assert_eq!(found[0], ("--a".into(), "light-dark(red, blue)".into()));
        assert_eq!(found[1], ("--b".into(), "1px".into()));
    }

    #[test]
    fn arguments_may_be_calls() {
        let found = arguments("var(--a, max(1, 2))", "var");
        assert_eq!(found, Some(vec!["--a", "max(1, 2)"]));
        assert_eq!(arguments("--a", "var"), None);
    }
}
