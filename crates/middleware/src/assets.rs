//! The built portal: read into memory at start, so that serving it touches no path a browser
//! names, and answered in the best precompressed form.

mod earlier;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use axum::body::{Body, Bytes};
use axum::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, IF_NONE_MATCH, VARY,
};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use base::hex;
use sha2::{Digest, Sha256};

use crate::config::ConfigError;
use crate::headers::{IMMUTABLE, REVALIDATE};
use crate::messages::Languages;

/// The folder of the portal, as browsers see it.
pub(crate) const BASE: &str = "/portal/";
/// Everything below [`BASE`] that has no route of its own.
pub(crate) const FILES: &str = "/portal/{*path}";
/// Where the portal finds its texts in other languages.
pub(crate) const TEXTS: &str = "/portal/texts/{file}";
const INDEX: &str = "index.html";

#[cfg(feature = "embed-portal")]
static EMBEDDED: include_dir::Dir<'_> =
    include_dir::include_dir!("$CARGO_MANIFEST_DIR/../../target/dist/portal");

/// The files of the portal, by path below `/portal/`.
#[derive(Debug, Clone, Default)]
pub struct Assets {
    /// Those of this release.
    current: BTreeMap<String, Asset>,
    /// index.html in other languages, by tag.
    translated: BTreeMap<String, Asset>,
    /// Those of earlier releases that pages opened before may still ask for.
    earlier: BTreeMap<String, Asset>,
}

#[derive(Debug, Clone, Default)]
struct Asset {
    plain: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
    etag: String,
}

impl Assets {
    /// The files in the configured folder; without one, those inside the binary.
    ///
    /// # Errors
    /// Where there is neither, a file cannot be read, or there is no index.html.
    pub fn load(folder: Option<&Path>) -> Result<Assets, ConfigError> {
        match folder {
            Some(folder) => Assets::from_folder(folder),
            None => embedded(),
        }
    }

    fn from_folder(folder: &Path) -> Result<Assets, ConfigError> {
        let wrong = |message: String| ConfigError {
            place: folder.display().to_string(),
            message,
            hint: "portal_dir names the built portal; `cargo xtask dist` builds it".into(),
        };
        let mut files = Vec::new();
        collect(folder, "", &mut files).map_err(|error| wrong(error.to_string()))?;
        let assets = Assets::from_files(files);
        if assets.current.contains_key(INDEX) {
            Ok(assets)
        } else {
            Err(wrong("there is no index.html".into()))
        }
    }

    /// Pairs each file with its compressed forms.
    fn from_files(files: Vec<(String, Bytes)>) -> Assets {
        let mut assets = BTreeMap::<String, Asset>::new();
        for (path, bytes) in files {
            if let Some(plain) = path.strip_suffix(".br") {
                assets.entry(plain.to_owned()).or_default().brotli = Some(bytes);
            } else if let Some(plain) = path.strip_suffix(".gz") {
                assets.entry(plain.to_owned()).or_default().gzip = Some(bytes);
            } else {
                let asset = assets.entry(path).or_default();
                let Asset { plain, etag, .. } = Asset::new(bytes);
                (asset.plain, asset.etag) = (plain, etag);
            }
        }
        Assets {
            current: assets,
            ..Assets::default()
        }
    }

    /// The same, with index.html in all `languages`.
    pub(crate) fn with_languages(mut self, languages: &Languages) -> Assets {
        if let Some(index) = self.current.get(INDEX) {
            let english = String::from_utf8_lossy(&index.plain).into_owned();
            let pages = languages.translations().map(|language| {
                let page = language.index(&english);
                (language.tag.clone(), Asset::new(page.into()))
            });
            self.translated = pages.collect();
        }
        self
    }

    /// Where the file `stem.extension` is served under its hashed name.
    pub(crate) fn hashed(&self, stem: &str, extension: &str) -> Option<String> {
        let is_it = |path: &&String| {
            let name = path.strip_prefix("assets/").unwrap_or_default();
            let mut parts = name.split('.');
            parts.next() == Some(stem) && parts.next_back() == Some(extension)
        };
        let path = self.current.keys().find(is_it)?;
        Some(format!("{BASE}{path}"))
    }

