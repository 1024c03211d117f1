//! The head of every page.

use leptos::html;
use leptos::prelude::*;
use protocol::Query;
use protocol::view::Session;

use super::parts::held;
use crate::data::Data;
use crate::host::Host;
use crate::navigation::Router;
use crate::ui::{Glyph, Icon};

/// The page's one `<h1>`, to which the focus moves when the customer arrives. Render it
/// at once and not only when data has come, or there is nothing to move to.
#[component]
pub(crate) fn PageHeader(
    /// What the page is.
    #[prop(into)]
    title: Signal<String>,
    /// What the page around is told instead, where the title says something else.
    #[prop(optional)]
    name: &'static str,
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
    let header = NodeRef::<html::Header>::new();
    let (data, router, host) = (Data::expect(), Router::expect(), Host::expect());
    let session = data.open(Query::Session);
    Effect::new(move || {
        session.view.track();
        let shop = |session: &Session| session.merchant.name.clone();
        let shop = held(data, &Query::Session, shop).unwrap_or_default();
        let title = title.get();
        let heading = if name.is_empty() { &title } else { name };
        if header.get().is_some() && !heading.is_empty() {
            let detail = [
                ("page", untrack(|| router.route()).name().into()),
                ("heading", heading.into()),
                ("shop", shop.into()),
            ];
            host.tell("navigate", &detail);
        }
    });
    view! {
        <header class="page-header" node_ref=header>
            {back.map(|(href, label)| view! {
                <p class="back"><a href=href><Icon glyph=Glyph::Back/><span>{label}</span></a></p>
            })}
            <h1 class="typed" part="heading" tabindex="-1">{title}</h1>
            {children.map(|children| view! { <div class="row">{children()}</div> })}
            {lead.map(|lead| view! { <p class="page-lead">{lead}</p> })}
        </header>
    }
}
