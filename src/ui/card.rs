//! Surfaces and marks: card, pill, disclosure.

use leptos::prelude::*;

use super::icon::{Glyph, Icon};

/// What a mark means. Never carried by colour alone: each has an icon, and a word beside it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Tone {
    /// Nothing special.
    #[default]
    Plain,
    /// As it should be: active, paid.
    Ok,
    /// Under way.
    Waiting,
    /// The customer should do something.
    Attention,
    /// It failed, or has ended.
    Stop,
}

impl Tone {
    /// The value of `data-tone`, by which the style sheet colours.
    pub fn name(self) -> &'static str {
        match self {
            Tone::Plain => "plain",
            Tone::Ok => "ok",
            Tone::Waiting => "waiting",
            Tone::Attention => "attention",
            Tone::Stop => "stop",
        }
    }

    /// The icon that says the same as the colour.
    pub fn glyph(self) -> Glyph {
        match self {
            Tone::Plain => Glyph::Info,
            Tone::Ok => Glyph::Check,
            Tone::Waiting => Glyph::Clock,
            Tone::Attention => Glyph::Alert,
            Tone::Stop => Glyph::Stop,
        }
    }
}

/// A raised surface with one hairline around it.
#[component]
pub fn Card(
    /// A heading inside it.
    #[prop(optional, into)]
    title: Option<Signal<String>>,
    /// Whether its children are rows that touch its edges, with hairlines between.
    #[prop(optional)]
    flush: bool,
    /// What it holds.
    children: Children,
) -> impl IntoView {
    view! {
        <section class="card" part="card" class:card-flush=flush>
            {title.map(|title| view! { <h2>{title}</h2> })}
            {children()}
        </section>
    }
}

/// A state in a word or two.
#[component]
pub fn Pill(
    /// The word.
    #[prop(into)]
    label: Signal<String>,
    /// What it means; its icon stands before the word.
    #[prop(optional, into)]
    tone: Signal<Tone>,
    /// Another icon than the tone's own.
    #[prop(optional)]
    icon: Option<Glyph>,
) -> impl IntoView {
    view! {
        <span class="pill" part="badge" data-tone=move || tone.get().name()>
            {move || view! { <Icon glyph=icon.unwrap_or(tone.get().glyph())/> }}
            <span>{label}</span>
        </span>
    }
}

/// Something that opens in place.
#[component]
pub fn Disclosure(
    /// The line that is always seen.
    #[prop(into)]
    summary: Signal<String>,
    /// What it opens to.
    children: Children,
) -> impl IntoView {
    view! {
        <details class="disclosure">
            <summary><span>{summary}</span><Icon glyph=Glyph::Down/></summary>
            <div class="disclosure-body">{children()}</div>
        </details>
    }
}
