//! What one process tells the others: of whom they have read what is no longer true.

use gateway::Gateway;
use protocol::CustomerId;
use sqlx::postgres::{PgConnection, PgListener};
use sqlx::query;
use std::time::Duration;
use tokio::time::sleep;

use super::database::PostgresStore;

const CHANNEL: &str = "perennial_customers";
/// How long to wait for a database that cannot be reached.
const AGAIN: Duration = Duration::from_secs(1);

/// Tells the other processes of a customer, once the transaction of `connection` is committed.
pub(super) async fn send(
    connection: &mut PgConnection,
    holder: &str,
    customer: CustomerId,
) -> Result<(), sqlx::Error> {
    query("SELECT pg_notify($1, $2)")
        .bind(CHANNEL)
        .bind(format!("{holder} {customer}"))
        .execute(connection)
        .await?;
    Ok(())
}

impl PostgresStore {
    /// Drops in `gateway` what other processes have made untrue, without end. What was told while the
    /// connection was lost is not known, so that everything is dropped then.
    pub async fn follow(&self, gateway: &Gateway) {
        loop {
            if let Err(error) = self.listen(gateway).await {
                tracing::warn!(%error, "other processes cannot be heard");
            }
            gateway.invalidate_all();
            sleep(AGAIN).await;
        }
    }

    async fn listen(&self, gateway: &Gateway) -> Result<(), sqlx::Error> {
        let mut listener = PgListener::connect_with(&self.pool).await?;
        listener.listen(CHANNEL).await?;
        gateway.invalidate_all();
        while let Some(told) = listener.try_recv().await? {
            let Some((holder, customer)) = told.payload().split_once(' ') else {
                continue;
            };
            if let (false, Ok(customer)) = (holder == self.holder, customer.parse()) {
                gateway.forget_before_write(CustomerId(customer));
            }
        }
        Ok(())
    }
}
