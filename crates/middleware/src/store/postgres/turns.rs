//! One process at a time for a customer's changes.
//!
//! A turn is an advisory lock on a connection of its own. It ends with the connection, however that ends,
//! so that another process can go on at once where one was killed. Whoever takes a turn becomes the holder
//! of what is open, after which the one before can write nothing more to the journal: one that was stopped
//! for a while, or cut off, notes no further write.

use std::time::Duration;

use gateway::Turn;
use protocol::CustomerId;
use sqlx::{ConnectOptions, PgConnection, query, query_scalar};
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::sleep;

use super::database::PostgresStore;

/// How often it is tried again.
const EVERY: Duration = Duration::from_millis(50);
/// How often at most: about half a minute.
const TRIES: u32 = 600;

/// The connection with the lock, which ends as this is dropped.
struct Held {
    _connection: PgConnection,
    _permit: OwnedSemaphorePermit,
}

pub(super) async fn take(
    store: &PostgresStore,
    customer: CustomerId,
    waits: bool,
) -> Result<Option<Turn>, sqlx::Error> {
    let permit = store.turns.clone().acquire_owned().await;
    let permit = permit.map_err(|_| sqlx::Error::PoolClosed)?;
    let mut connection = store.options.connect().await?;
    for number in 0..TRIES {
        let taken = query_scalar("SELECT pg_try_advisory_lock($1)")
            .bind(customer.0.cast_signed())
            .fetch_one(&mut connection)
            .await?;
        if taken {
            query("UPDATE changes SET holder = $1 WHERE customer = $2 AND outcome IS NULL")
                .bind(&store.holder)
                .bind(customer.0.cast_signed())
                .execute(&mut connection)
                .await?;
            return Ok(Some(Box::new(Held {
                _connection: connection,
                _permit: permit,
            })));
        }
        if !waits {
            return Ok(None);
        }
        if number + 1 < TRIES {
            sleep(EVERY).await;
        }
    }
    Err(sqlx::Error::PoolTimedOut)
}
