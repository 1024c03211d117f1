//! Which dialog was open when the session ended, kept in the tab: after signing in again the same
//! page opens with it, and its form is filled with the draft. Nothing is sent until the customer
//! confirms it again.

use leptos::prelude::*;
use protocol::view::Session;
use protocol::{CustomerId, Operation, Query};

use crate::data::{Changes, Data, storage};
use crate::navigation::{Route, Router};
use crate::overview::lazy_bundle::{Flow, LazyBundle};
use crate::overview::parts::held;

const KEPT: &str = "perennial.open";

/// Remembers the dialog that is open, as far as it can be opened by its name.
pub(crate) fn remember(changes: Changes, data: Data, router: Router) {
    let Some(action) = changes
        .action
        .get_untracked()
        .filter(|action| !action.is_secret())
    else {
        return;
    };
    let (place, intent) = untrack(|| (router.route(), action.intent()));
    let (Some((operation, ids)), Some(customer)) = (intent.operation(), data.customer()) else {
        return;
    };
    let subject = match place {
        // What is changed may be called otherwise, as a note that belongs to the address.
        Route::Subscription(id) => id.to_string(),
        _ => ids.join("/"),
    };
    let known = Operation::named(&operation);
    if known
        .and_then(|known| known.flow_subject(&subject))
        .is_none()
    {
        return;
    }
    let kept = [customer.to_string(), place.href(), operation, subject];
    if let (Some(storage), Ok(text)) = (storage(), serde_json::to_string(&kept)) {
        let _ = storage.set_item(KEPT, &text);
    }
}

/// Opens the dialog that was open when the last session of `customer` ended here, where they are
/// back at its page and nothing is on its way. What came of a change that is, is told first.
pub(crate) fn reopen(changes: Changes, data: Data, router: Router, customer: CustomerId) {
    let (kept, lazy) = (recall(), LazyBundle::expect());
    forget();
    let Some([owner, place, name, subject]) = kept else {
        return;
    };
    let is_idle = changes.phase.with_untracked(|phase| !phase.is_busy());
    // A session that is for one thing opens its dialog itself.
    let flow = |session: &Session| lazy.session_flow(session);
    let is_free = is_idle && held(data, &Query::Session, flow).flatten().is_none();
    if is_free && owner == customer.to_string() && place == router.route().href() {
        lazy.flow.set(Some(Flow {
            name,
            subject,
            stays: true,
        }));
    }
}

/// The customer decided against it, or it is open again.
pub(crate) fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEPT);
    }
}

fn recall() -> Option<[String; 4]> {
    let text = storage()?.get_item(KEPT).ok().flatten()?;
    protocol::read::<Vec<String>>(&text)?.try_into().ok()
}
