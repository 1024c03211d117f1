//! What is being sent, kept in the tab while no answer is there: a page that is loaded again in
//! between finds out what became of it, with the same idempotency key.

use leptos::prelude::*;
use protocol::{CustomerId, Sendable};

use crate::backend::clock;
use crate::data::change::Phase;
use crate::data::{Changes, Data, Prepared, storage};
use crate::i18n::t;
use crate::ui::Announcer;

const KEPT: &str = "perennial.sent";

/// For how long it is asked what became of it, milliseconds: after that it is not done any more
/// where it has not been, and the customer's history of changes tells.
const LONGEST_MS: i64 = 10 * 60 * 1000;

/// Keeps what is being sent from now on, until it is known what became of it.
pub(crate) fn keep(changes: Changes, data: Data) {
    Effect::new(move |before: Option<Phase>| {
        let phase = changes.phase.get();
        match (&before, &phase) {
            (Some(before), Phase::Sending { key }) if !before.is_sending() => {
                remember(changes, data, key);
            }
            // The session may have ended before it was known what became of it.
            (Some(Phase::Checking { .. }), Phase::Refused) if data.is_over() => {}
            (Some(before), after) if before.is_sending() && !after.is_sending() => forget(),
            _ => {}
        }
        phase
    });
}

/// Finds out what became of what `customer` was sending when the page was loaded.
pub(crate) fn resume(changes: Changes, customer: CustomerId) {
    let Some(kept) = recall() else { return };
    let [
        owner,
        sent_ms,
        key,
        title,
        place,
        undone,
        method,
        path,
        body,
    ] = kept;
    let age = clock::now_ms() - sent_ms.parse::<i64>().unwrap_or_default();
    if owner != customer.to_string() || !(0..LONGEST_MS).contains(&age) {
        return forget();
    }
    if key.is_empty() {
        forget();
        return Announcer::expect().announce(t::change_left(&title));
    }
    let action = Prepared {
        done: t::change_resumed(&title),
        title,
        intent: Sendable { method, path, body },
        place,
        undone,
    };
    changes.resume(key, action);
}

fn remember(changes: Changes, data: Data, key: &str) {
    let (Some(action), Some(intent)) = (changes.action.get_untracked(), changes.intent()) else {
        return;
    };
    let (Some(customer), Some(storage)) = (data.customer(), storage()) else {
        return;
    };
    let owner = customer.to_string();
    let now_ms = clock::now_ms().to_string();
    let (title, place, undone) = (action.title(), action.place(), action.undone());
    let mut kept: [&str; 9] = [
        &owner,
        &now_ms,
        key,
        &title,
        &place,
        &undone,
        &intent.method,
        &intent.path,
        &intent.body,
    ];
    if action.is_secret() {
        // No secret stays in the browser, and without it the change cannot be asked about.
        (kept[2], kept[8]) = ("", "");
    }
    if let Ok(text) = serde_json::to_string(&kept) {
        let _ = storage.set_item(KEPT, &text);
    }
}

fn recall() -> Option<[String; 9]> {
    let text = storage()?.get_item(KEPT).ok().flatten()?;
    protocol::read::<Vec<String>>(&text)?.try_into().ok()
}

fn forget() {
    if let Some(storage) = storage() {
        let _ = storage.remove_item(KEPT);
    }
}
