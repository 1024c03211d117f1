//! Whether the configuration file as it is now is in force.

use std::sync::{Mutex, PoisonError};

use crate::config::ConfigError;

/// Why the configuration file as it is now is not in force.
#[derive(Default)]
pub(crate) struct ConfigHealth(Mutex<Option<String>>);

impl ConfigHealth {
    /// What is wrong with the file; `None` where it is in force.
    pub(crate) fn complaint(&self) -> Option<String> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Notes how reading the file went.
    pub(crate) fn note(&self, read: Result<(), &ConfigError>) {
        let complaint = read
            .err()
            .map(|error| format!("{}: {}", error.place, error.message));
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = complaint;
    }
}
