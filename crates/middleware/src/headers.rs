//! The headers of every answer, as named policies with the reason of each.

use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, REFERRER_POLICY, STRICT_TRANSPORT_SECURITY, VARY,
    X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use axum::http::{HeaderMap, HeaderName, HeaderValue};

use crate::config::{Config, Origin, TokeniserSources};

/// For answers about a customer: nothing on the way and no back button shows them again.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
/// For index.html, whose name stays while its content changes: ask each time.
pub(crate) const REVALIDATE: HeaderValue = HeaderValue::from_static("no-cache");
/// For files whose name changes with their content.
pub(crate) const IMMUTABLE: HeaderValue =
    HeaderValue::from_static("public, max-age=31536000, immutable");

/// Sign-out from an origin of the portal's own clears what the browser stored there. Not
/// `"cookies"`: that would reach the cookies of the whole registrable domain, the shop's cart among
/// them; ours is expired by name.
pub(crate) const CLEAR_SITE_DATA: HeaderValue = HeaderValue::from_static("\"cache\", \"storage\"");

const ANYTHING: HeaderValue = HeaderValue::from_static("*");
const NO_SNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_REFERRER: HeaderValue = HeaderValue::from_static("no-referrer");
/// Two years.
const HSTS: HeaderValue = HeaderValue::from_static("max-age=63072000");
const HSTS_SUBDOMAINS: HeaderValue =
    HeaderValue::from_static("max-age=63072000; includeSubDomains");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const DENY: HeaderValue = HeaderValue::from_static("DENY");
const PERMISSIONS: HeaderValue = HeaderValue::from_static(
    "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
);

const COOP: HeaderName = HeaderName::from_static("cross-origin-opener-policy");
const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");

/// The security headers, which depend on the configuration.
#[derive(Debug, Clone)]
pub(crate) struct SecurityHeaders {
    csp: HeaderValue,
    framed: bool,
    /// Only where the origin is the portal's own: on a shop's, it would bind the whole shop.
    hsts: Option<HeaderValue>,
}

impl SecurityHeaders {
    /// The headers of a portal with this configuration.
    pub(crate) fn new(config: &Config) -> SecurityHeaders {
        // An origin is printable ASCII without spaces, so this is always a header.
        let csp = HeaderValue::try_from(content_security_policy(config));
        let hsts = if config.hsts_subdomains {
            HSTS_SUBDOMAINS
        } else {
            HSTS
        };
        SecurityHeaders {
            csp: csp.unwrap_or(HeaderValue::from_static("default-src 'none'")),
            framed: !config.frame_ancestors.is_empty(),
            hsts: config.own_origin.then_some(hsts),
        }
    }

    /// Sets them on an answer; `Cache-Control` only where the handler said nothing.
    pub(crate) fn apply(&self, headers: &mut HeaderMap) {
        headers.insert(CONTENT_SECURITY_POLICY, self.csp.clone());
        headers.insert(X_CONTENT_TYPE_OPTIONS, NO_SNIFF);
        headers.insert(REFERRER_POLICY, NO_REFERRER);
        if let Some(hsts) = &self.hsts {
            headers.insert(STRICT_TRANSPORT_SECURITY, hsts.clone());
        }
        headers.insert(COOP, SAME_ORIGIN);
        headers.insert(CORP, SAME_ORIGIN);
        headers.insert(PERMISSIONS_POLICY, PERMISSIONS);
        if !self.framed {
            // For what does not read the CSP's frame-ancestors.
            headers.insert(X_FRAME_OPTIONS, DENY);
        }
        let caching = headers.entry(CACHE_CONTROL).or_insert(NO_STORE);
        if *caching == NO_STORE {
            // A service worker of the shop does not read `no-store`; what varies with everything it
            // cannot put into its cache.
            headers.append(VARY, ANYTHING);
        }
    }
}

