//! The session is over: what that means, and the way back in.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::page_header::PageHeader;
use crate::i18n::t;
use crate::ui::{ButtonKind, Drawing, EmptyState, LinkButton};

/// In place of every page. The way back leads through the shop, which opens a new session;
/// `return_url` is the shop's address. A session ends after `idle_minutes` without a request,
/// where that is known.
pub(crate) fn ended(return_url: String, idle_minutes: Option<u32>) -> AnyView {
    let rule = idle_minutes.map(|minutes| t::ended_idle(minutes as usize));
    let text = match rule {
        Some(rule) => [&rule, t::ended_text()].join(" "),
        None => t::ended_text().to_owned(),
    };
    let page = NodeRef::<html::Div>::new();
    Effect::new(move || {
        // It comes unasked, in place of what had the focus: so it is read out.
        let heading = page.get().and_then(|page| page.query_selector("h1").ok()?);
        if let Some(heading) = heading {
            request_animation_frame(move || {
                let _ = heading.unchecked_into::<HtmlElement>().focus();
            });
        }
    });
    view! {
        <div class="stack stack-large" node_ref=page>
            <PageHeader title=t::ended_title()/>
            <section class="card" part="card">
                <EmptyState drawing=Drawing::Signpost text>
                    <LinkButton href=return_url label=t::ended_action() kind=ButtonKind::Primary/>
                    {own_tab()}
                </EmptyState>
            </section>
        </div>
    }
    .into_any()
}

/// The way out of a frame. In one of another site the browser keeps the session's cookie back.
fn own_tab() -> Option<AnyView> {
    let window = window();
    let framed = window
        .parent()
        .ok()
        .flatten()
        .is_some_and(|parent| parent != window);
    framed.then(|| {
        let href = window.location().href().unwrap_or_default();
        view! { <a class="button" part="button" target="_blank" href=href>{t::ended_new_tab()}</a> }
            .into_any()
    })
}
