//! What several tests need: the examples, and an upstream that answers from a list.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::Mutex;
use std::task::{Context, Poll, Waker};

use base::BoxFuture;
use recharge::{NoAnswer, Recharge, Request, Resource, Response};
use serde_json::Value;

/// An example answer, `modern/customer` and the like.
pub(crate) fn example(name: &str) -> Value {
    let path = format!(
        "{}/tests/suite/fixtures/{name}.json",
        env!("CARGO_MANIFEST_DIR")
    );
    serde_json::from_str(&std::fs::read_to_string(path).expect("the example exists"))
        .expect("it is JSON")
}

/// The object inside the envelope of an example; a delivery schedule has none.
pub(crate) fn bare(name: &str) -> Value {
    let body = example(name);
    let key = name.rsplit('/').next().unwrap_or_default();
    body.get(key).cloned().unwrap_or(body)
}

/// An example read as its type.
pub(crate) fn read<T: Resource>(name: &str) -> T {
    serde_json::from_value(bare(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// An upstream that gives its answers in order and notes what it was asked.
pub(crate) struct Scripted {
    answers: Mutex<VecDeque<Result<Response, NoAnswer>>>,
    asked: Mutex<Vec<Request>>,
}

impl Scripted {
    pub(crate) fn new(answers: impl IntoIterator<Item = Result<Response, NoAnswer>>) -> Scripted {
        Scripted {
            answers: Mutex::new(answers.into_iter().collect()),
            asked: Mutex::default(),
        }
    }

    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().expect("no test panicked").clone()
    }
}

impl Recharge for Scripted {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        self.asked.lock().expect("no test panicked").push(request);
        let answer = self.answers.lock().expect("no test panicked").pop_front();
        Box::pin(async move { answer.unwrap_or(Err(NoAnswer::NotSent)) })
    }
}

/// An answer of `status` with `body`.
pub(crate) fn answer(status: u16, body: Value) -> Result<Response, NoAnswer> {
    Ok(Response {
        status,
        body: Some(body),
        retry_after_ms: None,
    })
}

/// The result of a future that never waits.
pub(crate) fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(result) => result,
        Poll::Pending => panic!("the future waits"),
    }
}
