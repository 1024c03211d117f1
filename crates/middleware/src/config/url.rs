//! Origins and URLs from outside: checked once, then carried by type.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;
use reqwest::header::HeaderValue;

/// Scheme, host and port of an http(s) URL, in the form that browsers send as `Origin`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin(String);

impl Origin {
    /// Reads `https://host[:port]`, or `http://` on a loopback host.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<Origin, &'static str> {
        let url = SafeUrl::parse(text)?;
        if url.0.path() != "/" || url.0.query().is_some() || text.ends_with('/') {
            return Err("an origin is only scheme, host and port");
        }
        Ok(url.origin())
    }

    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether a request's `Origin` header names this one.
    pub fn is(&self, header: &HeaderValue) -> bool {
        header.as_bytes() == self.0.as_bytes()
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An absolute https URL (http on a loopback host) that holds no user and no trick.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SafeUrl(Url);

impl SafeUrl {
    /// Reads one. Only text that a URL parser does not have to mend is taken, so that
    /// `//evil`, `https:evil`, `/\evil` and control characters have no second reading.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(text: &str) -> Result<SafeUrl, &'static str> {
        if text.len() > 2048 {
            return Err("longer than 2048 characters");
        }
        if text.chars().any(|c| !c.is_ascii_graphic() || c == '\\') {
            return Err("contains a character that URLs do not have");
        }
        if !text.starts_with("https://") && !text.starts_with("http://") {
            return Err("does not start with https://");
        }
        let url = Url::parse(text).map_err(|_| "not a URL")?;
        if !url.username().is_empty() || url.password().is_some() || text.contains('@') {
            return Err("contains user information");
        }
        if url.scheme() == "http" && !is_loopback(&url) {
            return Err("http is allowed on loopback addresses only; use https");
        }
        Ok(SafeUrl(url))
    }

    /// Its origin.
    pub fn origin(&self) -> Origin {
        Origin(self.0.origin().ascii_serialization())
    }

    /// The URL itself.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

/// Whether `url` stays on this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    match url.host_str() {
        Some("localhost") => true,
        Some(host) => host
            .trim_matches(['[', ']'])
            .parse::<IpAddr>()
            .is_ok_and(|address| address.is_loopback()),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_with_two_readings_is_refused() {
        for text in [
            "//evil.example",
            "/\\evil.example",
            "https:evil.example",
            "https://shop.example\\@evil.example",
            "https://shop.example@evil.example/",
            "https://shop.example/a\r\nb",
            "https://shop.example/\u{202e}",
            "javascript:alert(1)",
            "http://shop.example/",
            "https://",
            " https://shop.example/",
        ] {
            assert!(SafeUrl::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn an_origin_is_what_a_browser_sends() {
        let origin = |text| Origin::parse(text).map(|origin| origin.to_string());
        assert_eq!(
            origin("https://Shop.example:443"),
            Ok("https://shop.example".into())
        );
        assert_eq!(
            origin("http://127.0.0.1:8400"),
            Ok("http://127.0.0.1:8400".into())
        );
        assert!(origin("https://shop.example/portal").is_err());
        assert!(origin("https://shop.example/").is_err());
    }
}
