//! What a page says when its view did not come, or could not be read again.

use leptos::prelude::*;

use super::words;
use crate::backend::{Failure, clock};
use crate::i18n::{format, t};
use crate::ui::{Banner, Button, Drawing, EmptyState, Tone};

/// In place of a page that did not come.
pub(crate) fn trouble(failure: &Failure, retry: Callback<()>) -> AnyView {
    let words = words::failure(failure);
    let text = [words.title, words.text].join(" ");
    view! {
        <EmptyState drawing=Drawing::Signpost text>
            <Button label=t::trouble_retry() on_press=retry/>
            {reference(&words.reference)}
        </EmptyState>
    }
    .into_any()
}

/// Above a page that could not be read again: of when it is, and why.
pub(crate) fn out_of_date_banner(at_ms: i64, why: String, retry: Callback<()>) -> AnyView {
    let updated = t::trouble_updated(&format::clock(at_ms, clock::now_ms()));
    let text = [updated, why].join(" ");
    view! {
        <Banner tone=Tone::Attention title=t::trouble_old() text>
            <Button label=t::trouble_retry() on_press=retry/>
        </Banner>
    }
    .into_any()
}

/// The reference that a customer can quote; nothing where there is none.
pub(crate) fn reference(reference: &str) -> AnyView {
    if reference.is_empty() {
        return ().into_any();
    }
    view! { <p class="caption muted">{t::trouble_reference(reference)}</p> }.into_any()
}
