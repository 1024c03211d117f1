//! The journal of changes in the same file.

use gateway::{Begun, Entry, EntryState, Journal, JournalError};
use protocol::CustomerId;
use recharge::BoxFuture;
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, query};

use super::{SqliteStore, customer_of, outbox};
use crate::effects::Finished;

/// Changes that one customer may have on record; more are refused until old ones are swept.
const CHANGES_PER_CUSTOMER: i64 = 2_000;

fn entry_of(row: &SqliteRow) -> Result<Entry, sqlx::Error> {
    let outcome: Option<String> = row.try_get("outcome")?;
    Ok(Entry {
        customer: customer_of(row)?,
        key: row.try_get("key")?,
        intent: row.try_get("intent")?,
        evidence: row.try_get("evidence")?,
        state: outcome.map_or(EntryState::Open, EntryState::Finished),
        begun_ms: row.try_get("begun_ms")?,
    })
}

/// The gateway only needs to know that it failed; why goes to the log.
fn journal_error(error: sqlx::Error) -> JournalError {
    tracing::error!(%error, "the journal failed");
    JournalError
}

impl Journal for SqliteStore {
    fn begin<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        intent: &'a str,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<Begun, JournalError>> {
        Box::pin(async move {
            let id = customer.0.cast_signed();
            let inserted = query(
                "INSERT INTO changes (customer, key, intent, begun_ms) \
                 SELECT ?1, ?2, ?3, ?4 \
                 WHERE (SELECT count(*) FROM changes WHERE customer = ?1) < ?5 \
                 ON CONFLICT DO NOTHING",
            )
            .bind(id)
            .bind(key)
            .bind(intent)
            .bind(now_ms)
            .bind(CHANGES_PER_CUSTOMER)
            .execute(&self.pool)
            .await
            .map_err(journal_error)?;
            if inserted.rows_affected() == 1 {
                return Ok(Begun::New);
            }
            let known = query("SELECT * FROM changes WHERE customer = ? AND key = ?")
                .bind(id)
                .bind(key)
                .fetch_optional(&self.pool)
                .await
                .map_err(journal_error)?;
            match known {
                Some(row) => Ok(Begun::Known(entry_of(&row).map_err(journal_error)?)),
                // Neither new nor known: the customer's share is used up.
                None => Err(JournalError),
            }
        })
    }

    fn note<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        evidence: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        self.update(
            "UPDATE changes SET evidence = ?3 WHERE customer = ?1 AND key = ?2 AND outcome IS NULL",
            customer,
            key,
            evidence,
        )
    }

    fn finish<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        outcome: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let finished = self.close_change(customer, key, outcome).await;
            match finished.map_err(journal_error)? {
                true => Ok(()),
                false => Err(JournalError),
            }
        })
    }

    fn forget<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            query("DELETE FROM changes WHERE customer = ? AND key = ? AND outcome IS NULL")
                .bind(customer.0.cast_signed())
                .bind(key)
                .execute(&self.pool)
                .await
                .map_err(journal_error)?;
            Ok(())
        })
    }

    fn open(
        &self,
        customer: Option<CustomerId>,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        Box::pin(async move {
            let rows = query(
                "SELECT * FROM changes WHERE outcome IS NULL AND (?1 IS NULL OR customer = ?1) \
                 ORDER BY begun_ms",
            )
            .bind(customer.map(|customer| customer.0.cast_signed()))
            .fetch_all(&self.pool)
            .await
            .map_err(journal_error)?;
            rows.iter()
                .map(|row| entry_of(row).map_err(journal_error))
                .collect()
        })
    }

    fn history(
        &self,
        customer: CustomerId,
        before_ms: i64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        Box::pin(async move {
            let rows = query(
                "SELECT * FROM changes \
                 WHERE customer = ?1 AND begun_ms < ?2 AND outcome IS NOT NULL \
                 ORDER BY begun_ms DESC LIMIT ?3",
            )
            .bind(customer.0.cast_signed())
            .bind(before_ms)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await
            .map_err(journal_error)?;
            rows.iter()
                .map(|row| entry_of(row).map_err(journal_error))
                .collect()
        })
    }

    fn set_fact<'a>(
        &'a self,
        customer: CustomerId,
        name: &'a str,
        value: Option<&'a str>,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let sql = match value {
                Some(_) => {
                    "INSERT INTO facts (customer, name, value) VALUES (?1, ?2, ?3) \
                     ON CONFLICT (customer, name) DO UPDATE SET value = excluded.value"
                }
                None => "DELETE FROM facts WHERE customer = ?1 AND name = ?2 AND ?3 IS NULL",
            };
            query(sql)
                .bind(customer.0.cast_signed())
                .bind(name)
                .bind(value)
                .execute(&self.pool)
                .await
                .map_err(journal_error)?;
            Ok(())
        })
    }

    fn facts(
        &self,
        customer: CustomerId,
    ) -> BoxFuture<'_, Result<Vec<(String, String)>, JournalError>> {
        Box::pin(async move {
            let rows = query("SELECT name, value FROM facts WHERE customer = ? ORDER BY name")
                .bind(customer.0.cast_signed())
                .fetch_all(&self.pool)
                .await
                .map_err(journal_error)?;
            rows.iter()
                .map(|row| Ok((row.try_get("name")?, row.try_get("value")?)))
                .collect::<Result<_, sqlx::Error>>()
                .map_err(journal_error)
        })
    }
}

impl SqliteStore {
    /// Closes an entry and puts what it leaves to be done into the outbox: both or neither.
    /// Whether there was such an entry.
    async fn close_change(
        &self,
        customer: CustomerId,
        key: &str,
        outcome: &str,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let closed = query(
            "UPDATE changes SET outcome = ?3 WHERE customer = ?1 AND key = ?2 \
             RETURNING intent, begun_ms",
        )
        .bind(customer.0.cast_signed())
        .bind(key)
        .bind(outcome)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some(row) = closed else {
            return Ok(false);
        };
        if let Some(effects) = &self.effects {
            let (intent, begun_ms): (String, i64) =
                (row.try_get("intent")?, row.try_get("begun_ms")?);
            let change = Finished {
                customer,
                key,
                intent: &intent,
                outcome,
                begun_ms,
            };
            for (id, job) in effects.jobs(&change) {
                let json =
                    serde_json::to_string(&job).map_err(|e| sqlx::Error::Encode(e.into()))?;
                outbox::insert(&mut transaction, &id, &json, begun_ms).await?;
            }
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Changes one entry, which must be there.
    fn update<'a>(
        &'a self,
        sql: &'static str,
        customer: CustomerId,
        key: &'a str,
        text: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let updated = query(sql)
                .bind(customer.0.cast_signed())
                .bind(key)
                .bind(text)
                .execute(&self.pool)
                .await
                .map_err(journal_error)?;
            match updated.rows_affected() {
                1 => Ok(()),
                _ => Err(JournalError),
            }
        })
    }
}

#[cfg(test)]
impl SqliteStore {
    /// Uses up the share of `customer`, by changes called `1`, `2` and so on.
    pub(in crate::store) async fn fill_up(&self, customer: CustomerId) {
        query(
            "WITH RECURSIVE numbers (n) AS \
             (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ?2) \
             INSERT INTO changes (customer, key, intent, begun_ms) \
             SELECT ?1, n, '{}', 0 FROM numbers",
        )
        .bind(customer.0.cast_signed())
        .bind(CHANGES_PER_CUSTOMER)
        .execute(&self.pool)
        .await
        .unwrap();
    }
}
