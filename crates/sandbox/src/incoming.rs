//! A call as a handler reads it: path ids, query and the fields of the body.

use std::collections::BTreeSet;

use base::Date;
use serde_json::{Map, Value};

use crate::call::Answer;
use crate::errors::{invalid, not_found};
use crate::rows::Id;

/// What a handler gets.
pub(crate) struct Incoming {
    /// The time of the call.
    pub(crate) now: i64,
    /// The customer whose own session makes the call; none for the store's token.
    pub(crate) customer: Option<Id>,
    /// The values of the placeholders of the path, in order.
    pub(crate) segments: Vec<String>,
    /// Query parameters.
    pub(crate) query: Vec<(String, String)>,
    /// The body; empty where none was sent.
    pub(crate) body: Map<String, Value>,
}

impl Incoming {
    /// The id in the path; a word that is no id is a row that does not exist.
    pub(crate) fn id(&self) -> Result<Id, Answer> {
        self.segments
            .first()
            .and_then(|text| text.parse().ok())
            .ok_or_else(not_found)
    }

    /// A query parameter.
    pub(crate) fn param(&self, name: &str) -> Option<&str> {
        self.query
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether charges are to be regenerated before the answer. Some clients say so in the body.
    pub(crate) fn commit(&self) -> bool {
        self.param("commit") == Some("true") || self.value("commit") == Some(&Value::Bool(true))
    }

    /// What is to be included.
    pub(crate) fn include(&self) -> Include<'_> {
        Include(self.param("include"))
    }

    /// Whether a field was sent, be it as null.
    pub(crate) fn has(&self, field: &str) -> bool {
        self.body.contains_key(field)
    }

    /// A field that was sent with a value.
    pub(crate) fn value(&self, field: &str) -> Option<&Value> {
        self.body.get(field).filter(|value| !value.is_null())
    }

    /// A text field.
    pub(crate) fn text(&self, field: &str) -> Result<Option<String>, Answer> {
        text_in(&self.body, field).map_err(|message| invalid(field, message))
    }

    /// A whole number that is not negative.
    pub(crate) fn number(&self, field: &str) -> Result<Option<u64>, Answer> {
        match self.value(field) {
            None => Ok(None),
            Some(value) => whole(value)
                .map(Some)
                .ok_or_else(|| invalid(field, "Not a valid integer.")),
        }
    }

    /// A true or false field.
    pub(crate) fn flag(&self, field: &str) -> Result<Option<bool>, Answer> {
        match self.value(field) {
            None => Ok(None),
            Some(value) => value
                .as_bool()
                .map(Some)
                .ok_or_else(|| invalid(field, "Not a valid boolean.")),
        }
    }

    /// A calendar date; a timestamp counts by its date.
    pub(crate) fn date(&self, field: &str) -> Result<Option<Date>, Answer> {
        match self.text(field)? {
            None => Ok(None),
            Some(text) => Date::from_prefix(&text)
                .map(Some)
                .ok_or_else(|| invalid(field, "Not a valid date.")),
        }
    }

    /// The inner value of an external id, `{"ecommerce": "…"}`.
    pub(crate) fn external_id(&self, field: &str) -> Result<Option<String>, Answer> {
        let Some(value) = self.value(field) else {
            return Ok(None);
        };
        match value.get("ecommerce") {
            Some(Value::String(text)) => Ok(Some(text.clone())),
            Some(Value::Null) => Ok(None),
            _ => Err(invalid(field, "Invalid input type.")),
        }
    }

    /// A list of ids, given as numbers or as text.
    pub(crate) fn ids(&self, field: &str) -> Result<Option<BTreeSet<Id>>, Answer> {
        let Some(value) = self.value(field) else {
            return Ok(None);
        };
        let not_ids = || invalid(field, "Not a valid list.");
        let list = value.as_array().ok_or_else(not_ids)?;
        list.iter()
            .map(whole)
            .collect::<Option<BTreeSet<Id>>>()
            .map(Some)
            .ok_or_else(not_ids)
    }
}

/// The resources named by `include`, joined by commas. Spelt otherwise the parameter is
/// ignored, as upstream does.
#[derive(Clone, Copy)]
pub(crate) struct Include<'a>(pub(crate) Option<&'a str>);

impl Include<'_> {
    /// Whether a resource is named.
    pub(crate) fn names(self, resource: &str) -> bool {
        self.0
            .is_some_and(|list| list.split(',').any(|word| word == resource))
    }
}

/// Requires what was read of a field.
pub(crate) fn required<T>(field: &str, value: Option<T>) -> Result<T, Answer> {
    value.ok_or_else(|| invalid(field, "Missing data for required field."))
}

/// The text of a field, or what is wrong with it.
pub(crate) fn text_in(
    body: &Map<String, Value>,
    field: &str,
) -> Result<Option<String>, &'static str> {
    match body.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(_) => Err("Not a valid string."),
    }
}

/// A whole number, as a number or as text of digits.
pub(crate) fn whole(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}
