//! Matching a path against a template such as `/deliveries/{address_id}/{date}/skip`.

/// Why a path or a body is not one of this API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BadRequest {
    /// No such route, or an id in it is not an id.
    NoRoute,
    /// The route exists for another method.
    Method,
    /// The body is not what the route takes; the text says why, in terms of field names.
    Body(String),
}

/// The values of a template's placeholders, in order, where `path` has its shape.
pub(crate) fn captures<'a, const N: usize>(template: &str, path: &'a str) -> Option<[&'a str; N]> {
    let mut values = [""; N];
    let mut found = 0;
    let mut wanted = template.split('/');
    let mut given = path.split('/');
    loop {
        match (wanted.next(), given.next()) {
            (None, None) => return (found == N).then_some(values),
            (Some(want), Some(have)) if want.starts_with('{') => {
                *values.get_mut(found)? = have;
                found += 1;
            }
            (Some(want), Some(have)) if want == have => {}
            _ => return None,
        }
    }
}
