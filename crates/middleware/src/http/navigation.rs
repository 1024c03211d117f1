//! What a browser says about why it asks (Fetch Metadata).

use axum::http::{HeaderMap, HeaderName, HeaderValue};

const MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const DESTINATION: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// What browsers send with a request that is made before anybody asked for it.
const SPECULATIVE: [HeaderName; 4] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-purpose"),
    HeaderName::from_static("x-moz"),
];

/// A navigation that a browser vouches for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Navigation {
    /// Of a tab or window.
    Page,
    /// Of a frame in a page.
    Frame {
        /// Whether that page is of the portal's own site.
        same_site: bool,
    },
}

impl Navigation {
    /// The navigation that `headers` show; `None` for a script, a picture, a prefetch, and whatever
    /// does not say what it is.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Navigation> {
        if is_speculative(headers) || !is(headers, &MODE, "navigate") {
            return None;
        }
        if is(headers, &DESTINATION, "document") {
            return Some(Navigation::Page);
        }
        let frame = is(headers, &DESTINATION, "iframe") || is(headers, &DESTINATION, "frame");
        let same_site = is(headers, &SITE, "same-origin") || is(headers, &SITE, "same-site");
        frame.then_some(Navigation::Frame { same_site })
    }
}

/// Whether a page of our own origin navigates here.
pub(crate) fn is_own_navigation(headers: &HeaderMap) -> bool {
    is(headers, &MODE, "navigate") && is(headers, &SITE, "same-origin") && !is_speculative(headers)
}

/// Whether the browser says that this is no navigation, or one that nobody has asked for yet.
pub(crate) fn is_no_navigation(headers: &HeaderMap) -> bool {
    is_speculative(headers) || (headers.contains_key(MODE) && !is(headers, &MODE, "navigate"))
}

fn is_speculative(headers: &HeaderMap) -> bool {
    SPECULATIVE.iter().any(|name| headers.contains_key(name))
}

/// Whether the header is there once, with this value.
fn is(headers: &HeaderMap, name: &HeaderName, value: &'static str) -> bool {
    let mut given = headers.get_all(name).iter();
    given.next() == Some(&HeaderValue::from_static(value)) && given.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[(&str, &str)] = &[
        ("sec-fetch-mode", "navigate"),
        ("sec-fetch-dest", "document"),
    ];

    fn headers(pairs: &[&[(&str, &str)]]) -> HeaderMap {
        let pairs = pairs.concat();
        let parsed = pairs
            .iter()
            .map(|(name, value)| (name.parse::<HeaderName>().unwrap(), value.parse().unwrap()));
        parsed.collect()
    }

    #[test]
    fn only_what_a_browser_calls_a_navigation_is_one() {
        let of = |pairs: &[&[(&str, &str)]]| Navigation::of(&headers(pairs));
        assert_eq!(of(&[PAGE]), Some(Navigation::Page));
        assert_eq!(of(&[]), None);
        for mode in ["cors", "no-cors", "same-origin", "websocket"] {
            let pairs = [("sec-fetch-mode", mode), ("sec-fetch-dest", "document")];
            assert_eq!(of(&[&pairs]), None, "{mode}");
        }
        for dest in [
            "image",
            "empty",
            "script",
            "style",
            "embed",
            "object",
            "fencedframe",
        ] {
            let pairs = [("sec-fetch-mode", "navigate"), ("sec-fetch-dest", dest)];
            assert_eq!(of(&[&pairs]), None, "{dest}");
        }
        for (name, value) in [
            ("sec-purpose", "prefetch"),
            ("sec-purpose", "prefetch;prerender"),
            ("sec-purpose", "prefetch;anonymous-client-ip"),
            ("purpose", "prefetch"),
            ("x-purpose", "preview"),
            ("x-moz", "prefetch"),
        ] {
            assert_eq!(of(&[PAGE, &[(name, value)]]), None, "{name}: {value}");
        }
    }

    #[test]
    fn a_frame_says_whether_it_is_of_the_same_site() {
        for (site, same_site) in [
            ("same-origin", true),
            ("same-site", true),
            ("cross-site", false),
            ("none", false),
        ] {
            let frame = [
                ("sec-fetch-mode", "navigate"),
                ("sec-fetch-dest", "iframe"),
                ("sec-fetch-site", site),
            ];
            let found = Navigation::of(&headers(&[&frame]));
            assert_eq!(found, Some(Navigation::Frame { same_site }), "{site}");
        }
    }
}
