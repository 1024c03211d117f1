//! The journal of changes in PostgreSQL.

use base::BoxFuture;
use gateway::{Actor, Begun, Entry, EntryState, Journal, JournalError, Turn};
use protocol::CustomerId;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row, query, query_as, query_scalar};

use super::database::{PostgresStore, customer_of};
use super::{audit, notices, outbox, turns};
use crate::audit::of_change;
use crate::effects::Finished;
use crate::store::journal::{
    BYTES, BYTES_PER_CUSTOMER, Change, KEY_MS, entries, hash, journal_error, not_held,
};

impl FromRow<'_, PgRow> for Change {
    fn from_row(row: &PgRow) -> sqlx::Result<Change> {
        let outcome: Option<String> = row.try_get("outcome")?;
        let entry = Entry {
            customer: customer_of(row)?,
            key: row.try_get("key")?,
            intent: row.try_get("intent")?,
            evidence: row.try_get("evidence")?,
            actor: Actor::from(row.try_get::<&str, _>("actor")?),
            state: outcome.map_or(EntryState::Open, EntryState::Finished),
            begun_ms: row.try_get("begun_ms")?,
        };
        Ok(Change {
            entry,
            holder: row.try_get("holder")?,
        })
    }
}

impl Journal for PostgresStore {
    fn hash(&self, secret: &str) -> String {
        hash(&self.hash_key, secret)
    }

    fn turn(
        &self,
        customer: CustomerId,
        waits: bool,
    ) -> BoxFuture<'_, Result<Option<Turn>, JournalError>> {
        Box::pin(async move {
            let turn = turns::take(self, customer, waits).await;
            turn.map_err(journal_error)
        })
    }

    fn begin<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        intent: &'a str,
        actor: &'a Actor,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<Begun, JournalError>> {
        Box::pin(async move {
            let id = customer.0.cast_signed();
            let inserted = query(
                "INSERT INTO changes (customer, key, intent, actor, holder, begun_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            )
            .bind(id)
            .bind(key)
            .bind(intent)
            .bind(actor.to_string())
            .bind(&self.holder)
            .bind(now_ms)
            .execute(&self.pool)
            .await
            .map_err(journal_error)?;
            if inserted.rows_affected() == 1 {
                return Ok(Begun::New);
            }
            let known = query_as("SELECT * FROM changes WHERE customer = $1 AND key = $2")
                .bind(id)
                .bind(key)
                .fetch_one(&self.pool)
                .await;
            let Change { entry, holder } = known.map_err(journal_error)?;
            if entry.state == EntryState::Open && holder != self.holder {
                return Ok(Begun::Held);
            }
            Ok(Begun::Known(entry))
        })
    }

    fn note<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        evidence: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let noted = query(
                "UPDATE changes SET evidence = $3 \
                 WHERE customer = $1 AND key = $2 AND outcome IS NULL AND holder = $4",
            )
            .bind(customer.0.cast_signed())
            .bind(key)
            .bind(evidence)
            .bind(&self.holder)
            .execute(&self.pool)
            .await
            .map_err(journal_error)?;
            match noted.rows_affected() {
                1 => Ok(()),
                _ => Err(not_held()),
            }
        })
    }

    fn finish<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
        outcome: &'a str,
        now_ms: i64,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            let finished = self.close_change(customer, key, outcome, now_ms).await;
            if finished.map_err(journal_error)? {
                Ok(())
            } else {
                Err(not_held())
            }
        })
    }

    fn record<'a>(&'a self, entry: &'a Entry) -> BoxFuture<'a, Result<bool, JournalError>> {
        Box::pin(async move {
            let EntryState::Finished(outcome) = &entry.state else {
                return Err(JournalError);
            };
            let added = query(
                "INSERT INTO changes \
                 (customer, key, intent, evidence, outcome, actor, begun_ms, finished_ms, bytes) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $7, octet_length($3 || $4 || $5)) \
                 ON CONFLICT DO NOTHING",
            )
            .bind(entry.customer.0.cast_signed())
            .bind(&entry.key)
            .bind(&entry.intent)
            .bind(&entry.evidence)
            .bind(outcome)
            .bind(entry.actor.to_string())
            .bind(entry.begun_ms)
            .execute(&self.pool)
            .await
            .map_err(journal_error)?;
            Ok(added.rows_affected() == 1)
        })
    }

    fn forget<'a>(
        &'a self,
        customer: CustomerId,
        key: &'a str,
    ) -> BoxFuture<'a, Result<(), JournalError>> {
        Box::pin(async move {
            query(
                "DELETE FROM changes \
                 WHERE customer = $1 AND key = $2 AND outcome IS NULL AND holder = $3",
            )
            .bind(customer.0.cast_signed())
            .bind(key)
            .bind(&self.holder)
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
            let rows = query_as(
                "SELECT * FROM changes \
                 WHERE outcome IS NULL AND ($1::bigint IS NULL OR customer = $1) \
                 ORDER BY begun_ms",
            )
            .bind(customer.map(|customer| customer.0.cast_signed()))
            .fetch_all(&self.pool)
            .await;
            entries(rows)
        })
    }

    fn history(
        &self,
        customer: CustomerId,
        before_ms: i64,
        most: usize,
    ) -> BoxFuture<'_, Result<Vec<Entry>, JournalError>> {
        Box::pin(async move {
            let rows = query_as(
                "SELECT * FROM changes \
                 WHERE customer = $1 AND begun_ms < $2 AND outcome IS NOT NULL \
                 ORDER BY begun_ms DESC LIMIT $3",
            )
            .bind(customer.0.cast_signed())
            .bind(before_ms)
            .bind(i64::try_from(most).unwrap_or(i64::MAX))
            .fetch_all(&self.pool)
            .await;
            entries(rows)
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
                    "INSERT INTO facts (customer, name, value) VALUES ($1, $2, $3) \
                     ON CONFLICT (customer, name) DO UPDATE SET value = excluded.value"
                }
                None => "DELETE FROM facts WHERE customer = $1 AND name = $2 AND $3::text IS NULL",
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
            query_as("SELECT name, value FROM facts WHERE customer = $1 ORDER BY name")
                .bind(customer.0.cast_signed())
                .fetch_all(&self.pool)
                .await
                .map_err(journal_error)
        })
    }
}

