//! What Recharge reports, in PostgreSQL.

use std::collections::BTreeSet;

use async_trait::async_trait;
use protocol::CustomerId;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row, query, query_as, query_scalar};

use super::database::PostgresStore;
use super::notices;
use crate::store::error::StoreError;
use crate::store::reports::{Report, Reports};

impl FromRow<'_, PgRow> for Report {
    fn from_row(row: &PgRow) -> sqlx::Result<Report> {
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
impl Reports for PostgresStore {
    async fn add_reports(&self, reports: &[Report], received_ms: i64) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        for report in reports {
            query(
                "INSERT INTO reports (id, topic, customer, object, facts, at_ms, received_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING",
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
            if let Some(customer) = report.customer {
                notices::send(&mut transaction, &self.holder, customer).await?;
            }
        }
        Ok(transaction.commit().await?)
    }

    async fn waiting_reports(&self, before_ms: i64, most: u32) -> Result<Vec<Report>, StoreError> {
        let waiting = "SELECT * FROM reports WHERE handled = 0 AND received_ms < $1 \
                       ORDER BY received_ms LIMIT $2";
        let waiting = query_as(waiting).bind(before_ms).bind(i64::from(most));
        Ok(waiting.fetch_all(&self.pool).await?)
    }

    async fn handled_report(
        &self,
        report: &Report,
        subscription: Option<&str>,
    ) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        if let Some(facts) = subscription {
            query(
                "INSERT INTO reported_subscriptions (id, facts) VALUES ($1, $2) \
                 ON CONFLICT (id) DO UPDATE SET facts = excluded.facts",
            )
            .bind(report.object.cast_signed())
            .bind(facts)
            .execute(&mut *transaction)
            .await?;
        }
        query("UPDATE reports SET handled = 1 WHERE id = $1")
            .bind(&report.id)
            .execute(&mut *transaction)
            .await?;
        Ok(transaction.commit().await?)
    }

    async fn reported_subscription(&self, id: u64) -> Result<Option<String>, StoreError> {
        let facts = query_scalar("SELECT facts FROM reported_subscriptions WHERE id = $1");
        let facts = facts.bind(id.cast_signed());
        Ok(facts.fetch_optional(&self.pool).await?)
    }

    async fn reported_topics(
        &self,
        object: u64,
        from_ms: i64,
        to_ms: i64,
    ) -> Result<Vec<String>, StoreError> {
        let topics = "SELECT topic FROM reports WHERE object = $1 AND at_ms BETWEEN $2 AND $3";
        let topics = query_scalar(topics)
            .bind(object.cast_signed())
            .bind(from_ms)
            .bind(to_ms);
        Ok(topics.fetch_all(&self.pool).await?)
    }

    async fn reported_customers(&self, since_ms: i64) -> Result<BTreeSet<CustomerId>, StoreError> {
        let customers = "SELECT DISTINCT customer FROM reports \
                         WHERE received_ms >= $1 AND customer IS NOT NULL";
        let customers: Vec<i64> = query_scalar(customers)
            .bind(since_ms)
            .fetch_all(&self.pool)
            .await?;
        let customers = customers.into_iter();
        Ok(customers.map(|id| CustomerId(id.cast_unsigned())).collect())
    }

    async fn forget_reports(&self, before_ms: i64) -> Result<(), StoreError> {
        query("DELETE FROM reports WHERE handled = 1 AND received_ms < $1")
            .bind(before_ms)
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
