//! What customers read, in their language: mails, pages without a script, and the translations
//! that the portal loads. The texts are in the catalogs, `src/i18n/*.json`, and in files of the
//! merchant.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, LazyLock};

use axum::http::HeaderMap;
use axum::http::header::ACCEPT_LANGUAGE;
use base::hex;
use messages::{BOOT, Catalog, Mistake};
use sha2::{Digest, Sha256};

use crate::config::error::ConfigError;

/// The language that every text exists in.
const ENGLISH: &str = "en";

/// A text for customers. Only the functions of the catalog make one.
pub(crate) struct Text(String);

impl Text {
    /// The text as it is.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, owned.
    pub(crate) fn into_string(self) -> String {
        self.0
    }
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
include!(concat!(env!("OUT_DIR"), "/catalogs.rs"));

/// A language that customers can read.
#[derive(Debug, Default)]
pub(crate) struct Language {
    /// Its tag, such as `de` or `pt-BR`.
    pub(crate) tag: String,
    /// The texts that differ from the English ones of this release.
    texts: Catalog,
    /// The texts as the portal reads them; without any where they are the English ones.
    pub(crate) lines: Option<Arc<str>>,
    /// Changes with `lines`.
    pub(crate) etag: String,
}

impl Language {
    /// The text of `key` with its values filled in.
    fn text(&self, key: &str, english: &str, values: &[(&str, &str)]) -> Text {
        let mut text = self.of(key, english).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        Text(text)
    }

    /// The text of a key of the portal that has no placeholders to fill in, where there is one.
    pub(crate) fn by_key(&self, key: &str) -> Option<Text> {
        static ENGLISH: LazyLock<Catalog> = LazyLock::new(|| messages::read(CATALOG));
        let text = self.texts.get(key).or_else(|| ENGLISH.get(key))?;
        Some(Text(text.clone()))
    }

    fn of<'a>(&'a self, key: &str, english: &'a str) -> &'a str {
        self.texts.get(key).map_or(english, String::as_str)
    }

    /// index.html in this language, with the address of the portal's texts in it. What stands in its
    /// texts for a placeholder is a link.
    pub(crate) fn index(&self, english: &str) -> String {
        let boot = |key: &&String| key.starts_with(BOOT);
        let catalog = messages::read(CATALOG);
        let text = |key: &str| self.of(key, &catalog[key]).to_owned();
        let links = |retry: &str, shop: &str| {
            [
                ("{retry}", format!("<a href=\"\">{}</a>", escape(retry))),
                (
                    "{shop}",
                    format!("<a href=\"/portal/return\">{}</a>", escape(shop)),
                ),
            ]
        };
        let filled = |text: &str, links: &[(&str, String)]| {
            let text = escape(text);
            links
                .iter()
                .fold(text, |text, (name, link)| text.replace(name, link))
        };
        let of_english = links(&catalog["boot.failed.retry"], &catalog["boot.shop"]);
        let of_this = links(&text("boot.failed.retry"), &text("boot.shop"));
        let mut page = english.replace(
            "<html lang=\"en\">",
            &format!("<html lang=\"{}\" dir=\"{}\">", self.tag, self.direction()),
        );
        let is_link = |key: &&String| ["boot.failed.retry", "boot.shop"].contains(&key.as_str());
        for key in catalog.keys().filter(boot).filter(|key| !is_link(key)) {
            let before = filled(&catalog[key], &of_english);
            page = page.replace(&before, &filled(&text(key), &of_this));
        }
        // The bootstrap script reads them from here, and nothing where the page names none.
        let texts = format!(
            "<link rel=\"preload\" as=\"fetch\" crossorigin href=\"/portal/texts/{}.txt\" data-texts>\n</head>",
            self.tag
        );
        page.replacen("</head>", &texts, 1)
    }

