//! Taking secrets out of what earlier versions wrote.

use gateway::Journal;
use protocol::{Intent, Secret};
use sqlx::{query, query_as};

use super::database::SqliteStore;
use crate::store::error::StoreError;
use crate::store::journal::HASHED;

/// Replaces the secrets in the intents of before by their hashes, once, and writes the file anew:
/// what was overwritten or deleted would stand in free pages, and in the log beside the file.
///
/// Hashes and not nothing, since a change that is open may have been made, which its hash tells.
pub(super) async fn secrets(store: &SqliteStore) -> Result<(), StoreError> {
    let asked = query("SELECT 1 FROM settings WHERE name = 'scrub'");
    if asked.fetch_optional(&store.writer).await?.is_none() {
        return Ok(());
    }
    let mut transaction = store.writer.begin().await?;
    let changes: Vec<(i64, String, String)> = query_as("SELECT customer, key, intent FROM changes")
        .fetch_all(&mut *transaction)
        .await?;
    for (customer, key, intent) in changes {
        if let Some(clean) = clean(store, &intent) {
            query("UPDATE changes SET intent = ?3 WHERE customer = ?1 AND key = ?2")
                .bind(customer)
                .bind(key)
                .bind(clean)
                .execute(&mut *transaction)
                .await?;
        }
    }
    transaction.commit().await?;
    query("VACUUM").execute(&store.writer).await?;
    query("PRAGMA wal_checkpoint(TRUNCATE)")
        .execute(&store.writer)
        .await?;
    // Where this was interrupted before here, it begins again.
    query("DELETE FROM settings WHERE name = 'scrub'")
        .execute(&store.writer)
        .await?;
    Ok(())
}

/// The intent with its secret hashed; `None` where it has none, or it is done.
fn clean(store: &SqliteStore, json: &str) -> Option<String> {
    let intent: Intent = serde_json::from_str(json).ok()?;
    let (secret, field) = intent.secret().zip(intent.operation().secret())?;
    if secret.expose().starts_with(HASHED) {
        return None;
    }
    let hash = Secret::from(store.hash(secret.expose()));
    let redacted = serde_json::to_string(&intent).ok()?;
    Some(hash.fill(&redacted, field))
}
