//! Links, sessions and bearer tokens in PostgreSQL.

use async_trait::async_trait;
use protocol::CustomerId;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row, query, query_as, query_scalar};

use super::database::{PostgresStore, customer_of, json_of, written};
use crate::store::error::StoreError;
use crate::store::sessions::{
    Bearer, CLOCK_STEP_MS, Granted, Link, LinkUse, Session, Store, Sweep, TokenHash,
};

impl FromRow<'_, PgRow> for Link {
    fn from_row(row: &PgRow) -> sqlx::Result<Link> {
        Ok(Link {
            id: row.try_get("id")?,
            customer: customer_of(row)?,
            terms: json_of(row, "terms")?,
            made_ms: row.try_get("made_ms")?,
            expires_ms: row.try_get("expires_ms")?,
        })
    }
}

impl FromRow<'_, PgRow> for Session {
    fn from_row(row: &PgRow) -> sqlx::Result<Session> {
        Ok(Session {
            id: row.try_get("id")?,
            customer: customer_of(row)?,
            terms: json_of(row, "terms")?,
            begun_ms: row.try_get("begun_ms")?,
            seen_ms: row.try_get("seen_ms")?,
        })
    }
}

impl FromRow<'_, PgRow> for Bearer {
    fn from_row(row: &PgRow) -> sqlx::Result<Bearer> {
        let session: Vec<u8> = row.try_get("session")?;
        let session = session.try_into();
        let session = session.map_err(|_| sqlx::Error::Decode("a hash of another length".into()));
        Ok(Bearer {
            session: TokenHash(session?),
            origin: row.try_get("origin")?,
            expires_ms: row.try_get("expires_ms")?,
        })
    }
}

