//! Work that goes on while the page does: the one place that knows about abort and liveness.
//!
//! A signal that is used after its owner is gone panics, and a panic ends the whole
//! portal. So: work that belongs to a view is aborted with it ([`spawn`]); work that must
//! go on, as a change already sent must, writes only by [`set`] and [`update`], which do
//! nothing where nobody listens any more.

use std::future::Future;

use futures_util::future::abortable;
use js_sys::Promise;
use leptos::prelude::*;
use leptos::reactive::traits::{Set, Update};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal};

/// Runs `make`'s future until it ends or the current owner is disposed of, whichever is
/// first. The signal it is given aborts at the same moment: hand it to `fetch`, so that
/// the browser drops the request too.
pub fn spawn<F>(make: impl FnOnce(Option<AbortSignal>) -> F)
where
    F: Future<Output = ()> + 'static,
{
    let controller = AbortController::new().ok();
    let signal = controller.as_ref().map(AbortController::signal);
    let (future, handle) = abortable(make(signal));
    let controller = send_wrapper::SendWrapper::new(controller);
    on_cleanup(move || {
        handle.abort();
        if let Some(controller) = controller.take() {
            controller.abort();
        }
    });
    leptos::task::spawn_local(async move {
        // Aborted work has nothing to tell anyone.
        let _ = future.await;
    });
}

/// Runs `future` to its end, whatever becomes of the page. For changes that are already
/// on their way; it must write by [`set`] and [`update`] only.
pub fn spawn_to_the_end(future: impl Future<Output = ()> + 'static) {
    leptos::task::spawn_local(future);
}

/// Sets `signal` if anybody still listens.
pub fn set<T>(signal: RwSignal<T>, value: T)
where
    T: Send + Sync + 'static,
{
    let _ = signal.try_set(value);
}

/// Changes `signal` in place if anybody still listens.
pub fn update<T>(signal: RwSignal<T>, change: impl FnOnce(&mut T))
where
    T: Send + Sync + 'static,
{
    let _ = signal.try_update(change);
}

/// Waits. Inside [`spawn`] the wait ends with the page.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Refused only where there is no window; then there is nobody to wait for.
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    // This promise is never rejected.
    let _ = JsFuture::from(promise).await;
}
