//! The head of every page.

use leptos::prelude::*;

use super::{Glyph, Icon};

/// The page's one `<h1>`, to which the focus moves when the customer arrives. Render it
/// at once and not only when data has come, or there is nothing to move to.
#[component]
pub fn PageHeader(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// A sentence below it.
    #[prop(optional, into)]
    lead: Option<Signal<String>>,
    /// On a detail page, the address and the name of the list it belongs to.
    #[prop(optional)]
    back: Option<(String, String)>,
    /// Marks or actions beside the title.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <header class="page-header">
            {back.map(|(href, label)| view! {
                <p class="back"><a href=href><Icon glyph=Glyph::Back/><span>{label}</span></a></p>
            })}
            <h1 class="typed" tabindex="-1">{title}</h1>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
            {lead.map(|lead| view! { <p class="page-lead">{lead}</p> })}
        </header>
    }
}