impl PostgresStore {
    /// Closes an entry, puts it into the audit log and what it leaves to be done into the outbox:
    /// all of it or nothing. Whether there was such an entry.
    async fn close_change(
        &self,
        customer: CustomerId,
        key: &str,
        outcome: &str,
        now_ms: i64,
    ) -> Result<bool, sqlx::Error> {
        let mut transaction = self.pool.begin().await?;
        let closed: Option<(String, String, i64)> = query_as(
            "UPDATE changes SET outcome = $3, finished_ms = $4, \
             bytes = octet_length(intent || evidence || $3) \
             WHERE customer = $1 AND key = $2 AND outcome IS NULL AND holder = $5 \
             RETURNING intent, actor, begun_ms",
        )
        .bind(customer.0.cast_signed())
        .bind(key)
        .bind(outcome)
        .bind(now_ms)
        .bind(&self.holder)
        .fetch_optional(&mut *transaction)
        .await?;
        let Some((intent, actor, begun_ms)) = closed else {
            return Ok(false);
        };
        let change = Finished {
            customer,
            key,
            intent: &intent,
            outcome,
            begun_ms,
        };
        audit::insert(&mut transaction, &of_change(&change, &actor, now_ms)).await?;
        if let Some(effects) = &self.effects {
            for (id, job) in effects.jobs(&change) {
                let json =
                    serde_json::to_string(&job).map_err(|e| sqlx::Error::Encode(e.into()))?;
                outbox::insert(&mut transaction, &id, &json, begun_ms).await?;
            }
        }
        // The oldest beyond the bound go, but never one whose key may still be asked for again.
        query(
            "DELETE FROM changes WHERE customer = $1 AND key IN (SELECT key FROM ( \
             SELECT key, finished_ms, evidence, \
             sum(bytes) OVER (ORDER BY finished_ms DESC, key) AS total \
             FROM changes WHERE customer = $1 AND outcome IS NOT NULL) AS sized \
             WHERE total > $2 AND (finished_ms < $3 OR evidence = ''))",
        )
        .bind(customer.0.cast_signed())
        .bind(BYTES_PER_CUSTOMER)
        .bind(now_ms - KEY_MS)
        .execute(&mut *transaction)
        .await?;
        notices::send(&mut transaction, &self.holder, customer).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Drops the oldest finished changes of all customers beyond the bound.
    pub(super) async fn trim_journal(&self, now_ms: i64) -> Result<(), sqlx::Error> {
        self.trim_to(BYTES, now_ms).await
    }

    pub(in crate::store) async fn trim_to(
        &self,
        bytes: i64,
        now_ms: i64,
    ) -> Result<(), sqlx::Error> {
        let sum = "SELECT coalesce(sum(bytes), 0)::bigint FROM changes WHERE outcome IS NOT NULL";
        let total: i64 = query_scalar(sum).fetch_one(&self.pool).await?;
        if total <= bytes {
            return Ok(());
        }
        let dropped = query(
            "DELETE FROM changes WHERE (customer, key) IN (SELECT customer, key FROM ( \
             SELECT customer, key, finished_ms, \
             sum(bytes) OVER (ORDER BY finished_ms DESC, customer, key) AS total \
             FROM changes WHERE outcome IS NOT NULL) AS sized \
             WHERE total > $1 AND finished_ms < $2)",
        )
        .bind(bytes)
        .bind(now_ms - KEY_MS)
        .execute(&self.pool)
        .await?;
        let dropped = dropped.rows_affected();
        tracing::warn!(
            dropped,
            "the journal was full; the oldest finished changes were dropped"
        );
        Ok(())
    }
}
