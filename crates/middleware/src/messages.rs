//! What customers read that the portal does not show: mails, and pages without a script. All of it
//! is in the catalog, `src/i18n/en.json`.

/// A text for customers. Only the functions of the catalog make one.
pub(crate) struct Text(String);

impl Text {
    /// The text as it is.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

include!(concat!(env!("OUT_DIR"), "/messages.rs"));
