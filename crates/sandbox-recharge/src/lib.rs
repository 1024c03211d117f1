//! The sandbox's store as an implementation of [`Recharge`], in the process of whoever calls it: for
//! mock mode in the browser, and for tests.
//!
//! It stands between the two so that the sandbox depends on none of the types that are checked
//! against it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use base::BoxFuture;
use recharge::{NoAnswer, Recharge, Request, Response};

use sandbox::{Call, Store};

/// A clock: milliseconds since 1970. `Send + Sync` on a server, whose threads share it.
#[cfg(not(target_arch = "wasm32"))]
type Clock = Box<dyn Fn() -> i64 + Send + Sync>;
#[cfg(target_arch = "wasm32")]
type Clock = Box<dyn Fn() -> i64>;

/// Waits so many milliseconds, for the fault that delays an answer.
#[cfg(not(target_arch = "wasm32"))]
type Pause = Box<dyn Fn(u64) -> BoxFuture<'static, ()> + Send + Sync>;
#[cfg(target_arch = "wasm32")]
type Pause = Box<dyn Fn(u64) -> BoxFuture<'static, ()>>;

/// A store that answers [`Recharge::call`], its faults included: a lost answer is
/// [`NoAnswer::Lost`], since whoever asked cannot know whether it had an effect.
pub struct Upstream {
    store: Mutex<Store>,
    clock: Clock,
    pause: Option<Pause>,
}

impl Upstream {
    /// A store that reads the time from `clock`, in milliseconds since 1970.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn new(store: Store, clock: impl Fn() -> i64 + Send + Sync + 'static) -> Upstream {
        Upstream {
            store: Mutex::new(store),
            clock: Box::new(clock),
            pause: None,
        }
    }

    /// A store that reads the time from `clock`, in milliseconds since 1970.
    #[cfg(target_arch = "wasm32")]
    pub fn new(store: Store, clock: impl Fn() -> i64 + 'static) -> Upstream {
        Upstream {
            store: Mutex::new(store),
            clock: Box::new(clock),
            pause: None,
        }
    }

    /// Waits with `pause` where a fault delays an answer; without it delays are not felt.
    #[cfg(not(target_arch = "wasm32"))]
    #[must_use]
    pub fn with_pause(
        self,
        pause: impl Fn(u64) -> BoxFuture<'static, ()> + Send + Sync + 'static,
    ) -> Upstream {
        Upstream {
            pause: Some(Box::new(pause)),
            ..self
        }
    }

    /// Waits with `pause` where a fault delays an answer; without it delays are not felt.
    #[cfg(target_arch = "wasm32")]
    #[must_use]
    pub fn with_pause(self, pause: impl Fn(u64) -> BoxFuture<'static, ()> + 'static) -> Upstream {
        Upstream {
            pause: Some(Box::new(pause)),
            ..self
        }
    }

    /// The store, to add faults, read the log or begin anew.
    pub fn store(&self) -> MutexGuard<'_, Store> {
        self.store.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recharge for Upstream {
    fn call(&self, request: Request) -> BoxFuture<'_, Result<Response, NoAnswer>> {
        Box::pin(async move {
            let query = request
                .query
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value));
            let call = Call {
                method: request.method.as_str().to_owned(),
                path: request.path,
                query: query.collect(),
                body: request.body,
                session: request.token.map(|token| token.expose().to_owned()),
            };
            let now = (self.clock)();
            let answer = self.store().handle(now, call);
            if let (Some(pause), true) = (&self.pause, answer.delay_ms > 0) {
                pause(answer.delay_ms).await;
            }
            if answer.is_lost {
                return Err(NoAnswer::Lost);
            }
            let retry_after = answer
                .headers
                .iter()
                .find(|(name, _)| *name == "Retry-After");
            let seconds = retry_after.and_then(|(_, value)| value.parse::<u64>().ok());
            Ok(Response {
                status: answer.status,
                body: answer.body,
                retry_after_ms: seconds.map(|seconds| seconds * 1000),
            })
        })
    }
}
