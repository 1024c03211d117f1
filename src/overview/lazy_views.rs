//! What stands where something of the second file of the bundle is shown, until it is here.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::lazy_bundle::{LazyBundle, Place, State};
use super::page_header::PageHeader;
use super::trouble::trouble;
use super::warnings::failed_payment_so_far;
use crate::backend::Failure;
use crate::navigation::section_name;
use crate::ui::{Shape, Skeleton};

/// The dialog of whatever is being changed, once it is here.
#[component]
pub(crate) fn ChangeDialog() -> impl IntoView {
    let state = LazyBundle::expect().state;
    move || match state.get() {
        State::Here(entrypoints) => (entrypoints.dialog)(),
        _ => ().into_any(),
    }
}

/// The banner about a payment that failed; until it is here, what the overview says of it.
#[component]
pub(crate) fn FailedPayment() -> impl IntoView {
    let state = LazyBundle::expect().state;
    move || match state.get() {
        State::Here(entrypoints) => (entrypoints.banner)(),
        _ => failed_payment_so_far(),
    }
}

/// What is shown elsewhere than on the overview; until it is here its name and a shape.
pub(crate) fn page(shown: Place) -> AnyView {
    let lazy = LazyBundle::expect();
    if let State::Here(entrypoints) = lazy.state.get_untracked() {
        return (entrypoints.page)(shown);
    }
    lazy.fetch();
    let place = NodeRef::<html::Div>::new();
    let retry = Callback::new(move |()| lazy.fetch());
    // The heading stays while it is tried again: it has the focus.
    let here = Memo::new(move |_| matches!(lazy.state.get(), State::Here(_)));
    let below = move || match lazy.state.get() {
        State::Failed => trouble(&Failure::Lost, retry),
        _ => view! { <Skeleton shape=Shape::Cards(3)/> }.into_any(),
    };
    let content = move || {
        here.get();
        if let State::Here(entrypoints) = lazy.state.get_untracked() {
            keep_focus(place);
            return (entrypoints.page)(shown.clone());
        }
        let header = match &shown {
            Place::Page(route) => Some(view! { <PageHeader title=section_name(route)/> }),
            Place::Part(_) | Place::Flow(_) => None,
        };
        view! { <div class="stack stack-large">{header}{below}</div> }.into_any()
    };
    view! { <div node_ref=place>{content}</div> }.into_any()
}

/// Takes the focus along from the heading that stood in for the one that comes.
fn keep_focus(place: NodeRef<html::Div>) {
    let Some(place) = place.get_untracked() else {
        return;
    };
    if place.matches(":focus-within") == Ok(true) {
        request_animation_frame(move || {
            if let Ok(Some(heading)) = place.query_selector("h1") {
                // A heading that cannot take the focus leaves it where it is.
                let _ = heading.unchecked_into::<HtmlElement>().focus();
            }
        });
    }
}