#[async_trait]
impl Store for PostgresStore {
    async fn add_link(&self, token: TokenHash, link: &Link) -> Result<(), StoreError> {
        query(
            "INSERT INTO links (token, id, customer, terms, made_ms, expires_ms) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(token.0.as_slice())
        .bind(&link.id)
        .bind(link.customer.0.cast_signed())
        .bind(written(&link.terms)?)
        .bind(link.made_ms)
        .bind(link.expires_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn link(&self, token: TokenHash, now_ms: i64) -> Result<LinkUse, StoreError> {
        let row = query(
            "SELECT id, customer, terms, made_ms, expires_ms, \
             used = 0 AND expires_ms > $2 AND made_ms <= $2 + $3 AS good \
             FROM links WHERE token = $1",
        )
        .bind(token.0.as_slice())
        .bind(now_ms)
        .bind(CLOCK_STEP_MS)
        .fetch_optional(&self.pool)
        .await?;
        let Some(row) = row else {
            return Ok(LinkUse::Unknown);
        };
        let link = Link::from_row(&row)?;
        if row.try_get("good")? {
            Ok(LinkUse::Good(link))
        } else {
            Ok(LinkUse::AlreadyUsed(link))
        }
    }

    async fn take_link(&self, token: TokenHash, now_ms: i64) -> Result<LinkUse, StoreError> {
        // One statement takes it, so that of two at once only one finds it unused.
        let taken = query_as(
            "UPDATE links SET used = 1 \
             WHERE token = $1 AND used = 0 AND expires_ms > $2 AND made_ms <= $2 + $3 \
             RETURNING id, customer, terms, made_ms, expires_ms",
        )
        .bind(token.0.as_slice())
        .bind(now_ms)
        .bind(CLOCK_STEP_MS)
        .fetch_optional(&self.pool)
        .await?;
        match taken {
            Some(link) => Ok(LinkUse::Good(link)),
            None => self.link(token, now_ms).await,
        }
    }

    async fn add_session(&self, token: TokenHash, session: &Session) -> Result<(), StoreError> {
        query(
            "INSERT INTO sessions (token, id, customer, terms, begun_ms, seen_ms) \
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(token.0.as_slice())
        .bind(&session.id)
        .bind(session.customer.0.cast_signed())
        .bind(written(&session.terms)?)
        .bind(session.begun_ms)
        .bind(session.seen_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn session(&self, token: TokenHash) -> Result<Option<Session>, StoreError> {
        let select = "SELECT id, customer, terms, begun_ms, seen_ms FROM sessions WHERE token = $1";
        let found = query_as(select).bind(token.0.as_slice());
        Ok(found.fetch_optional(&self.pool).await?)
    }

    async fn granted(&self, id: &str) -> Result<Option<Granted>, StoreError> {
        let link = "SELECT id, customer, terms, made_ms, expires_ms, used <> 0 AS used FROM links WHERE id = $1";
        let link = query(link).bind(id).fetch_optional(&self.pool).await?;
        let session = "SELECT id, customer, terms, begun_ms, seen_ms FROM sessions WHERE id = $1";
        let session: Option<Session> = query_as(session)
            .bind(id)
            .fetch_optional(&self.pool)
            .await?;
        let Some(row) = link else {
            return Ok(session.map(|session| Granted {
                customer: session.customer,
                terms: session.terms.clone(),
                made_ms: session.begun_ms,
                opens_until_ms: None,
                session: Some(session),
            }));
        };
        let unopened = Granted::unopened(&Link::from_row(&row)?);
        let used: bool = row.try_get("used")?;
        Ok(Some(Granted {
            opens_until_ms: unopened.opens_until_ms.filter(|_| !used),
            session,
            ..unopened
        }))
    }

    async fn revoke(&self, id: &str) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        let link = query("DELETE FROM links WHERE id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        let session = query("DELETE FROM sessions WHERE id = $1")
            .bind(id)
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(link.rows_affected() + session.rows_affected() > 0)
    }

    async fn touch_session(&self, token: TokenHash, now_ms: i64) -> Result<(), StoreError> {
        query("UPDATE sessions SET seen_ms = $1 WHERE token = $2")
            .bind(now_ms)
            .bind(token.0.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn end_session(&self, token: TokenHash) -> Result<(), StoreError> {
        query("DELETE FROM sessions WHERE token = $1")
            .bind(token.0.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(())
    }

    async fn end_other_sessions(
        &self,
        customer: CustomerId,
        keep: TokenHash,
    ) -> Result<u64, StoreError> {
        let ended = query("DELETE FROM sessions WHERE customer = $1 AND token <> $2")
            .bind(customer.0.cast_signed())
            .bind(keep.0.as_slice())
            .execute(&self.pool)
            .await?;
        Ok(ended.rows_affected())
    }

    async fn add_bearer(
        &self,
        token: TokenHash,
        bearer: &Bearer,
        others_until_ms: i64,
    ) -> Result<bool, StoreError> {
        let mut transaction = self.pool.begin().await?;
        query("UPDATE bearer_tokens SET expires_ms = least(expires_ms, $1) WHERE session = $2")
            .bind(others_until_ms)
            .bind(bearer.session.0.as_slice())
            .execute(&mut *transaction)
            .await?;
        let added = query(
            "INSERT INTO bearer_tokens (token, session, origin, expires_ms) \
             SELECT $1, token, $2, $3 FROM sessions WHERE token = $4",
        )
        .bind(token.0.as_slice())
        .bind(&bearer.origin)
        .bind(bearer.expires_ms)
        .bind(bearer.session.0.as_slice())
        .execute(&mut *transaction)
        .await?;
        transaction.commit().await?;
        Ok(added.rows_affected() == 1)
    }

    async fn bearer(&self, token: TokenHash) -> Result<Option<Bearer>, StoreError> {
        let select = "SELECT session, origin, expires_ms FROM bearer_tokens WHERE token = $1";
        let found = query_as(select).bind(token.0.as_slice());
        Ok(found.fetch_optional(&self.pool).await?)
    }

    async fn sweep(&self, before: Sweep) -> Result<(), StoreError> {
        query("DELETE FROM sessions WHERE seen_ms < $1 OR begun_ms < $2")
            .bind(before.seen_before_ms)
            .bind(before.begun_before_ms)
            .execute(&self.pool)
            .await?;
        query(
            "DELETE FROM links WHERE expires_ms < $1 \
             AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.id = links.id)",
        )
        .bind(before.links_before_ms)
        .execute(&self.pool)
        .await?;
        query("DELETE FROM one_click_links WHERE expires_ms < $1")
            .bind(before.links_before_ms)
            .execute(&self.pool)
            .await?;
        query("DELETE FROM bearer_tokens WHERE expires_ms <= $1")
            .bind(before.now_ms)
            .execute(&self.pool)
            .await?;
        query("DELETE FROM logins WHERE expires_ms <= $1")
            .bind(before.now_ms)
            .execute(&self.pool)
            .await?;
        query("DELETE FROM changes WHERE outcome IS NOT NULL AND begun_ms < $1")
            .bind(before.changes_before_ms)
            .execute(&self.pool)
            .await?;
        self.trim_journal(before.now_ms).await?;
        Ok(())
    }

    async fn end_all(&self) -> Result<(), StoreError> {
        let mut transaction = self.pool.begin().await?;
        query("DELETE FROM links")
            .execute(&mut *transaction)
            .await?;
        query("DELETE FROM logins")
            .execute(&mut *transaction)
            .await?;
        query("DELETE FROM sessions")
            .execute(&mut *transaction)
            .await?;
        transaction.commit().await?;
        Ok(())
    }

    async fn latest_ms(&self) -> Result<i64, StoreError> {
        let latest = query_scalar(
            "SELECT greatest(coalesce((SELECT max(seen_ms) FROM sessions), 0), \
             coalesce((SELECT max(made_ms) FROM links), 0))",
        );
        Ok(latest.fetch_one(&self.pool).await?)
    }

    async fn close(&self) {
        PostgresStore::close(self).await;
    }

    async fn ping(&self) -> Result<(), StoreError> {
        query(
            "INSERT INTO settings (name, value) VALUES ('probe', '') \
             ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        )
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}