    /// `ltr` or `rtl`.
    pub(crate) fn direction(&self) -> &str {
        self.of("language.direction", "ltr")
    }
}

/// The languages that customers can read.
#[derive(Debug)]
pub(crate) struct Languages(BTreeMap<String, Arc<Language>>);

impl Languages {
    /// The languages of this release, with the merchant's own texts from `folder`: each file,
    /// such as `de.json`, replaces texts of its language or adds the language.
    ///
    /// # Errors
    /// Where a file cannot be read, or a text of it cannot be used.
    pub(crate) fn load(folder: Option<&Path>) -> Result<Languages, ConfigError> {
        let english = messages::read(CATALOG);
        let mut texts: BTreeMap<String, Catalog> = TRANSLATIONS
            .iter()
            .map(|(tag, catalog)| ((*tag).to_owned(), messages::read(catalog)))
            .collect();
        texts.insert(ENGLISH.to_owned(), Catalog::new());
        for (tag, own) in folder.map_or(Ok(Vec::new()), |folder| own_texts(folder, &english))? {
            texts.entry(tag).or_default().extend(own);
        }
        let languages = texts.into_iter().map(|(tag, texts)| {
            let lines = (!texts.is_empty()).then(|| messages::lines(&english, &texts));
            let hash = Sha256::digest(lines.as_deref().unwrap_or_default());
            let language = Language {
                etag: format!("W/\"{}\"", hex(&hash[..8])),
                lines: lines.map(Arc::from),
                tag: tag.clone(),
                texts,
            };
            (tag.to_ascii_lowercase(), Arc::new(language))
        });
        Ok(Languages(languages.collect()))
    }

    /// Those other than English, and English where the merchant has texts for it.
    pub(crate) fn translations(&self) -> impl Iterator<Item = &Language> {
        let all = self.0.values().map(|language| &**language);
        all.filter(|language| language.lines.is_some())
    }

    /// The language for a tag in any form, such as `de-CH`, `en_GB` or `pt`: the longest part of
    /// it that is known.
    pub(crate) fn find(&self, tag: &str) -> Option<&Arc<Language>> {
        let tag = tag.split(['.', '@']).next().unwrap_or_default();
        let tag = tag.trim().replace('_', "-").to_ascii_lowercase();
        let mut rest = tag.as_str();
        loop {
            if let Some(language) = self.0.get(rest) {
                return Some(language);
            }
            rest = rest.rsplit_once('-')?.0;
        }
    }

    /// A tag in its usual form, such as `de-CH` for `de_ch.UTF-8`; `None` where there is no text in
    /// its language.
    pub(crate) fn canonical(&self, tag: &str) -> Option<String> {
        let language = self.find(tag)?.tag.split('-').next()?.to_owned();
        let tag = tag.split(['.', '@']).next()?.trim().replace('_', "-");
        let rest = tag.split('-').skip(1).map(|part| match part.len() {
            2 => part.to_ascii_uppercase(),
            4 if part.starts_with(|first: char| first.is_ascii_alphabetic()) => {
                part[..1].to_ascii_uppercase() + &part[1..].to_ascii_lowercase()
            }
            _ => part.to_ascii_lowercase(),
        });
        let parts: Vec<String> = std::iter::once(language).chain(rest).collect();
        let is_part = |part: &String| {
            (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric())
        };
        parts.iter().all(is_part).then(|| parts.join("-"))
    }

    /// The tags of all languages.
    pub(crate) fn tags(&self) -> Vec<&str> {
        self.0
            .values()
            .map(|language| language.tag.as_str())
            .collect()
    }

    /// That of `locale`, else the language that a browser asks for first of those that are known,
    /// else English.
    pub(crate) fn of_request(&self, locale: Option<&str>, headers: &HeaderMap) -> Arc<Language> {
        if let Some(language) = locale.and_then(|tag| self.find(tag)) {
            return Arc::clone(language);
        }
        let asked = headers
            .get(ACCEPT_LANGUAGE)
            .and_then(|value| value.to_str().ok());
        self.preferred(asked.unwrap_or_default())
    }

