//! The values of `style/tokens.css` under a theme, as a browser computes them.

use csscolorparser::Color;

use crate::contrast::Mode;
use crate::css::{arguments, rule, words};
use crate::{Theme, color};

const TOKENS_CSS: &str = include_str!("../../../style/tokens.css");

/// The properties of the portal's root.
pub(crate) struct Sheet {
    properties: Vec<(String, String)>,
}

impl Sheet {
    pub(crate) fn of_the_portal() -> Sheet {
        Sheet {
            properties: rule(TOKENS_CSS, ".portal"),
        }
    }

    /// What the sheet says for the property `name`.
    pub(crate) fn property(&self, name: &str) -> Option<&str> {
        let found = self.properties.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The color of the property `name`.
    pub(crate) fn color(&self, theme: &Theme, mode: Mode, name: &str) -> Option<Color> {
        let page = Page {
            sheet: self,
            theme,
            mode,
        };
        page.color(self.property(name)?)
    }
}

/// The default of a token, as `style/tokens.css` has it.
pub fn default_of(name: &str) -> Option<String> {
    let sheet = Sheet::of_the_portal();
    let start = format!("var(--portal-{name}, ");
    let values = sheet.properties.iter();
    let after = values.filter_map(|(_, value)| value.split_once(&start));
    let (_, after) = after.into_iter().next()?;
    let mut depth = 0;
    let end = after.find(|c| {
        match c {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth < 0
    })?;
    Some(after[..end].to_owned())
}

/// The sheet under a theme, light or dark.
struct Page<'a> {
    sheet: &'a Sheet,
    theme: &'a Theme,
    mode: Mode,
}

impl Page<'_> {
    fn color(&self, text: &str) -> Option<Color> {
        if let Some(parts) = arguments(text, "var") {
            let name = *parts.first()?;
            let own = name.strip_prefix("--portal-");
            let own = own.and_then(|name| self.theme.values.get(name));
            let value = own
                .map(String::as_str)
                .or_else(|| self.sheet.property(name));
            return self.color(value.or_else(|| parts.get(1).copied())?);
        }
        if let Some(parts) = arguments(text, "light-dark") {
            let at = if self.mode == Mode::Light { 0 } else { 1 };
            return self.color(parts.get(at)?);
        }
        if let Some(parts) = arguments(text, "color-mix") {
            let one = words(parts.get(1)?);
            let percent: f32 = one.get(1)?.strip_suffix('%')?.parse().ok()?;
            let (one, other) = (self.color(one.first()?)?, self.color(parts.get(2)?)?);
            return Some(color::mix(&one, percent, &other));
        }
        if let Some(parts) = arguments(text, "oklch") {
            let parts = words(parts.first()?);
            if let ["from", base, components @ ..] = parts.as_slice() {
                return color::relative(&self.color(base)?, components);
            }
        }
        if let Some(parts) = arguments(text, "color") {
            // The one color that depends on the luminance of another.
            let parts = words(parts.first()?);
            if let ["from", base, "xyz-d65", ..] = parts.as_slice() {
                return Some(color::legible(&self.color(base)?));
            }
        }
        color::parse(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Kind, TOKENS};

    #[test]
    fn every_color_of_the_sheet_can_be_computed() {
        let (sheet, theme) = (Sheet::of_the_portal(), Theme::default());
        for name in [
            "--paper",
            "--on-accent",
            "--accent-hover",
            "--hairline",
            "--stop-soft",
        ] {
            for mode in Mode::BOTH {
                assert!(sheet.color(&theme, mode, name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn the_sheet_uses_every_token_and_no_other() {
        let mut known: Vec<String> = Vec::new();
        for token in TOKENS {
            known.push(token.name.to_owned());
            if token.kind == Kind::Color {
                known.push(format!("{}-dark", token.name));
            }
        }
        let style = concat!(
            include_str!("../../../style/tokens.css"),
            include_str!("../../../style/base.css"),
            include_str!("../../../style/layout.css"),
        );
        let used: Vec<&str> = style
            .split("var(--portal-")
            .skip(1)
            .filter_map(|after| after.split([',', ')']).next())
            .collect();
        for name in &used {
            assert!(
                known.iter().any(|known| known == name),
                "{name} is no token"
            );
        }
        for name in known {
            assert!(used.contains(&name.as_str()), "nothing uses {name}");
        }
    }

    #[test]
    fn the_default_of_a_token_is_that_of_the_sheet() {
        assert_eq!(
            default_of("accent").as_deref(),
            Some("oklch(0.43 0.085 165)")
        );
        assert_eq!(default_of("radius").as_deref(), Some("12px"));
        assert_eq!(default_of("border").as_deref(), Some("var(--line)"));
    }
}
