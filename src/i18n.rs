//! Words, and how dates, numbers and money are written.
//!
//! No component holds literal text. Every string is in `i18n/en.json`, and the build script makes
//! one function of each key: `t::nav_overview()`, `t::skip_delivery_title(&date)`, `t::items(3)`.
//! They answer in the language that [`set_language`] was told. Formatting is the browser's own,
//! through `Intl`.

mod catalog;
pub mod format;
mod intl;
pub mod t;

pub(crate) use catalog::{is_right_to_left, isolated};
pub use intl::locale;

/// Says which language the portals of the page are in: `translation` as `messages::lines` packs
/// it, or nothing for English, and the `locale` for dates and numbers, a tag that the browser
/// knows, such as `de-CH`. What is on the page already stays as it is.
pub fn set_language(translation: Option<String>, locale: String) {
    intl::set_locale(locale);
    catalog::set(translation);
}
