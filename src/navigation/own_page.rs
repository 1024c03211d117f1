//! The portal's own page, whose address leptos_router writes once the second file of the bundle is
//! here: the first screen does without its 10 kB.

use std::sync::Arc;

use leptos::children::ToChildren;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::{Router as LeptosRouter, RouterProps};
use leptos_router::hooks::use_navigate;
use leptos_router::location::State;
use wasm_bindgen::JsValue;

use super::router::Router;

/// A base that no path begins with. leptos_router takes over each link on the page whose path
/// begins with its base: with `/portal` also `/portal-news` and `/portal/api/…`.
const NO_LINKS: &str = "\0";

/// Has leptos_router write the address of the portal's own page until the current owner is
/// disposed of. In a merchant's page nothing happens.
pub(crate) fn keep_address(router: Router) {
    if !router.is_own_page() {
        return;
    }
    // leptos_router hands its owner to a hook that outlives the portal; this one ends with it.
    let navigate = Owner::new().with(|| {
        // It shows nothing itself: what the hook reads belongs to the owner.
        let nothing = ToChildren::to_children(|| ());
        let _ = LeptosRouter(
            RouterProps::builder()
                .base(NO_LINKS)
                .children(nothing)
                .build(),
        );
        use_navigate()
    });
    router.write_by(Arc::new(move |path: &str, state: Option<JsValue>| {
        let options = NavigateOptions {
            resolve: false,
            replace: state.is_some(),
            scroll: false,
            state: State::new(Some(state.unwrap_or(JsValue::NULL))),
        };
        navigate(path, options);
    }));
}
