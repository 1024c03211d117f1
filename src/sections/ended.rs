//! The session is over: what that means, and the way back in.

use leptos::prelude::*;

use crate::i18n::t;
use crate::ui::{ButtonKind, Drawing, EmptyState, LinkButton, PageHeader};

/// In place of every page. The way back leads through the shop, which opens a new session;
/// `return_url` is the shop's address.
pub(crate) fn ended(return_url: String) -> AnyView {
    view! {
        <div class="stack stack-large">
            <PageHeader title=t::ended_title()/>
            <section class="card">
                <EmptyState drawing=Drawing::Signpost text=t::ended_text()>
                    <LinkButton href=return_url label=t::ended_action() kind=ButtonKind::Primary/>
                </EmptyState>
            </section>
        </div>
    }
    .into_any()
}
