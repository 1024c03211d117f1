//! Answers that are not success, in upstream's own shapes and words.

use serde_json::{Value, json};

use crate::call::Answer;

/// 401: the call is for a customer's session, and none was shown or it is over.
pub(crate) fn not_a_session() -> Answer {
    Answer::json(401, json!({"error": "session expired or missing"}))
}

/// 403: the store's plan does not include the call.
pub(crate) fn not_on_this_plan() -> Answer {
    let why = "This store is not allowed to process charges";
    Answer::json(403, json!({"error": why}))
}

/// 404: there is no such row, or no such path.
pub(crate) fn not_found() -> Answer {
    Answer::json(404, json!({"errors": "Not Found"}))
}

/// 401: no token, or a wrong one.
#[cfg(feature = "server")]
pub(crate) fn unauthorized() -> Answer {
    Answer::json(401, json!({"error": "bad authentication"}))
}

/// 405: the path exists, but not with this method.
pub(crate) fn method_not_allowed() -> Answer {
    Answer::json(405, json!({"error": "Method Not Allowed"}))
}

/// 409: another write to the same address is under way.
pub(crate) fn conflict() -> Answer {
    Answer::json(
        409,
        json!({"errors": "Conflict: this address is being edited by another request"}),
    )
}

/// 415: the body is not a JSON object.
pub(crate) fn not_an_object() -> Answer {
    Answer::json(
        415,
        json!({"error": "The request body must be a JSON object"}),
    )
}

/// 426: a version of the API that does not exist.
#[cfg(feature = "server")]
pub(crate) fn bad_version() -> Answer {
    Answer::json(426, json!({"error": "Invalid API version"}))
}

/// 429: the bucket is full; says after how many whole seconds to come again.
pub(crate) fn too_many(retry_after_seconds: i64) -> Answer {
    let mut answer = Answer::json(429, json!({"error": "Too many requests"}));
    answer
        .headers
        .push(("Retry-After", retry_after_seconds.to_string()));
    answer
}

/// The answer of a fault: upstream's own shape where it has one for the status.
pub(crate) fn on_purpose(status: u16) -> Answer {
    match status {
        409 => conflict(),
        429 => too_many(1),
        _ => Answer::json(status, json!({"error": "Something went wrong"})),
    }
}

/// A page of HTML under status 200, as a gateway in between may send it.
pub(crate) fn not_json() -> Answer {
    Answer {
        status: 200,
        text: Some("<!doctype html><title>Bad Gateway</title><h1>Bad Gateway</h1>"),
        ..Answer::default()
    }
}

/// 422 with a list of messages for one field.
pub(crate) fn invalid(field: &str, message: &str) -> Answer {
    Answer::json(422, json!({"errors": {field: [message]}}))
}

/// 422 with one plain message for one field.
pub(crate) fn invalid_plain(field: &str, message: &str) -> Answer {
    Answer::json(422, json!({"errors": {field: message}}))
}

/// 422 with several fields at once; `errors` maps each to its messages.
pub(crate) fn invalid_fields(errors: serde_json::Map<String, Value>) -> Answer {
    Answer::json(422, json!({"errors": errors}))
}

/// 422 for a bundle with another number of items than any of `ranges` takes.
pub(crate) fn out_of_range(ranges: &[(u32, u32)]) -> Answer {
    let message = "The quantity of items does not match the ranges of the bundle.";
    let details = json!({"ranges": ranges});
    Answer::json(
        422,
        json!({"errors": {"message": message, "details": details}}),
    )
}

/// 422 for a charge that is not in the state an action needs.
pub(crate) fn wrong_state(message: &str) -> Answer {
    invalid("charge", message)
}
