//! Work that goes on while the page does: the one place that knows about liveness.
//!
//! A signal that is used after its owner is gone panics, and a panic ends the whole
//! portal. An answer may come when its section, or the portal, has left the page: so
//! whatever runs after an `await` writes by [`set`], which does nothing where nobody
//! listens any more.

use std::future::Future;

use js_sys::Promise;
use leptos::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Runs `future` to its end, whatever becomes of the page: a change that is on its way
/// must be followed, and an answer that is on its way is kept for the next section. It
/// must write by [`set`] only.
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

/// Waits.
pub async fn sleep(milliseconds: i32) {
    let promise = Promise::new(&mut |resolve, _| {
        // Refused only where there is no window; then there is nobody to wait for.
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    });
    // This promise is never rejected.
    let _ = JsFuture::from(promise).await;
}

/// Calls `next` once what is on the page now has been painted.
pub fn after_paint(next: impl FnOnce() + 'static) {
    // The next frame begins when this one is on the screen.
    request_animation_frame(move || request_animation_frame(next));
}
