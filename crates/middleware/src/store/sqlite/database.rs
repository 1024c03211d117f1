//! The database: its connections, and what all its tables share.

use std::sync::Arc;

use protocol::CustomerId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::Row;
use sqlx::sqlite::{SqlitePool, SqliteRow};

use super::lease::Lease;
use crate::effects::Effects;
use crate::store::error::StoreError;

/// Links, sessions and changes in one SQLite file.
#[derive(Clone)]
pub struct SqliteStore {
    pub(in crate::store) writer: SqlitePool,
    pub(in crate::store) reader: SqlitePool,
    /// That no other process serves from the file.
    pub(super) lease: Option<Arc<Lease>>,
    /// The name of this start of the program, by which it knows its own open changes.
    pub(super) holder: String,
    pub(super) hash_key: Vec<u8>,
    pub(super) effects: Option<Effects>,
}

impl SqliteStore {
    /// The same, which puts what `effects` make of finished changes into the outbox.
    #[must_use]
    pub fn with_effects(self, effects: Effects) -> SqliteStore {
        SqliteStore {
            effects: Some(effects),
            ..self
        }
    }

    /// Writes everything back into the one file and lets go of it.
    pub async fn close(&self) {
        self.reader.close().await;
        self.writer.close().await;
        if let Some(lease) = &self.lease {
            lease.end();
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        StoreError(error.to_string())
    }
}

/// A column that holds JSON.
pub(super) fn json_of<T: DeserializeOwned>(row: &SqliteRow, column: &str) -> sqlx::Result<T> {
    let text: String = row.try_get(column)?;
    serde_json::from_str(&text).map_err(|error| sqlx::Error::Decode(error.into()))
}

/// What such a column is set to.
pub(super) fn written(value: &impl Serialize) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError(error.to_string()))
}

pub(super) fn customer_of(row: &SqliteRow) -> Result<CustomerId, sqlx::Error> {
    Ok(CustomerId(
        row.try_get::<i64, _>("customer")?.cast_unsigned(),
    ))
}
