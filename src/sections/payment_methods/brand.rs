//! Marks of card brands: plain drawings of our own, so that a card is told apart at a glance. The
//! name stands beside them in words.

use leptos::prelude::*;
use protocol::view::PaymentLine;

use crate::ui::{Glyph, Icon};

/// The mark of what pays.
pub(super) fn mark(line: &PaymentLine) -> AnyView {
    let drawing = match line.brand.as_deref() {
        Some("visa") => word("VISA", "payment-word slanted"),
        Some("amex" | "american_express") => word("AMEX", "payment-word boxed"),
        Some("discover") => view! {
            <circle class="payment-dot" cx="24" cy="11" r="6"/>
            <text class="payment-word small" x="24" y="27">"DISCOVER"</text>
        }
        .into_any(),
        Some("mastercard") => view! {
            <circle class="payment-dot" cx="19" cy="16" r="9"/>
            <circle class="payment-dot over" cx="29" cy="16" r="9"/>
        }
        .into_any(),
        _ => {
            return view! { <span class="payment-mark"><Icon glyph=Glyph::Card/></span> }
                .into_any();
        }
    };
    view! {
        <span class="payment-mark">
            <svg viewBox="0 0 48 32" aria-hidden="true">{drawing}</svg>
        </span>
    }
    .into_any()
}

fn word(word: &'static str, class: &'static str) -> AnyView {
    view! { <text class=class x="24" y="21">{word}</text> }.into_any()
}
