//! Bodies of requests: JSON within limits, in which only an object is taken for an object.

use serde::de::{Deserialize, DeserializeOwned, Deserializer, Error};
use serde::ser::Serialize;
use serde_json::Value;

use crate::route::BadRequest;

/// Arrays and objects inside each other at most.
const DEEPEST: usize = 32;
/// Elements of one list at most.
const MOST: usize = 100;

/// Reads a body that is an object: nested 32 deep and with lists of 100 elements at most.
///
/// # Errors
/// [`BadRequest::Body`] for what is no JSON, exceeds a limit, or is of another shape. Serde alone
/// would also take a list of an object's values in the order of its fields.
pub fn read_body<T: Serialize + DeserializeOwned>(body: &[u8]) -> Result<T, BadRequest> {
    let bad = |why: &dyn std::fmt::Display| BadRequest::Body(why.to_string());
    let sent: Value = serde_json::from_slice(body).map_err(|error| bad(&error))?;
    check_limits(&sent, DEEPEST).map_err(|why| bad(&why))?;
    let read: T = serde_json::from_slice(body).map_err(|error| bad(&error))?;
    let written = serde_json::to_value(&read).map_err(|error| bad(&error))?;
    if !has_shape(&sent, &written) {
        return Err(bad(&"A list stands where an object is expected."));
    }
    Ok(read)
}

fn check_limits(value: &Value, levels: usize) -> Result<(), &'static str> {
    let inner = || {
        let deeper = levels.checked_sub(1);
        deeper.ok_or("The body is nested more than 32 deep.")
    };
    match value {
        Value::Array(items) if items.len() > MOST => {
            Err("A list in the body has more than 100 elements.")
        }
        Value::Array(items) => {
            let inner = inner()?;
            items.iter().try_for_each(|item| check_limits(item, inner))
        }
        Value::Object(fields) => {
            let inner = inner()?;
            let mut fields = fields.values();
            fields.try_for_each(|field| check_limits(field, inner))
        }
        _ => Ok(()),
    }
}

/// Whether everything that is written as an object was sent as one.
fn has_shape(sent: &Value, written: &Value) -> bool {
    match (sent, written) {
        (Value::Array(_), Value::Object(_)) => false,
        (Value::Object(sent), Value::Object(written)) => written.iter().all(|(name, written)| {
            let sent = sent.get(name);
            sent.is_none_or(|sent| has_shape(sent, written))
        }),
        // What was sent twice is written once.
        (Value::Array(sent), Value::Array(written)) => sent
            .iter()
            .all(|sent| written.iter().all(|written| has_shape(sent, written))),
        _ => true,
    }
}

/// Reads a list of 1 to 100 elements, of which equal ones count once.
pub(crate) fn distinct<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + PartialEq,
{
    let list = distinct_or_none(from)?;
    if list.is_empty() {
        return Err(D::Error::custom("a list must name 1 to 100 things"));
    }
    Ok(list)
}

/// The same where the list may be empty.
pub(crate) fn distinct_or_none<'de, D, T>(from: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + PartialEq,
{
    let sent = Vec::deserialize(from)?;
    if sent.len() > MOST {
        return Err(D::Error::custom("a list names more than 100 things"));
    }
    let mut list = Vec::new();
    for item in sent {
        if !list.contains(&item) {
            list.push(item);
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn nested(levels: usize) -> Value {
        (0..levels).fold(Value::Null, |inner, _| Value::Array(vec![inner]))
    }

    #[test]
    fn s22_thirty_two_levels_and_a_hundred_elements_are_the_most() {
        assert!(check_limits(&nested(32), DEEPEST).is_ok());
        assert!(check_limits(&nested(33), DEEPEST).is_err());
        assert!(check_limits(&Value::from(vec![0; 100]), DEEPEST).is_ok());
        assert!(check_limits(&Value::from(vec![0; 101]), DEEPEST).is_err());
    }
}
