//! How a bearer token of ours is written.

use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;

/// Begins every token, so that it is told from what a proxy or the merchant's server sends in the
/// same header.
const PREFIX: &str = "portal-";

/// The token made of this secret.
pub(super) fn token(secret: &str) -> String {
    format!("{PREFIX}{secret}")
}

/// The token in a request's `Authorization`: none where there is nothing of ours, an empty one where
/// there is another `Authorization` beside it.
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let values = headers.get_all(AUTHORIZATION);
    let texts = values.iter().filter_map(|value| value.to_str().ok());
    let mut ours = texts.filter_map(|text| {
        let token = text.strip_prefix("Bearer ")?;
        token.starts_with(PREFIX).then_some(token)
    });
    let token = ours.next()?;
    Some(if values.iter().count() == 1 {
        token
    } else {
        ""
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(values: &[&str]) -> Option<String> {
        let headers = values
            .iter()
            .map(|value| (AUTHORIZATION, value.parse().unwrap()));
        bearer(&headers.collect()).map(str::to_owned)
    }

    #[test]
    fn only_a_sole_token_of_ours_is_read() {
        let ours = "Bearer portal-0123";
        assert_eq!(read(&[ours]), Some("portal-0123".into()));
        assert_eq!(read(&[]), None);
        assert_eq!(read(&["Basic cG9ydGFs"]), None);
        assert_eq!(read(&["Bearer secret-of-the-merchant"]), None);
        assert_eq!(read(&["portal-0123"]), None);
        assert_eq!(read(&[ours, ours]), Some(String::new()));
        assert_eq!(read(&["Basic cG9ydGFs", ours]), Some(String::new()));
    }
}
