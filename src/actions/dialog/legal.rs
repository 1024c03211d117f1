//! The shop's terms and its privacy policy, next to what starts or changes a recurring charge.

use leptos::prelude::*;
use protocol::view::{LegalPages, Session};
use protocol::{Operation, Query};

use crate::data::{Action, Data};
use crate::i18n::t;
use crate::overview::parts::held;

/// What starts a charge that comes again and again, or changes what it is.
const RECURRING: [Operation; 9] = [
    Operation::AddSubscription,
    Operation::ReactivateSubscription,
    Operation::ResumeSubscription,
    Operation::SwapProduct,
    Operation::ChangeQuantity,
    Operation::ChangeFrequency,
    Operation::UpdateBundle,
    Operation::MoveSubscriptions,
    Operation::SetShippingMethod,
];

/// The links for `action`, in a tab of their own so that nothing that is filled in is left.
/// Nothing where it is no such change, or the shop has no such pages.
pub(super) fn links(data: Data, action: &dyn Action) -> AnyView {
    let is_recurring = action
        .operation()
        .is_some_and(|own| RECURRING.contains(&own));
    let pages = is_recurring.then(|| {
        let pages = |session: &Session| session.merchant.pages.clone();
        held(data, &Query::Session, pages)
    });
    let LegalPages { terms, privacy, .. } = pages.flatten().unwrap_or_default();
    let links = [(terms, t::legal_terms()), (privacy, t::legal_privacy())];
    let links: Vec<AnyView> = links
        .into_iter()
        .filter_map(|(url, label)| Some(link(url?, label)))
        .collect();
    if links.is_empty() {
        return ().into_any();
    }
    view! { <p class="small sheet-legal">{links}</p> }.into_any()
}

fn link(url: String, label: &'static str) -> AnyView {
    view! { <a href=url target="_blank" rel="noopener noreferrer">{label}</a> }.into_any()
}
