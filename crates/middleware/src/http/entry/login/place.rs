//! The page of the portal that a login leads to.

/// Longest id, in digits.
const LONGEST_ID: usize = 20;

/// The path below our origin of the page that `to` names, such as `/subscriptions/27`; `None` for
/// the first page, and for what names none.
pub(super) fn path(to: &str) -> Option<String> {
    let segments: Vec<&str> = to
        .split('/')
        .filter(|segment| !segment.is_empty())
        .collect();
    let is_id = |id: &str| id.len() <= LONGEST_ID && id.bytes().all(|byte| byte.is_ascii_digit());
    let is_known = match segments.as_slice() {
        [
            "subscriptions" | "deliveries" | "history" | "addresses" | "payment-methods"
            | "customer",
        ]
        | ["payment-methods", "new"] => true,
        ["subscriptions" | "history", id] => is_id(id),
        _ => false,
    };
    is_known.then(|| format!("/portal/{}", segments.join("/")))
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn only_pages_of_the_portal_are_places() {
        let known = [
            ("/subscriptions/27", "/portal/subscriptions/27"),
            ("deliveries/", "/portal/deliveries"),
            ("//history", "/portal/history"),
            ("payment-methods/new", "/portal/payment-methods/new"),
        ];
        for (to, expected) in known {
            assert_eq!(path(to).as_deref(), Some(expected), "{to}");
        }
        for to in [
            "",
            "/",
            "//evil.example",
            "https://evil.example/subscriptions",
            "/\\evil.example",
            "/subscriptions/27/../../open/1",
            "/subscriptions/27?x=1",
            "/subscriptions/٢",
            "/subscriptions/000000000000000000001",
            "/api/session",
            "/history\r\nset-cookie: a=b",
        ] {
            assert_eq!(path(to), None, "{to}");
        }
    }
}
