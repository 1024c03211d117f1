//! The headers of every answer, as named policies with the reason of each.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::Origin;

/// For answers about a customer: nothing on the way and no back button shows them again.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// For index.html, whose name stays while its content changes: ask each time.
pub(crate) const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// For files whose name changes with their content.
pub(crate) const IMMUTABLE: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// Sign-out clears what the browser kept of the portal. Not `"cookies"`: that would reach the
/// cookies of the whole registrable domain, the shop's basket among them; ours is expired by name.
pub(crate) const CLEAR_SITE_DATA: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");

const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
/// Two years; browsers ignore it over plain http, so a demo on loopback is not affected.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000; includeSubDomains");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const DENY: HeaderValue = HeaderValue::from_static("DENY");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
);

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The security headers, which depend on who may frame the portal.
#[derive(Debug, Clone)]
pub(crate) struct SecurityHeaders {
    csp: HeaderValue,
    framed: bool,
}

impl SecurityHeaders {
    /// Headers that let `frame_ancestors`, or nobody, put the portal into a frame.
    pub(crate) fn new(frame_ancestors: &[Origin]) -> SecurityHeaders {
        // An origin is printable ASCII without spaces, so this is always a header.
        let csp = HeaderValue::try_from(content_security_policy(frame_ancestors));
        SecurityHeaders {
            csp: csp.unwrap_or(HeaderValue::from_static("default-src 'none'")),
            framed: !frame_ancestors.is_empty(),
        }
    }

    /// Sets them on an answer; `Cache-Control` only where the handler said nothing.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        headers.insert(CONTENT_SECURITY_POLICY, self.csp.clone());
        headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
        headers.insert(REFERRER_POLICY, NO_REFERRER);
        headers.insert(STRICT_TRANSPORT_SECURITY, HSTS);
        headers.insert(COOP, SAME_ORIGIN);
        headers.insert(CORP, SAME_ORIGIN);
        headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
        if !self.framed {
            // For what does not read the CSP's frame-ancestors.
            headers.insert(X_FRAME_OPTIONS, DENY);
        }
        headers.entry(CACHE_CONTROL).or_insert(NO_STORE);
    }
}

/// The policy for every page and answer.
fn content_security_policy(frame_ancestors: &[Origin]) -> String {
    let ancestors: Vec<&str> = frame_ancestors.iter().map(Origin::as_str).collect();
    let ancestors = match ancestors.as_slice() {
        [] => "'none'".to_owned(),
        some => some.join(" "),
    };
    [
        // What is not named below is not loaded.
        "default-src 'none'",
        // Our own files; compiling WebAssembly needs a word of its own, eval stays forbidden.
        "script-src 'self' 'wasm-unsafe-eval'",
        // Style sheets from files only; no style attribute.
        "style-src 'self'",
        // Product pictures come from the shop's image hosts, which differ; small ones are inlined.
        "img-src 'self' https: data:",
        "font-src 'self'",
        // The API, and the wasm with its style sheet.
        "connect-src 'self'",
        // Forms are handled by the portal; a forged one cannot send data elsewhere.
        "form-action 'self'",
        // No <base> that would turn relative links elsewhere, no plug-ins.
        "base-uri 'none'",
        "object-src 'none'",
        // Who may put the portal into a frame.
        &format!("frame-ancestors {ancestors}"),
    ]
    .join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_csp_is_exactly_this() {
        assert_eq!(
            content_security_policy(&[]),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' https: data:; font-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'"
        );
    }

    #[test]
    fn configured_shops_may_frame_the_portal() {
        let shop = Origin::parse("https://shop.example").unwrap();
        let csp = content_security_policy(std::slice::from_ref(&shop));
        assert!(csp.ends_with("; frame-ancestors https://shop.example"));
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(&[shop]).apply(&mut headers);
        assert!(!headers.contains_key(X_FRAME_OPTIONS));
    }

    #[test]
    fn a_policy_of_the_handler_is_kept() {
        let mut headers = HeaderMap::from_iter([(CACHE_CONTROL, IMMUTABLE)]);
        SecurityHeaders::new(&[]).apply(&mut headers);
        assert_eq!(headers[CACHE_CONTROL], IMMUTABLE);
    }
}
