//! Whether colors can be told apart, by pairs.

use std::fmt;

use serde::Deserialize;

use crate::sheet::Sheet;
use crate::{TOKENS, Theme, color};

const PAIRS: &str = include_str!("../../../style/contrast.json");

/// Whether a page is light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Dark text on light surfaces.
    Light,
    /// Light text on dark surfaces.
    Dark,
}

impl Mode {
    /// The light page and the dark one.
    pub const BOTH: [Mode; 2] = [Mode::Light, Mode::Dark];

    /// What the name of a color of this page ends in.
    pub(crate) fn suffix(self) -> &'static str {
        match self {
            Mode::Light => "",
            Mode::Dark => "-dark",
        }
    }
}

/// Two colors that lie on each other somewhere in the portal.
#[derive(Debug, Clone, Deserialize)]
pub struct Pair {
    /// What is to be seen, by its property in `style/tokens.css`.
    pub front: String,
    /// What it lies on, the uppermost first: what shows through comes before what it lies on.
    pub back: Vec<String>,
    /// What both are called in messages: the tokens that decide about them, or what is mixed from
    /// them.
    pub tokens: [String; 2],
    /// The least contrast, in hundredths: 450 for text, 300 for edges and icons.
    pub needed: u32,
}

/// The contrast of a pair under a theme.
#[derive(Debug, Clone)]
pub struct Contrast {
    /// Which pair.
    pub pair: Pair,
    /// On which page.
    pub mode: Mode,
    /// The contrast, in hundredths.
    pub ratio: u32,
}

impl Contrast {
    /// Whether it is enough.
    pub fn is_enough(&self) -> bool {
        self.ratio >= self.pair.needed
    }
}

impl fmt::Display for Contrast {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // What is mixed from a token has a name of its own, which no property has.
        let name = |name: &String| {
            if TOKENS.iter().any(|token| token.name == name) {
                format!("{name}{}", self.mode.suffix())
            } else {
                name.clone()
            }
        };
        let [front, back] = self.pair.tokens.each_ref().map(name);
        let page = match self.mode {
            Mode::Light => "light",
            Mode::Dark => "dark",
        };
        write!(
            f,
            "{front} on {back} has a contrast of {}:1 on the {page} page, and needs {}:1",
            Hundredths(self.ratio),
            Hundredths(self.pair.needed)
        )
    }
}

/// A contrast as it is written.
pub(crate) struct Hundredths(pub(crate) u32);

impl fmt::Display for Hundredths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// The pairs that are compared, those of `style/contrast.json`.
pub fn pairs() -> Vec<Pair> {
    // The tests read it.
    serde_json::from_str(PAIRS).unwrap_or_default()
}

/// The contrast of every pair, on the light page and on the dark one. A color that cannot be
/// computed, such as one by a function that is not known here, counts as having none.
pub fn contrasts(theme: &Theme) -> Vec<Contrast> {
    let sheet = Sheet::of_the_portal();
    let mut found = Vec::new();
    for mode in Mode::BOTH {
        for pair in pairs() {
            let ratio = ratio(&sheet, theme, mode, &pair).unwrap_or_default();
            found.push(Contrast { pair, mode, ratio });
        }
    }
    found
}

/// The pairs that cannot be told apart well enough.
pub fn check(theme: &Theme) -> Vec<Contrast> {
    let mut found = contrasts(theme);
    found.retain(|contrast| !contrast.is_enough());
    found
}

fn ratio(sheet: &Sheet, theme: &Theme, mode: Mode, pair: &Pair) -> Option<u32> {
    let color = |name: &String| sheet.color(theme, mode, name);
    let mut layers = pair.back.iter().rev();
    let mut back = color(layers.next()?)?;
    for layer in layers {
        back = color::over(&color(layer)?, &back);
    }
    let front = color::over(&color(&pair.front)?, &back);
    Some(color::contrast(&front, &back))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_colors_can_be_read() {
        let failing: Vec<String> = check(&Theme::default())
            .iter()
            .map(Contrast::to_string)
            .collect();
        assert!(failing.is_empty(), "{failing:#?}");
        assert!(pairs().len() > 20);
    }

    #[test]
    fn a_failing_pair_is_named() {
        let mut theme = Theme::default();
        theme.set_color(Mode::Light, "muted", "#999999").unwrap();
        let failing = check(&theme);
        assert!(failing.iter().all(|contrast| contrast.mode == Mode::Light));
        assert_eq!(
            failing[0].to_string(),
            "muted on background has a contrast of 2.72:1 on the light page, and needs 4.50:1"
        );
    }

    #[test]
    fn any_accent_alone_can_be_read() {
        for accent in [
            "#ffff00", "#000000", "#ffffff", "#ff0000", "#00ff00", "#808080",
        ] {
            let mut theme = Theme::default();
            theme.set_color(Mode::Light, "accent", accent).unwrap();
            let failing: Vec<String> = check(&theme).iter().map(Contrast::to_string).collect();
            assert!(failing.is_empty(), "{accent}: {failing:#?}");
        }
    }
}