    /// The language that stands first in a list as of `Accept-Language`, else English.
    pub(crate) fn preferred(&self, asked: &str) -> Arc<Language> {
        let mut asked: Vec<(&str, f32)> = asked
            .split(',')
            .map(|one| {
                let (tag, weight) = one.split_once(";q=").unwrap_or((one, "1"));
                (tag, weight.trim().parse().unwrap_or(0.0))
            })
            .filter(|(_, weight)| *weight > 0.0)
            .collect();
        asked.sort_by(|one, other| other.1.total_cmp(&one.1));
        let found = asked.iter().find_map(|(tag, _)| self.find(tag));
        found
            .or_else(|| self.0.get(ENGLISH))
            .cloned()
            .unwrap_or_default()
    }
}

/// Text as it stands in HTML.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The merchant's own texts, by tag.
fn own_texts(folder: &Path, english: &Catalog) -> Result<Vec<(String, Catalog)>, ConfigError> {
    let wrong = |path: &Path, message: String, hint: &str| ConfigError {
        place: path.display().to_string(),
        message,
        hint: hint.into(),
    };
    let hint = "texts_dir names a folder with files such as de.json";
    let entries = fs::read_dir(folder).map_err(|error| wrong(folder, error.to_string(), hint))?;
    let mut found = Vec::new();
    for entry in entries {
        let path = entry
            .map_err(|error| wrong(folder, error.to_string(), hint))?
            .path();
        let Some(tag) = path
            .file_name()
            .and_then(|name| name.to_str()?.strip_suffix(".json"))
        else {
            continue;
        };
        let is_tag = tag.len() >= 2 && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
        if !is_tag {
            let message = format!("{tag} is not a language tag");
            return Err(wrong(
                &path,
                message,
                "name the file like de.json or pt-BR.json",
            ));
        }
        let text =
            fs::read_to_string(&path).map_err(|error| wrong(&path, error.to_string(), hint))?;
        let texts = messages::translate(english, &text).map_err(|mistakes| {
            let Mistake { line, text } = &mistakes[0];
            let more = mistakes.len() - 1;
            ConfigError {
                place: format!("{}:{line}", path.display()),
                message: match more {
                    0 => text.clone(),
                    more => format!("{text} (and {more} more)"),
                },
                hint: "keys and placeholders are those of src/i18n/en.json".into(),
            }
        })?;
        found.push((tag.to_owned(), texts));
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(files: &[(&str, &str)]) -> Result<Languages, ConfigError> {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in files {
            fs::write(folder.path().join(name), content).unwrap();
        }
        Languages::load(Some(folder.path()))
    }

    #[test]
    fn in1_every_translation_of_the_release_is_whole() {
        let english = messages::read(CATALOG);
        for (tag, catalog) in TRANSLATIONS {
            let texts = messages::translate(&english, catalog)
                .unwrap_or_else(|mistakes| panic!("{tag}.json: {mistakes:#?}"));
            assert_eq!(messages::missing(&english, &texts), [""; 0], "{tag}.json");
        }
    }

    #[test]
    fn cf5_the_longest_known_part_of_a_tag_counts() {
        let languages = with(&[("fr-CA.json", r#"{"page.back": "Retour à {shop}"}"#)]).unwrap();
        let tag = |asked: &str| languages.find(asked).map(|language| language.tag.clone());
        assert_eq!(tag("en_GB.UTF-8").as_deref(), Some("en"));
        assert_eq!(tag("en-US@posix").as_deref(), Some("en"));
        assert_eq!(tag("FR-ca-x-twain").as_deref(), Some("fr-CA"));
        assert_eq!(tag("fr"), None);
        for garbage in ["", "-", "*", "C", "🙂", "e"] {
            assert_eq!(tag(garbage), None, "{garbage}");
        }
        let preferred = |asked: &str| languages.preferred(asked).tag.clone();
        assert_eq!(preferred("xx, fr-CA;q=0.4, en;q=0.3"), "fr-CA");
        assert_eq!(preferred("fr-CA;q=0, *"), "en");
        assert_eq!(preferred("en-GB;q=0.2, fr-CA;q=0.9"), "fr-CA");
        assert_eq!(preferred("garbage;;q=q"), "en");
    }

    #[test]
    fn cf5_a_tag_is_kept_in_its_usual_form() {
        let languages = Languages::load(None).unwrap();
        let kept = |tag: &str| languages.canonical(tag);
        assert_eq!(kept("DE_ch.UTF-8").as_deref(), Some("de-CH"));
        assert_eq!(kept("ar-arab-eg").as_deref(), Some("ar-Arab-EG"));
        assert_eq!(kept("en").as_deref(), Some("en"));
        for bad in ["", "sw", "de-<b>", "de--CH", "de-\u{e9}t"] {
            assert_eq!(kept(bad), None, "{bad}");
        }
    }

    #[test]
    fn in1_texts_of_the_merchant_replace_some_and_the_rest_stays() {
        let languages = with(&[("en.json", r#"{"page.back": "Back to our {shop}"}"#)]).unwrap();
        let english = languages.find("en").unwrap();
        assert_eq!(page_back(english, "Shop").as_str(), "Back to our Shop");
        assert_eq!(page_open_button(english).as_str(), "Open subscriptions");
        assert!(english.lines.is_some());
        let plain = Languages::load(None).unwrap();
        assert!(plain.find("en").unwrap().lines.is_none());
    }

    #[test]
    fn in1_a_text_that_cannot_be_used_is_named_with_file_and_line() {
        let error = with(&[("en.json", "{\n\"page.back\": \"Back\"\n}")]).unwrap_err();
        assert!(error.place.ends_with("en.json:2"), "{}", error.place);
        assert_eq!(error.message, "page.back: it lacks {shop}");
        let error = with(&[("german!.json", "{}")]).unwrap_err();
        assert_eq!(error.message, "german! is not a language tag");
    }
}
