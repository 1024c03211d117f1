//! The portal's own page, whose address leptos_router keeps.

use std::sync::Arc;

use leptos::children::ToChildren;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos_router::NavigateOptions;
use leptos_router::components::{Router, RouterProps};
use leptos_router::hooks::{use_navigate, use_url};
use leptos_router::location::{State, Url};
use wasm_bindgen::JsValue;

/// A base that no path begins with. leptos_router takes over each link on the page whose path
/// begins with its base: with `/portal` also `/portal-news` and `/portal/api/…`.
const NO_LINKS: &str = "\0";

/// What `children` makes, inside leptos_router.
pub(crate) fn own_page<T: IntoView>(children: impl FnOnce() -> T) -> impl IntoView {
    // leptos_router hands its owner to a hook that outlives the portal; this one ends with it.
    let owner = Owner::new();
    let view = owner.with(|| {
        // It shows nothing itself: what the hooks read belongs to the owner.
        let nothing = ToChildren::to_children(|| ());
        let _ = Router(
            RouterProps::builder()
                .base(NO_LINKS)
                .children(nothing)
                .build(),
        );
        children()
    });
    OwnedView::new_with_owner(view, owner)
}

/// Leads to a path.
type Navigate = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

/// The address of our own page.
#[derive(Clone)]
pub(crate) struct OwnPage {
    url: ReadSignal<Url>,
    navigate: Navigate,
}

impl OwnPage {
    /// The address that leptos_router keeps. To be called inside [`own_page`].
    pub(super) fn expect() -> OwnPage {
        OwnPage {
            url: use_url(),
            navigate: Arc::new(use_navigate()),
        }
    }

    /// The path and the query.
    pub(super) fn path(&self) -> String {
        self.url.with_untracked(|url| match url.search() {
            "" => url.path().to_owned(),
            search => [url.path(), "?", search].concat(),
        })
    }

    /// Writes `path`, which may have a query, into a new entry of the browser's history, or with
    /// `state` into the current one.
    pub(super) fn write(&self, path: &str, state: Option<JsValue>) {
        let options = NavigateOptions {
            resolve: false,
            replace: state.is_some(),
            scroll: false,
            state: State::new(Some(state.unwrap_or(JsValue::NULL))),
        };
        (self.navigate)(path, options);
    }
}
