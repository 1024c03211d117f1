//! What Recharge reports, in the same file.

use std::collections::BTreeSet;

use async_trait::async_trait;
use protocol::CustomerId;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row, query, query_as, query_scalar};

use super::database::SqliteStore;
use crate::store::error::StoreError;
use crate::store::reports::{Report, Reports};

impl FromRow<'_, SqliteRow> for Report {
    fn from_row(row: &SqliteRow) -> sqlx::Result<Report> {
        let customer: Option<i64> = row.try_get("customer")?;
        Ok(Report {
            id: row.try_get("id")?,
            topic: row.try_get("topic")?,
            customer: customer.map(|id| CustomerId(id.cast_unsigned())),
            object: row.try_get::<i64, _>("object")?.cast_unsigned(),
            facts: row.try_get("facts")?,
            at_ms: row.try_get("at_ms")?,
        })
    }
}

#[async_trait]
impl Reports for SqliteStore {
    async fn add_reports(&self, reports: &[Report], received_ms: i64) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        for report in reports {
            query(
                "INSERT INTO reports (id, topic, customer, object, facts, at_ms, received_ms) \
                 VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            )
            .bind(&report.id)
            .bind(&report.topic)
            .bind(report.customer.map(|customer| customer.0.cast_signed()))
            .bind(report.object.cast_signed())
            .bind(&report.facts)
            .bind(report.at_ms)
            .bind(received_ms)
            .execute(&mut *transaction)
            .await?;
        }
        Ok(transaction.commit().await?)
    }

    async fn waiting_reports(&self, before_ms: i64, most: u32) -> Result<Vec<Report>, StoreError> {
        let waiting = "SELECT * FROM reports WHERE handled = 0 AND received_ms < ? \
                       ORDER BY received_ms LIMIT ?";
        let waiting = query_as(waiting).bind(before_ms).bind(most);
        Ok(waiting.fetch_all(&self.reader).await?)
    }

    async fn handled_report(
        &self,
        report: &Report,
        subscription: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.writer.begin().await?;
        if let Some(facts) = subscription {
            query(
                "INSERT INTO reported_subscriptions (id, facts) VALUES (?, ?) \
                 ON CONFLICT (id) DO UPDATE SET facts = excluded.facts",
            )
            .bind(report.object.cast_signed())
            .bind(facts)
            .execute(&mut *transaction)
            .await?;
        }
        query("UPDATE reports SET handled = 1 WHERE id = ?")
            .bind(&report.id)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn reported_subscription(&self, id: u64) -> Result<Option<String>, StoreError> {
        let facts = query_scalar("SELECT facts FROM reported_subscriptions WHERE id = ?");
        let facts = facts.bind(id.cast_signed());
        Ok(facts.fetch_optional(&self.reader).await?)
    }

    async fn reported_topics(
        &self,
        object: u64,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<Vec<String>, StoreError> {
        let topics = "SELECT topic FROM reports WHERE object = ? AND at_ms BETWEEN ? AND ?";
        let topics = query_scalar(topics)
            .bind(object.cast_signed())
            .bind(from_ms)
            .bind(to_ms);
        Ok(topics.fetch_all(&self.reader).await?)
    }

    async fn reported_customers(&self, since_ms: i64) -> Result<BTreeSet<CustomerId>, StoreError> {
        let customers = "SELECT DISTINCT customer FROM reports \
                         WHERE received_ms >= ? AND customer IS NOT NULL";
        let customers: Vec<i64> = query_scalar(customers)
            .bind(since_ms)
            .fetch_all(&self.reader)
            .await?;
        let customers = customers.into_iter();
        Ok(customers.map(|id| CustomerId(id.cast_unsigned())).collect())
    }

    async fn forget_reports(&self, before_ms: i64) -> Result<(), StoreError> {
        query("DELETE FROM reports WHERE handled = 1 AND received_ms < ?")
            .bind(before_ms)
            .execute(&self.writer)
            .await?;
        Ok(())
    }
}
