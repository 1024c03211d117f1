//! Work that goes on while the page does: the one place that knows about liveness.
//!
//! A signal that is used after its owner is gone panics, and a panic ends the whole
//! portal. An answer may come when its section, or the portal, has left the page: so
//! whatever runs after an `await` writes by [`set`], which does nothing where nobody
//! listens any more. An element may send events while it leaves, and after: so every
//! event handler of a view is wrapped in [`guard`].

use std::future::Future;

use js_sys::Promise;
use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::Element;

/// Runs `future` to its end, whatever becomes of the page: a change that is on its way
/// must be followed, and an answer that is on its way is kept for the next section. It
/// must write by [`set`] only.
pub fn spawn_to_the_end(future: impl Future<Output = ()> + 'static) {
    leptos::task::spawn_local(future);
}

/// An event handler that does nothing once the current owner is gone. A field that has the focus
/// is left (`blur`, `change`) as it is removed from the page, a picture may fail later still.
pub fn guard<E>(mut handler: impl FnMut(E) + 'static) -> impl FnMut(E) + 'static {
    let owned = StoredValue::new(());
    move |event| {
        if !owned.is_disposed() {
            handler(event);
        }
    }
}

/// Calls `next` in the next frame with the element of `node`, if it is still in a view then.
pub fn next_frame<E>(node: NodeRef<E>, next: impl FnOnce(Element) + 'static)
where
    E: ElementType,
    E::Output: JsCast + Clone + 'static,
{
    request_animation_frame(move || {
        if let Some(element) = node.try_get_untracked().flatten() {
            next(element.unchecked_into());
        }
    });
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
    // This promise is never rejected.
    let _ = JsFuture::from(timer(milliseconds)).await;
}

/// Resolves with nothing when the time is up.
pub fn timer(milliseconds: i32) -> Promise {
    Promise::new(&mut |resolve, _| {
        // Refused only where there is no window; then there is nobody to wait for.
        let _ =
            window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
    })
}

/// Calls `next` once what is on the page now has been painted.
pub fn after_paint(next: impl FnOnce() + 'static) {
    // The next frame begins when this one is on the screen.
    request_animation_frame(move || request_animation_frame(next));
}
