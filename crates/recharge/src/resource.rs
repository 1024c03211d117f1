//! What every resource has in common.

use serde::de::DeserializeOwned;

/// A resource of upstream and the words under which answers carry it.
pub trait Resource: DeserializeOwned {
    /// The key of one in its envelope: `{"customer": {…}}`.
    const NAME: &'static str;
    /// The key of several in a list's envelope: `{"customers": [{…}]}`.
    const PLURAL: &'static str;
}
