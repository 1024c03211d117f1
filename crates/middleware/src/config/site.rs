//! Which origins are of one site, as browsers count it for cookies.

use super::settings::Config;
use super::url::Origin;

impl Config {
    /// What the configuration allows and will not work as it is meant.
    pub fn warnings(&self) -> Vec<String> {
        let Some(own) = &self.public_origin else {
            return Vec::new();
        };
        let framing = self.frame_ancestors.iter();
        let others = framing.filter(|framing| !framing.is_same_site(own));
        let warning = |other: &Origin| {
            format!(
                "frame_ancestors lists {other}, which is another site than {own}: browsers keep \
                 the session's cookie from a frame there, so customers have to open the portal in \
                 a tab of its own. Serve it under the same domain to show it in the page."
            )
        };
        others.map(warning).collect()
    }

    /// Says the same in the log.
    pub fn log_warnings(&self) {
        for warning in self.warnings() {
            tracing::warn!("{warning}");
        }
    }
}

impl Origin {
    /// Whether a cookie with `SameSite` reaches one in a frame of the other: the same scheme, and
    /// the same domain below a public suffix.
    fn is_same_site(&self, other: &Origin) -> bool {
        let site = |origin: &Origin| {
            let url = reqwest::Url::parse(origin.as_str()).ok()?;
            let host = url.host_str()?;
            let is_name = url.domain().is_some();
            let domain = is_name.then(|| psl::domain_str(host)).flatten();
            Some((url.scheme().to_owned(), domain.unwrap_or(host).to_owned()))
        };
        site(self) == site(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_scheme_and_registrable_domain() {
        let origin = |text: &str| Origin::parse(text).unwrap();
        let same = |one, other| origin(one).is_same_site(&origin(other));
        let own = "https://account.shop.example";
        assert!(same(own, "https://shop.example"));
        assert!(same(own, "https://www.shop.example:8443"));
        assert!(same("https://account.shop.co.uk", "https://shop.co.uk"));
        assert!(same("http://127.0.0.1:8400", "http://127.0.0.1:8402"));
        assert!(!same(own, "https://other.example"));
        assert!(!same("https://a.co.uk", "https://b.co.uk"));
        assert!(!same("https://a.myshopify.com", "https://b.myshopify.com"));
        assert!(!same("https://localhost", "http://localhost"));
        assert!(!same("http://127.0.0.1", "http://127.0.0.2"));
    }

    #[test]
    fn a_frame_of_another_site_is_warned_of() {
        let example = include_str!("../../../../examples/portal.toml");
        let warnings = |framing: &str| {
            let line = format!("frame_ancestors = [\"{framing}\"]");
            let text = example.replace("frame_ancestors = []", &line);
            let folder = std::path::Path::new("");
            Config::parse(&text, "portal.toml", folder)
                .unwrap()
                .warnings()
        };
        assert_eq!(warnings("https://www.shop.example"), Vec::<String>::new());
        let [warning] = &*warnings("https://other.example") else {
            panic!("one warning");
        };
        assert!(warning.contains("https://other.example"), "{warning}");
        assert!(
            warning.contains("https://account.shop.example"),
            "{warning}"
        );
    }
}
