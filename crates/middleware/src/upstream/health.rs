//! What Recharge refuses and whether it works, for the log and for `/readyz`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use recharge::Request;

use super::metrics::UpstreamMetrics;

/// Calls in a row without an answer, or with an error of the server, before it is called failing.
const FAILURES: u32 = 3;

/// What Recharge refuses, whether it works, and how long it takes. The log is told of each change.
#[derive(Debug, Default)]
pub struct UpstreamHealth {
    state: Mutex<State>,
    /// What is measured.
    pub(crate) metrics: UpstreamMetrics,
}

#[derive(Debug, Default)]
struct State {
    /// The routes that are refused, with the status: 401 or 403.
    refused: BTreeMap<String, u16>,
    failures: u32,
    /// The last status of an upstream that fails; 0 for no answer.
    failing: Option<u16>,
}

impl UpstreamHealth {
    /// What is wrong now, for whoever runs the program; empty where all is well.
    pub(crate) fn complaints(&self) -> Vec<String> {
        let state = self.lock();
        let failing = state.failing.map(|status| match status {
            0 => "does not answer".to_owned(),
            status => format!("fails with {status}"),
        });
        let is_token = |status: &u16| *status == 401;
        let token = state.refused.values().any(is_token);
        let token = token.then(|| "refuses the token with 401".to_owned());
        let forbidden = state.refused.iter().filter(|(_, status)| !is_token(status));
        let forbidden = forbidden.map(|(route, status)| format!("refuses {route} with {status}"));
        failing.into_iter().chain(token).chain(forbidden).collect()
    }

    /// Notes the answer to a call and the seconds that it took; `status` is 0 where there was none.
    pub(super) fn note(&self, request: &Request, status: u16, seconds: f64) {
        self.metrics.call(route(request), status, seconds);
        let mut state = self.lock();
        state.note_failure(status);
        // A token of the request's own says nothing about the store's.
        if request.token.is_none() {
            state.note_refusal(request, status);
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn note_failure(&mut self, status: u16) {
        if (1..500).contains(&status) {
            self.failures = 0;
            if self.failing.take().is_some() {
                tracing::info!(status, "Recharge works again");
            }
            return;
        }
        self.failures += 1;
        if self.failures < FAILURES {
            return;
        }
        if self.failing.replace(status).is_none() {
            tracing::warn!(status, failures = self.failures, "Recharge keeps failing");
        }
    }

    fn note_refusal(&mut self, request: &Request, status: u16) {
        let route = route(request);
        match status {
            401 => {
                let is_known = self.refused.values().any(|status| *status == 401);
                self.refused.insert(route.clone(), status);
                if !is_known {
                    tracing::warn!(status, route, "Recharge refuses the token");
                }
            }
            403 => {
                let before = self.refused.insert(route.clone(), status);
                if before != Some(status) {
                    tracing::warn!(status, route, "Recharge refuses a call: a scope is missing");
                }
            }
            200..=299 => match self.refused.remove(&route) {
                Some(401) => {
                    self.refused.retain(|_, status| *status != 401);
                    tracing::info!(status, route, "Recharge accepts the token again");
                }
                Some(_) => tracing::info!(status, route, "Recharge accepts the call again"),
                None => {}
            },
            _ => {}
        }
    }
}

/// Method and path, with `{id}` in place of ids: there are as many as this program has requests.
fn route(request: &Request) -> String {
    let is_id = |part: &str| part.bytes().any(|byte| byte.is_ascii_digit());
    let parts = request.path.split('/');
    let parts: Vec<&str> = parts
        .map(|part| if is_id(part) { "{id}" } else { part })
        .collect();
    format!("{} {}", request.method.as_str(), parts.join("/"))
}
