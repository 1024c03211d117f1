//! Sessions whose end could not be stored.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use crate::store::TokenHash;

/// Sessions that have ended here but not yet in the store, which could not be written.
#[derive(Default)]
pub(crate) struct EndedSessions(Mutex<HashSet<TokenHash>>);

impl EndedSessions {
    pub(super) fn with<T>(&self, act: impl FnOnce(&mut HashSet<TokenHash>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
