//! What a merchant may change in the portal's look, and whether the result can be read.
//!
//! The default values are those of `style/tokens.css`, which this crate evaluates as a browser
//! does: a theme replaces some of its `--portal-*` properties, and [`check`] compares the colors
//! that come out of it by the pairs in `style/contrast.json`. The preview compares the same pairs
//! in the browser. The portal itself does not depend on this crate.

mod color;
mod contrast;
mod css;
mod interface;
mod sheet;
mod value;

pub use contrast::{Contrast, Mode, Pair, check, contrasts, pairs};
pub use interface::{Described, Kind, PARTS, SLOTS, TOKENS, Token, VERSION};
pub use sheet::default_of;

use std::collections::BTreeMap;

/// Values for some of the tokens.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Theme {
    /// By the property's name after `--portal-`, such as `accent` or `accent-dark`.
    values: BTreeMap<String, String>,
}

impl Theme {
    /// The theme of a style sheet: the first value of each `--portal-*` property in it.
    pub fn from_css(css: &str) -> Theme {
        let mut theme = Theme::default();
        for (name, value) in css::declarations(css) {
            if let Some(name) = name.strip_prefix("--portal-") {
                let entry = theme.values.entry(name.to_owned());
                entry.or_insert_with(|| value.to_owned());
            }
        }
        theme
    }

    /// Sets a token that is no color.
    ///
    /// # Errors
    /// Where there is no such token or the value does not do; says what would.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Wrong> {
        let token = token(name)?;
        if token.kind == Kind::Color {
            let message = format!("{name} is a color");
            return Err(Wrong::new(
                message,
                "set it in [theme.light] or [theme.dark]",
            ));
        }
        value::check(token.kind, value)?;
        self.values.insert(token.name.to_owned(), value.to_owned());
        Ok(())
    }

    /// Sets a color of the light or the dark page.
    ///
    /// # Errors
    /// As [`Theme::set`].
    pub fn set_color(&mut self, mode: Mode, name: &str, value: &str) -> Result<(), Wrong> {
        let token = token(name)?;
        if token.kind != Kind::Color {
            let message = format!("{name} is not a color");
            return Err(Wrong::new(message, "set it in [theme.tokens]"));
        }
        value::check(token.kind, value)?;
        let name = format!("{}{}", token.name, mode.suffix());
        self.values.insert(name, value.to_owned());
        Ok(())
    }

    /// Whether a property has a value, by its name after `--portal-`.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The names after `--portal-` that are set, for comparison with [`TOKENS`].
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// The theme as declarations of CSS. Each value was checked, so none ends its declaration or
    /// loads anything.
    pub fn declarations(&self) -> String {
        let declaration = |(name, value): (&String, &String)| format!("--portal-{name}:{value};");
        self.values.iter().map(declaration).collect()
    }
}

/// Why a value is refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// What is wrong.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl Wrong {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Wrong {
        Wrong {
            message: message.into(),
            hint: hint.into(),
        }
    }
}

/// The token called `name`, where `_` may stand for `-`.
fn token(name: &str) -> Result<&'static Token, Wrong> {
    let plain = name.replace('_', "-");
    let found = TOKENS.iter().find(|token| token.name == plain);
    found.ok_or_else(|| {
        let names: Vec<String> = TOKENS.iter().map(|token| token.key()).collect();
        let hint = format!("there are: {}", names.join(", "));
        Wrong::new(format!("no token is called {name}"), hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_is_read_from_a_style_sheet() {
        let css =
            "/* --portal-text: red; */ merchant-portal { --portal-accent: #123456; color: red }
            merchant-portal::part(card) { --portal-accent: #000000; }";
        let theme = Theme::from_css(css);
        assert_eq!(theme.declarations(), "--portal-accent:#123456;");
    }

    #[test]
    fn an_unknown_token_is_refused_with_those_that_there_are() {
        let wrong = Theme::default().set("colour", "red").unwrap_err();
        assert_eq!(wrong.message, "no token is called colour");
        assert!(wrong.hint.contains("heading_font"), "{}", wrong.hint);
    }

    #[test]
    fn a_color_belongs_to_a_mode_and_all_else_to_none() {
        let mut theme = Theme::default();
        assert!(theme.set("accent", "#123456").is_err());
        assert!(theme.set_color(Mode::Dark, "radius", "4px").is_err());
        theme.set_color(Mode::Dark, "on_accent", "#123456").unwrap();
        theme.set("heading_font", "Georgia, serif").unwrap();
        assert_eq!(
            theme.declarations(),
            "--portal-heading-font:Georgia, serif;--portal-on-accent-dark:#123456;"
        );
    }
}