/// The policy for every page and answer.
fn content_security_policy(config: &Config) -> String {
    let none = TokeniserSources::default();
    let tokeniser = config.payments.as_ref().map(|payments| &payments.sources);
    let tokeniser = tokeniser.unwrap_or(&none);
    let texts = |origin: &Origin| origin.as_str().to_owned();
    let ancestors: Vec<String> = config.frame_ancestors.iter().map(texts).collect();
    let ancestors = match ancestors.as_slice() {
        [] => "'none'".to_owned(),
        some => some.join(" "),
    };
    let hosted = config.hosted_portal.iter();
    let hosted: Vec<String> = hosted
        .flat_map(|hosted| &hosted.origins)
        .map(texts)
        .collect();
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
        // Forms are handled by the portal; a forged one cannot send data elsewhere. The button that
        // opens the hosted portal is answered by a redirect, which counts as well.
        &with("form-action 'self'", &hosted),
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

    /// The example configuration with other lines before its first table, with a `[payments]`
    /// table and an upstream.
    fn config_with(lines: &str, payments: &str, upstream: &str) -> Config {
        let example = include_str!("../../../examples/portal.toml");
        let text = example.replace("https://api.rechargeapps.com", upstream);
        let text = text.replace("[merchant]", &format!("{payments}\n[merchant]"));
        let text = text.replace("frame_ancestors = []\n", "");
        let text = text.replace("own_origin = false\n", "");
        let text = format!("{lines}\n{text}");
        Config::parse(&text, "portal.toml", std::path::Path::new("")).unwrap()
    }

    const RECHARGE: &str = "https://api.rechargeapps.com";

    fn example_with(lines: &str) -> Config {
        config_with(lines, "", RECHARGE)
    }

    #[test]
    fn the_csp_is_exactly_this() {
        assert_eq!(
            content_security_policy(&example_with("")),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
             img-src 'self' https: data:; font-src 'self'; connect-src 'self'; \
             form-action 'self'; base-uri 'none'; object-src 'none'; frame-src 'none'; \
             frame-ancestors 'none'"
        );
    }

    #[test]
    fn s46_stripe_opens_exactly_these_sources() {
        let payments = "[payments]\ntokeniser = \"stripe\"\npublishable_key = \"pk_test_1\"";
        assert_eq!(
            content_security_policy(&config_with("", payments, RECHARGE)),
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' https://js.stripe.com \
             https://*.js.stripe.com; style-src 'self'; img-src 'self' https: data:; \
             font-src 'self'; connect-src 'self' https://api.stripe.com; form-action 'self'; \
             base-uri 'none'; object-src 'none'; frame-src https://js.stripe.com \
             https://*.js.stripe.com https://hooks.stripe.com; frame-ancestors 'none'"
        );
    }

    #[test]
    fn s46_the_sandboxs_fields_open_one_frame_and_nothing_else() {
        let payments = "[payments]\ntokeniser = \"sandbox\"\norigin = \"http://127.0.0.1:8401\"";
        let opened = content_security_policy(&config_with("", payments, "http://127.0.0.1:8401"));
        let closed = content_security_policy(&example_with(""));
        let expected = closed.replace("frame-src 'none'", "frame-src http://127.0.0.1:8401");
        assert_eq!(opened, expected);
    }

    #[test]
    fn forms_lead_to_the_hosted_portal_where_there_is_one() {
        let hosted = "[hosted_portal]\nbase_url = \"https://hosted.example/x\"\n\
                      origins = [\"https://shop.example\"]";
        let csp = content_security_policy(&config_with("", hosted, RECHARGE));
        let expected = "; form-action 'self' https://hosted.example https://shop.example; ";
        assert!(csp.contains(expected), "{csp}");
    }

    #[test]
    fn configured_shops_may_frame_the_portal() {
        let config = example_with("frame_ancestors = [\"https://shop.example\"]");
        let csp = content_security_policy(&config);
        assert!(csp.ends_with("; frame-ancestors https://shop.example"));
        let mut headers = HeaderMap::new();
        SecurityHeaders::new(&config).apply(&mut headers);
        assert!(!headers.contains_key(X_FRAME_OPTIONS));
    }

    #[test]
    fn s25_hsts_is_sent_only_where_the_origin_is_the_portals_own() {
        let hsts = |lines: &str| {
            let mut headers = HeaderMap::new();
            SecurityHeaders::new(&example_with(lines)).apply(&mut headers);
            let hsts = headers.remove(STRICT_TRANSPORT_SECURITY);
            hsts.map(|value| value.to_str().unwrap().to_owned())
        };
        let years = Some("max-age=63072000".to_owned());
        assert_eq!(hsts(""), None);
        assert_eq!(hsts("own_origin = false"), None);
        assert_eq!(hsts("own_origin = true"), years);
        assert_eq!(
            hsts("own_origin = true\nhsts_subdomains = true"),
            years.map(|years| years + "; includeSubDomains")
        );
    }

    #[test]
    fn a_policy_of_the_handler_is_kept() {
        let mut headers = HeaderMap::from_iter([(CACHE_CONTROL, IMMUTABLE)]);
        SecurityHeaders::new(&example_with("")).apply(&mut headers);
        assert_eq!(headers[CACHE_CONTROL], IMMUTABLE);
        assert!(!headers.contains_key(VARY));
    }

    #[test]
    fn answers_about_a_customer_cannot_be_put_into_a_service_workers_cache() {
        let compressed = HeaderValue::from_static("accept-encoding");
        let mut headers = HeaderMap::from_iter([(VARY, compressed.clone())]);
        SecurityHeaders::new(&example_with("")).apply(&mut headers);
        assert_eq!(headers[CACHE_CONTROL], NO_STORE);
        let vary: Vec<_> = headers.get_all(VARY).iter().collect();
        assert_eq!(vary, [&compressed, &ANYTHING]);
    }
}
