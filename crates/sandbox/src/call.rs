//! A call to the store and its answer.

use serde_json::{Map, Value};

/// One request, as HTTP carries it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Call {
    /// The method in capitals.
    pub method: String,
    /// The path, starting with a slash, without the query.
    pub path: String,
    /// Query parameters, unescaped, in order.
    pub query: Vec<(String, String)>,
    /// The JSON body. What is not JSON comes as [`Value::Null`], which is no object either.
    pub body: Option<Value>,
    /// The token of a customer's session, where one is shown in place of the store's.
    pub session: Option<String>,
}

impl Call {
    /// A read of `path`, which may carry a query of unescaped `name=value` pairs.
    pub fn get(path: &str) -> Call {
        Call::new("GET", path, None)
    }

    /// A call of any method; see [`Call::get`] for `path`.
    pub fn new(method: &str, path: &str, body: Option<Value>) -> Call {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (name.to_owned(), value.to_owned())
        };
        Call {
            method: method.to_owned(),
            path: path.to_owned(),
            query: query
                .split('&')
                .filter(|p| !p.is_empty())
                .map(pair)
                .collect(),
            body,
            session: None,
        }
    }
}

/// The answer to a call, and what a fault does to it on the way.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside those of every JSON answer.
    pub headers: Vec<(&'static str, String)>,
    /// The JSON body; `None` where it is empty (204) or not JSON.
    pub body: Option<Value>,
    /// A body that is not JSON, sent instead.
    pub text: Option<&'static str>,
    /// The connection breaks instead of answering.
    pub is_lost: bool,
    /// How long the answer takes, in milliseconds.
    pub delay_ms: u64,
}

impl Answer {
    /// An answer with a JSON body.
    pub fn json(status: u16, body: Value) -> Answer {
        Answer {
            status,
            body: Some(body),
            ..Answer::default()
        }
    }

    /// 200 with `{name: value}`.
    pub(crate) fn one(name: &str, value: Value) -> Answer {
        Answer::created(200, name, value)
    }

    /// `status` with `{name: value}`.
    pub(crate) fn created(status: u16, name: &str, value: Value) -> Answer {
        Answer::json(
            status,
            Value::Object(Map::from_iter([(name.to_owned(), value)])),
        )
    }

    /// The same, lost on the way.
    pub(crate) fn lost(self) -> Answer {
        Answer {
            is_lost: true,
            ..self
        }
    }

    /// 204, nothing to say.
    pub(crate) fn empty() -> Answer {
        Answer {
            status: 204,
            ..Answer::default()
        }
    }
}

/// What a handler answers: the error side only so that `?` ends it early.
pub(crate) type Outcome = Result<Answer, Answer>;
