//! Ids of elements.

use std::cell::Cell;

thread_local! {
    static LAST_ID: Cell<u32> = const { Cell::new(0) };
}

/// An `id` that no other element of any portal on this page has, to tie labels, hints and
/// errors to their fields.
pub fn unique_id() -> String {
    LAST_ID.set(LAST_ID.get() + 1);
    format!("portal-{}", LAST_ID.get())
}
