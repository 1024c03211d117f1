//! What the journals of all databases share.

use base::hex;
use gateway::{Entry, JournalError};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// What a hash begins with, so that whoever looks into the database knows what it is.
pub(super) const HASHED: &str = "hmac-sha256:";
/// What the finished changes of one customer may take, bytes; beyond it the oldest go.
pub(super) const BYTES_PER_CUSTOMER: i64 = 2 << 20;
/// What the finished changes of all customers may take, bytes.
pub(super) const BYTES: i64 = 1 << 30;
/// For so long after it ended, milliseconds, a change that was written upstream is known by its
/// key, whatever there is of others: a browser that lost the answer asks again within a minute.
/// How many there can be of them, upstream's own limit bounds.
pub(super) const KEY_MS: i64 = 10 * 60_000;

/// A row of the journal.
pub(super) struct Change {
    pub(super) entry: Entry,
    pub(super) holder: String,
}

/// The entries of what was read.
pub(super) fn entries(changes: sqlx::Result<Vec<Change>>) -> Result<Vec<Entry>, JournalError> {
    let changes = changes.map_err(journal_error)?;
    Ok(changes.into_iter().map(|change| change.entry).collect())
}

/// A change that should be open here is not: another start of the program has taken it over.
pub(super) fn not_held() -> JournalError {
    tracing::error!("a change was taken over by another process, or is closed; nothing is written");
    JournalError
}

/// The gateway only needs to know that it failed; why goes to the log.
pub(super) fn journal_error(error: sqlx::Error) -> JournalError {
    tracing::error!(%error, "the journal failed");
    JournalError
}

/// The hash of a secret by a journal's key.
pub(super) fn hash(key: &[u8], secret: &str) -> String {
    let mut hash = String::from(HASHED);
    // HMAC takes a key of any length.
    if let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) {
        mac.update(secret.as_bytes());
        hash += &hex(&mac.finalize().into_bytes());
    }
    hash
}
