//! The steps of canceling in PostgreSQL.

use async_trait::async_trait;
use base::Date;
use protocol::view::CancellationStep;
use sqlx::{query, query_as};

use super::database::PostgresStore;
use crate::store::error::StoreError;
use crate::store::funnel::{Funnel, FunnelRow};

/// Steps of one day that are kept: a customer who reports without end fills no disk.
const STEPS_PER_DAY: i64 = 100_000;

#[async_trait]
impl Funnel for PostgresStore {
    async fn take_step(
        &self,
        flow: &str,
        step: CancellationStep,
        detail: &str,
        day: Date,
    ) -> Result<(), StoreError> {
        query(
            "INSERT INTO funnel_steps (flow, step, detail, day) SELECT $1, $2, $3, $4 \
             WHERE (SELECT count(*) FROM funnel_steps WHERE day = $4) < $5 \
             ON CONFLICT DO NOTHING",
        )
        .bind(flow)
        .bind(step.name())
        .bind(detail)
        .bind(day.to_string())
        .bind(STEPS_PER_DAY)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn funnel(&self, from: Date, to: Date) -> Result<Vec<FunnelRow>, StoreError> {
        let rows: Vec<(String, String, i64)> = query_as(
            "SELECT step, detail, count(*) FROM funnel_steps WHERE day BETWEEN $1 AND $2 \
             GROUP BY step, detail ORDER BY count(*) DESC, detail",
        )
        .bind(from.to_string())
        .bind(to.to_string())
        .fetch_all(&self.pool)
        .await?;
        let row = |(step, detail, flows): (String, String, i64)| FunnelRow {
            step,
            detail,
            flows: flows.cast_unsigned(),
        };
        Ok(rows.into_iter().map(row).collect())
    }

    async fn forget_steps(&self, day: Date) -> Result<(), StoreError> {
        query("DELETE FROM funnel_steps WHERE day < $1")
            .bind(day.to_string())
            .execute(&self.pool)
            .await?;
        Ok(())
    }
}
