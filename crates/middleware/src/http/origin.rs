//! From which page a request comes, as its browser says.

use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use protocol::ProblemKind;

use crate::config::Origin;
use crate::problem::ApiError;

/// The log has so many characters at most of what a browser calls its origin.
const LONGEST_LOGGED: usize = 200;
const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The `Origin` of a request, where it has exactly one.
pub(crate) fn named(headers: &HeaderMap) -> Option<&HeaderValue> {
    let mut origins = headers.get_all(ORIGIN).iter();
    origins.next().filter(|_| origins.next().is_none())
}

/// Whether the browser says that a request comes from a page of another origin than `own`.
pub(crate) fn is_foreign(own: &Origin, headers: &HeaderMap) -> bool {
    let mut sites = headers.get_all(FETCH_SITE).iter();
    let mut origins = headers.get_all(ORIGIN).iter();
    sites.any(|site| site == "cross-site" || site == "same-site")
        || origins.any(|origin| !own.is(origin))
}

/// What a request says of where it comes from, for the log.
pub(crate) fn loggable(headers: &HeaderMap) -> (Option<String>, Option<String>) {
    let said = |name: &HeaderName| {
        let said = headers
            .get(name)
            .map(|value| String::from_utf8_lossy(value.as_bytes()));
        said.map(|text| text.chars().take(LONGEST_LOGGED).collect::<String>())
    };
    (said(&ORIGIN), said(&FETCH_SITE))
}

/// Refuses a request unless its browser says that it comes from `own`: by `Sec-Fetch-Site`, by
/// `Origin`, and by both where it sends both. A request with neither is refused too.
///
/// # Errors
/// 403 otherwise.
pub(crate) fn require_own(own: &Origin, headers: &HeaderMap) -> Result<(), ApiError> {
    let mut sites = headers.get_all(FETCH_SITE).iter().peekable();
    let mut origins = headers.get_all(ORIGIN).iter().peekable();
    let proven = sites.peek().is_some() || origins.peek().is_some();
    if proven && sites.all(|site| site == "same-origin") && origins.all(|origin| own.is(origin)) {
        return Ok(());
    }
    let (origin, site) = loggable(headers);
    tracing::warn!(
        origin,
        site,
        own = own.as_str(),
        "refused a change that does not come from the portal's own page; \
         public_origin must be the origin that customers see"
    );
    Err(ApiError::new(
        ProblemKind::ForeignOrigin,
        format!("Changes are taken only from the portal's own page at {own}."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed(headers: &[(&'static str, &str)]) -> bool {
        let own = Origin::parse("https://account.shop.example").unwrap();
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), value.parse().unwrap()));
        require_own(&own, &headers.collect()).is_ok()
    }

    #[test]
    fn only_the_portals_own_page_may_change_things() {
        let own = ("origin", "https://account.shop.example");
        assert!(allowed(&[own]));
        assert!(allowed(&[("sec-fetch-site", "same-origin")]));
        assert!(allowed(&[own, ("sec-fetch-site", "same-origin")]));

        assert!(!allowed(&[]));
        assert!(!allowed(&[("origin", "null")]));
        assert!(!allowed(&[("origin", "https://shop.example")]));
        assert!(!allowed(&[(
            "origin",
            "https://account.shop.example.evil.example"
        )]));
        assert!(!allowed(&[("origin", "http://account.shop.example")]));
        for site in ["same-site", "cross-site", "none"] {
            assert!(!allowed(&[("sec-fetch-site", site)]));
            assert!(!allowed(&[own, ("sec-fetch-site", site)]));
        }
        let foreign = ("origin", "https://evil.example");
        assert!(!allowed(&[foreign, ("sec-fetch-site", "same-origin")]));
    }

    #[test]
    fn a_request_is_foreign_where_its_browser_says_so() {
        let own = Origin::parse("https://account.shop.example").unwrap();
        let foreign = |name: &'static str, value: &str| {
            let headers = [(HeaderName::from_static(name), value.parse().unwrap())];
            is_foreign(&own, &headers.into_iter().collect())
        };
        assert!(!is_foreign(&own, &HeaderMap::new()));
        assert!(!foreign("origin", "https://account.shop.example"));
        assert!(foreign("origin", "https://shop.example"));
        assert!(foreign("origin", "null"));
        for (site, is) in [
            ("same-origin", false),
            ("none", false),
            ("same-site", true),
            ("cross-site", true),
        ] {
            assert_eq!(foreign("sec-fetch-site", site), is, "{site}");
        }
    }
}
