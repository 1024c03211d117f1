//! Text that must not come back: card tokens, mailed codes, what opens a session.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Text that opens or proves something. It is read like any text, and shown to nobody: its
/// `Debug` and its serialization leave it out, so that no journal, history, export, log or
/// webhook can hold it. The one request that needs it asks for it by [`expose`](Secret::expose).
#[derive(Clone, PartialEq, Eq, Default)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that must show it.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The JSON object `json` with this in clear as its `field`, which was serialized without it.
    pub fn fill(&self, json: &str, field: &str) -> String {
        // Within a text of JSON the quotation marks would be escaped: this matches a field only.
        let blank = format!("\"{field}\":\"\"");
        let text = serde_json::to_string(self.expose()).unwrap_or_default();
        let shown = format!("\"{field}\":{text}");
        json.replacen(&blank, &shown, 1)
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Secret {
        Secret(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Secret {
        Secret(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Serialize for Secret {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("")
    }
}

impl<'de> Deserialize<'de> for Secret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
        String::deserialize(deserializer).map(Secret)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    #[test]
    fn a_secret_shows_in_no_print_and_no_serialization() {
        let secret: Secret = serde_json::from_str("\"marker\"").unwrap();
        assert_eq!(secret.expose(), "marker");
        let json = serde_json::to_string(&secret).unwrap();
        assert!(!format!("{secret:?}{json}").contains("marker"));
        let object = format!("{{\"note\":\"\\\"token\\\":\\\"\\\"\",\"token\":{json}}}");
        let filled: Value = serde_json::from_str(&secret.fill(&object, "token")).unwrap();
        assert_eq!(filled["token"], "marker");
        assert_eq!(filled["note"], "\"token\":\"\"");
    }
}
