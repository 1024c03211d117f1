//! The portal's look: the merchant's colors, fonts and shapes, and their logo.

use std::collections::BTreeMap;

use theme::{Mode, Theme, Wrong};

use crate::config::error::ConfigError;
use crate::config::source::Source;
use crate::config::spanned::Spanned;
use crate::config::tables::ThemeTable;

/// The theme as declarations of CSS, if there is one. `accent` is the color that may stand in the
/// table of the merchant.
pub(super) fn theme(
    source: &Source<'_>,
    table: &ThemeTable,
    accent: &Option<Spanned<String>>,
) -> Result<Option<String>, ConfigError> {
    let mut theme = Theme::default();
    let refused = |value, wrong: Wrong| source.wrong(value, wrong.message, &wrong.hint);
    if let Some(value) = accent {
        let set = theme.set_color(Mode::Light, "accent", value.as_ref());
        set.map_err(|wrong| refused(value, wrong))?;
        if table.light.contains_key("accent") {
            let message = "the accent is set in [theme.light] too";
            return Err(source.wrong(value, message, "take one of the two out"));
        }
    }
    if let Some(value) = &table.mode {
        let mode = match value.as_ref().as_str() {
            "auto" => "light dark",
            other => other,
        };
        let set = theme.set("mode", mode);
        set.map_err(|_| source.wrong(value, "not a mode", "write light, dark or auto"))?;
    }
    for (name, value) in &table.tokens {
        let set = theme.set(name, value.as_ref());
        set.map_err(|wrong| refused(value, wrong))?;
    }
    for (mode, colors) in [(Mode::Light, &table.light), (Mode::Dark, &table.dark)] {
        for (name, value) in colors {
            let set = theme.set_color(mode, name, value.as_ref());
            set.map_err(|wrong| refused(value, wrong))?;
        }
    }
    check_contrast(source, table, accent, &theme)?;
    let declarations = theme.declarations();
    Ok((!declarations.is_empty()).then_some(declarations))
}

/// Refuses colors that cannot be told apart, at the line of one that the merchant has set.
fn check_contrast(
    source: &Source<'_>,
    table: &ThemeTable,
    accent: &Option<Spanned<String>>,
    theme: &Theme,
) -> Result<(), ConfigError> {
    let Some(failing) = theme::check(theme).into_iter().next() else {
        return Ok(());
    };
    let colors = match failing.mode {
        Mode::Light => &table.light,
        Mode::Dark => &table.dark,
    };
    let own = failing.pair.tokens.iter().find_map(|name| of(colors, name));
    // A color that is mixed from others, of this page or of the light one, has no line of its own.
    let any = own.or_else(|| colors.values().next()).or(accent.as_ref());
    let any = any.or_else(|| table.light.values().next());
    let hint = "choose colors further apart; docs/theming.md says which lie on each other";
    Err(match any {
        Some(value) => source.wrong(value, failing.to_string(), hint),
        None => ConfigError {
            place: source.name.to_owned(),
            message: failing.to_string(),
            hint: hint.to_owned(),
        },
    })
}

/// The value of a token, whose name has `_` in the file and `-` elsewhere.
fn of<'a>(
    colors: &'a BTreeMap<String, Spanned<String>>,
    name: &str,
) -> Option<&'a Spanned<String>> {
    colors
        .get(&name.replace('-', "_"))
        .or_else(|| colors.get(name))
}

/// The address of the logo: https, or a path below the origin that the portal is served under.
pub(super) fn logo(source: &Source<'_>, table: &ThemeTable) -> Result<Option<String>, ConfigError> {
    let Some(value) = &table.logo else {
        return Ok(None);
    };
    let text = value.as_ref();
    let is_path = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    if is_path {
        return Ok(Some(text.clone()));
    }
    let hint = "write it like https://shop.example/logo.svg or /logo.svg";
    match source.url(value) {
        Ok(url) => Ok(Some(url.url().to_string())),
        Err(error) => Err(source.wrong(value, error.message, hint)),
    }
}
