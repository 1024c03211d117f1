//! Links and pictures that come from upstream.

/// A link that a customer may follow: over https. Anything else that upstream may hold,
/// `javascript:` above all, is dropped.
pub(crate) fn safe_link(url: &str) -> Option<String> {
    begins_with(url.trim(), "https://")
}

/// A picture that a page may load: over https, or drawn into the URL itself.
pub(crate) fn safe_picture(url: &str) -> Option<String> {
    begins_with(url, "https://").or_else(|| begins_with(url, "data:image/"))
}

/// `url`, where it begins so and goes on without anything that does not show.
fn begins_with(url: &str, start: &str) -> Option<String> {
    let (first, rest) = url.split_at_checked(start.len())?;
    let clean = !rest.is_empty() && !rest.chars().any(|c| c.is_control() || c.is_whitespace());
    (first.eq_ignore_ascii_case(start) && clean).then(|| url.to_owned())
}
