//! Tells the page around the portal of a change: by the name of its operation and the ids in its
//! path, and nothing of the customer.

use js_sys::Array;
use leptos::prelude::GetValue;
use protocol::Sendable;
use wasm_bindgen::JsValue;

use super::Changes;

/// The operation and the ids of `intent`.
fn named(intent: &Sendable) -> [(&'static str, JsValue); 2] {
    let (operation, ids) = intent.operation().unwrap_or_default();
    let ids: Array = ids.into_iter().map(JsValue::from).collect();
    [("operation", operation.into()), ("ids", ids.into())]
}

impl Changes {
    /// Tells that the change is about to be sent; whether the page has prevented it.
    pub(super) fn is_vetoed(self) -> bool {
        let intent = self.intent.get_value();
        intent.is_some_and(|intent| self.host.is_taken("action:start", &named(&intent)))
    }

    /// Tells that `intent` was done.
    pub(super) fn tell_done(self, intent: &Sendable, reference: &str) {
        let [operation, ids] = named(intent);
        let detail = [operation, ids, ("reference", reference.into())];
        self.host.tell("action:success", &detail);
    }

    /// Tells that `intent` was not done, by the `kind` of the problem.
    pub(super) fn tell_failed(self, intent: &Sendable, kind: &str, reference: &str) {
        let [operation, ids] = named(intent);
        let (kind, reference) = (("kind", kind.into()), ("reference", reference.into()));
        let detail = [operation, ids, kind, reference];
        self.host.tell("action:error", &detail);
    }
}