    /// The page in `language`, or in English, as text.
    pub(crate) fn page(&self, language: &str) -> Option<Cow<'_, str>> {
        Some(String::from_utf8_lossy(&self.index(language)?.plain))
    }

    fn index(&self, language: &str) -> Option<&Asset> {
        let translated = self.translated.get(language);
        translated.or_else(|| self.current.get(INDEX))
    }

    /// The answer to a request for `path` below the portal: the file there, or the page where the
    /// path is a place inside the portal, which finds its way itself. The page is in `language`, or
    /// in English.
    pub(crate) fn answer(
        &self,
        path: &str,
        method: &Method,
        request: &HeaderMap,
        language: &str,
    ) -> Option<Response> {
        if is_place(path) {
            let mut response = self.index(language)?.answer(INDEX, method, request);
            for name in ["accept-language", "cookie"] {
                let headers = response.headers_mut();
                headers.append(VARY, HeaderValue::from_static(name));
            }
            return Some(response);
        }
        let found = self.current.get(path).or_else(|| self.earlier.get(path))?;
        Some(found.answer(path, method, request))
    }
}

/// Whether `path` below the portal is answered with its page.
pub(crate) fn is_place(path: &str) -> bool {
    path == INDEX || !path.starts_with("assets/") && !path.contains('.')
}

fn collect(folder: &Path, below: &str, files: &mut Vec<(String, Bytes)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{below}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            collect(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.push((path, std::fs::read(entry.path())?.into()));
        }
    }
    Ok(())
}

#[cfg(feature = "embed-portal")]
fn embedded() -> Result<Assets, ConfigError> {
    fn collect(dir: &'static include_dir::Dir<'static>, files: &mut Vec<(String, Bytes)>) {
        let named = |file: &'static include_dir::File<'static>| {
            let path = file.path().to_string_lossy().into_owned();
            (path, Bytes::from_static(file.contents()))
        };
        files.extend(dir.files().map(named));
        dir.dirs().for_each(|dir| collect(dir, files));
    }
    let mut files = Vec::new();
    collect(&EMBEDDED, &mut files);
    Ok(Assets::from_files(files))
}

#[cfg(not(feature = "embed-portal"))]
fn embedded() -> Result<Assets, ConfigError> {
    Err(ConfigError {
        place: "portal_dir".into(),
        message: "the key is missing, and this binary has no portal inside".into(),
        hint: "name the folder that `cargo xtask dist` builds".into(),
    })
}

impl Asset {
    fn new(plain: Bytes) -> Asset {
        let hash = Sha256::digest(&plain);
        // Weak, since the compressed forms share it.
        let etag = format!("W/\"{}\"", hex(&hash[..8]));
        Asset {
            plain,
            etag,
            ..Asset::default()
        }
    }

    fn answer(&self, path: &str, method: &Method, request: &HeaderMap) -> Response {
        let (encoding, bytes) = self.best_for(request);
        let etag = HeaderValue::try_from(self.etag.as_str()).ok();
        let known = etag.is_some() && request.get(IF_NONE_MATCH) == etag.as_ref();
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else if method == Method::HEAD {
            Response::new(Body::empty())
        } else {
            Response::new(Body::from(bytes))
        };
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, content_type(path));
        headers.insert(VARY, HeaderValue::from_static("accept-encoding"));
        let is_hashed = path.starts_with("assets/");
        headers.insert(
            CACHE_CONTROL,
            if is_hashed { IMMUTABLE } else { REVALIDATE },
        );
        if let Some(etag) = etag {
            headers.insert(ETAG, etag);
        }
        if let Some(encoding) = encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }

    fn best_for(&self, request: &HeaderMap) -> (Option<&'static str>, Bytes) {
        let accepted = request
            .get(ACCEPT_ENCODING)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default();
        match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts(accepted, "br") => (Some("br"), brotli.clone()),
            (_, Some(gzip)) if accepts(accepted, "gzip") => (Some("gzip"), gzip.clone()),
            _ => (None, self.plain.clone()),
        }
    }
}

/// Whether an `Accept-Encoding` names `encoding` and does not weigh it with zero.
fn accepts(accepted: &str, encoding: &str) -> bool {
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        let weight = weight.trim().trim_start_matches("q=");
        let is_zero = !weight.is_empty() && weight.chars().all(|c| c == '0' || c == '.');
        name.trim().eq_ignore_ascii_case(encoding) && !is_zero
    })
}

fn content_type(path: &str) -> HeaderValue {
    let extension = path.rsplit('.').next().unwrap_or_default();
    HeaderValue::from_static(match extension {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        // Browsers compile while they load only under this name.
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "json" => "application/json",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoding_weighed_with_zero_is_not_accepted() {
        assert!(accepts("gzip, deflate, br", "br"));
        assert!(accepts("br;q=0.8", "br"));
        assert!(!accepts("br;q=0", "br"));
        assert!(!accepts("br;q=0.0, gzip", "br"));
        assert!(!accepts("", "br"));
    }

    #[test]
    fn the_wasm_has_the_type_that_browsers_want() {
        assert_eq!(content_type("assets/a.0123.wasm"), "application/wasm");
    }
}
