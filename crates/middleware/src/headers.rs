//! The headers of every answer, as named policies with the reason of each.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::{Origin, TokeniserSources};

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
    /// Headers that let `frame_ancestors`, or nobody, put the portal into a frame, and let a
    /// page load what the card tokeniser declares.
    pub(crate) fn new(
        frame_ancestors: &[Origin],
        tokeniser: Option<&TokeniserSources>,
    ) -> SecurityHeaders {
        // An origin is printable ASCII without spaces, so this is always a header.
        let csp = HeaderValue::try_from(content_security_policy(frame_ancestors, tokeniser));
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
fn content_security_policy(
    frame_ancestors: &[Origin],
    tokeniser: Option<&TokeniserSources>,
) -> String {
    let none = TokeniserSources::default();
    let tokeniser = tokeniser.unwrap_or(&none);
    let ancestors: Vec<&str> = frame_ancestors.iter().map(Origin::as_str).collect();
    let ancestors = match ancestors.as_slice() {
        [] => "'none'".to_owned(),
        some => some.join(" "),
    };
    [
        // What is not named below is not loaded.
        "default-src 'none'",
        // Our own files; compiling WebAssembly needs a word of its own, eval stays forbidden.
        &with("script-src 'self' 'wasm-unsafe-eval'", &tokeniser.script),
        // Style sheets from files only; no style attribute.
        "style-src 'self'",
        // Product pictures come from the shop's image hosts, which differ; small ones are inlined.
        "img-src 'self' https: data:",
        "font-src 'self'",
        // The API, and the wasm with its style sheet.
        &with("connect-src 'self'", &tokeniser.connect),
        // Forms are handled by the portal; a forged one cannot send data elsewhere.
        "form-action 'self'",
        // No <base> that would turn relative links elsewhere, no plug-ins.
        "base-uri 'none'",
        "object-src 'none'",
        // The processor's card fields, and what a bank asks; without a tokeniser no frame.
        &match tokeniser.frame.as_slice() {
            [] => "frame-src 'none'".to_owned(),
            some => with("frame-src", some),
        },
        // Who may put the portal into a frame.
        &format!("frame-ancestors {ancestors}"),
    ]
    .join("; ")
}

/// A directive with further sources.
fn with(directive: &str, sources: &[String]) -> String {
    let words = std::iter::once(directive).chain(sources.iter().map(String::as_str));
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_csp_is_exactly_this() {
        assert_eq!(
            content_security_policy(&[], None),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' https: data:; font-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'; \
             frame-ancestors 'none'"
        );
    }

    /// The policy of the example configuration with a `[payments]` table and an upstream.
    fn policy_with(payments: &str, upstream: &str) -> String {
        let example = include_str!("../../../examples/portal.toml");
        let text = example.replace("https://api.rechargeapps.com", upstream);
        let text = text.replace("[merchant]", &format!("[payments]\n{payments}\n[merchant]"));
        let folder = std::path::Path::new("");
        let config = crate::Config::parse(&text, "portal.toml", folder).unwrap();
        content_security_policy(&[], config.payments.as_ref().map(|p| &p.sources))
    }

    #[test]
    fn s46_stripe_opens_exactly_these_sources() {
        let payments = "tokeniser = \"stripe\"\npublishable_key = \"pk_test_1\"";
        assert_eq!(
            policy_with(payments, "https://api.rechargeapps.com"),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' https://js.stripe.com \
             https://*.js.stripe.com; style-src 'self'; img-src 'self' https: data:; \
             font-src 'self'; connect-src 'self' https://api.stripe.com; form-action 'self'; \
             base-uri 'none'; object-src 'none'; frame-src https://js.stripe.com \
             https://*.js.stripe.com https://hooks.stripe.com; frame-ancestors 'none'"
        );
    }

    #[test]
    fn s46_the_sandboxs_fields_open_one_frame_and_nothing_else() {
        let payments = "tokeniser = \"sandbox\"\norigin = \"http://127.0.0.1:8401\"";
        let opened = policy_with(payments, "http://127.0.0.1:8401");
        let closed = content_security_policy(&[], None);
        let expected = closed.replace("frame-src 'none'", "frame-src http://127.0.0.1:8401");
        assert_eq!(opened, expected);
    }

    #[test]
    fn configured_shops_may_frame_the_portal() {
        let shop = Origin::parse("https://shop.example").unwrap();
        let csp = content_security_policy(std::slice::from_ref(&shop), None);
        assert!(csp.ends_with("; frame-ancestors https://shop.example"));
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(&[shop], None).apply(&mut headers);
        assert!(!headers.contains_key(X_FRAME_OPTIONS));
    }

    #[test]
    fn a_policy_of_the_handler_is_kept() {
        let mut headers = HeaderMap::from_iter([(CACHE_CONTROL, IMMUTABLE)]);
        SecurityHeaders::new(&[], None).apply(&mut headers);
        assert_eq!(headers[CACHE_CONTROL], IMMUTABLE);
    }
}
