//! A message that stands where the problem is.

use leptos::prelude::*;

use super::card::Tone;
use super::icon::Icon;

/// A message of one or two lines with at most two actions, which are its children.
#[component]
pub fn Banner(
    /// What kind of message it is.
    tone: Tone,
    /// What happened, in a few words.
    #[prop(into)]
    title: Signal<String>,
    /// What that means: whether anything was changed or charged, what to do.
    #[prop(optional, into)]
    text: Option<Signal<String>>,
    /// Whether it answers something the customer has just done, and so is to be read out.
    #[prop(optional)]
    alert: bool,
    /// The actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="banner" part="banner" data-tone=tone.name() role=alert.then_some("alert")>
            <Icon glyph=tone.glyph()/>
            <div class="banner-text">
                <p class="banner-title">{title}</p>
                {text.map(|text| view! { <p>{text}</p> })}
            </div>
            {children.map(|children| view! { <div class="actions">{children()}</div> })}
        </div>
    }
}
