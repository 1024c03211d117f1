//! The session is over: what that means, and the way back in.

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::page_header::PageHeader;
use crate::i18n::t;
use crate::ui::{ButtonKind, Drawing, EmptyState, LinkButton};

/// In place of every page. The way back is the login page at `login_url`, where there is one; else it
/// leads through the shop at `return_url`, which opens a new session. A session ends after
/// `idle_minutes` without a request, where that is known.
pub(crate) fn ended(
    return_url: String,
    login_url: Option<String>,
    idle_minutes: Option<u32>,
) -> AnyView {
    let rule = idle_minutes.map(|minutes| t::ended_idle(minutes as usize));
    let (url, action, advice) = match login_url {
        Some(login_url) => (login_url, t::ended_login(), t::ended_login_text()),
        None => (return_url, t::ended_action(), t::ended_text()),
    };
    let text = match rule {
        Some(rule) => [&rule, advice].join(" "),
        None => advice.to_owned(),
    };
    over(t::ended_title(), text, url, action)
}

/// The same after the customer has signed out everywhere, which ended so many `others`.
pub(crate) fn signed_out_everywhere(return_url: String, others: usize) -> AnyView {
    let text = match others {
        0 => t::sign_out_alone().to_owned(),
        some => t::sign_out_others(some),
    };
    over(t::sign_out_done(), text, return_url, t::shell_back())
}

fn over(title: &'static str, text: String, url: String, label: &'static str) -> AnyView {
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
            <PageHeader title/>
            <section class="card" part="card">
                <EmptyState drawing=Drawing::Signpost text>
                    <LinkButton href=url label kind=ButtonKind::Primary/>
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
