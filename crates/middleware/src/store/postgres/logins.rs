//! Logins in PostgreSQL.

use async_trait::async_trait;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row, query, query_as};

use super::database::{PostgresStore, json_of, written};
use crate::store::error::StoreError;
use crate::store::logins::{Login, LoginKey, LoginState, Logins};
use crate::store::sessions::{CLOCK_STEP_MS, TokenHash};

impl FromRow<'_, PgRow> for Login {
    fn from_row(row: &PgRow) -> sqlx::Result<Login> {
        Ok(Login {
            id: row.try_get("id")?,
            browser: TokenHash(bytes(row.try_get("browser")?)?),
            code: bytes(row.try_get("code")?)?,
            link: TokenHash(bytes(row.try_get("link")?)?),
            email: row.try_get("email")?,
            terms: json_of(row, "terms")?,
            state: state(row.try_get("state")?)?,
            prover: match row.try_get::<Option<Vec<u8>>, _>("prover")? {
                Some(prover) => Some(TokenHash(bytes(prover)?)),
                None => None,
            },
            tries: count(row.try_get("tries")?)?,
            made_ms: row.try_get("made_ms")?,
            expires_ms: row.try_get("expires_ms")?,
        })
    }
}

fn count(number: i64) -> sqlx::Result<u32> {
    let count = u32::try_from(number);
    count.map_err(|error| sqlx::Error::Decode(error.into()))
}

fn bytes(value: Vec<u8>) -> sqlx::Result<[u8; 32]> {
    let bytes = value.try_into();
    bytes.map_err(|_| sqlx::Error::Decode("a hash of another length".into()))
}

fn state(word: &str) -> sqlx::Result<LoginState> {
    let states = [LoginState::Asked, LoginState::Proven, LoginState::Used];
    let state = states.into_iter().find(|state| state.word() == word);
    state.ok_or_else(|| sqlx::Error::Decode("a state that a login does not have".into()))
}

#[async_trait]
impl Logins for PostgresStore {
    async fn add_login(&self, login: &Login) -> Result<(), StoreError> {
        query(
            "INSERT INTO logins \
             (id, browser, code, link, email, terms, state, made_ms, expires_ms) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
             ON CONFLICT (browser) DO UPDATE SET id = excluded.id, code = excluded.code, \
             link = excluded.link, email = excluded.email, terms = excluded.terms, \
             state = excluded.state, prover = NULL, tries = 0, made_ms = excluded.made_ms, \
             expires_ms = excluded.expires_ms",
        )
        .bind(&login.id)
        .bind(login.browser.0.as_slice())
        .bind(login.code.as_slice())
        .bind(login.link.0.as_slice())
        .bind(&login.email)
        .bind(written(&login.terms)?)
        .bind(login.state.word())
        .bind(login.made_ms)
        .bind(login.expires_ms)
        .execute(&self.pool)
        .await?;
        Ok(())
    }

    async fn login(&self, key: LoginKey) -> Result<Option<Login>, StoreError> {
        let (select, token) = match key {
            LoginKey::Browser(token) => ("SELECT * FROM logins WHERE browser = $1", token),
            LoginKey::Link(token) => ("SELECT * FROM logins WHERE link = $1", token),
            LoginKey::Prover(token) => (
                "SELECT * FROM logins WHERE prover = $1 ORDER BY expires_ms DESC LIMIT 1",
                token,
            ),
        };
        let found = query_as(select).bind(token.0.as_slice());
        Ok(found.fetch_optional(&self.pool).await?)
    }

    async fn count_try(
        &self,
        browser: TokenHash,
        most: u32,
        now_ms: i64,
    ) -> Result<Option<Login>, StoreError> {
        // One statement counts and reads, so that tries at once are no more than those in turn.
        let counted = query_as(
            "UPDATE logins SET tries = tries + 1 \
             WHERE browser = $1 AND state = $2 AND tries < $3 \
             AND expires_ms > $4 AND made_ms <= $4 + $5 RETURNING *",
        )
        .bind(browser.0.as_slice())
        .bind(LoginState::Asked.word())
        .bind(i64::from(most))
        .bind(now_ms)
        .bind(CLOCK_STEP_MS);
        Ok(counted.fetch_optional(&self.pool).await?)
    }

    async fn advance_login(
        &self,
        login: &Login,
        to: LoginState,
        prover: TokenHash,
        expires_ms: i64,
    ) -> Result<bool, StoreError> {
        let moved = query(
            "UPDATE logins SET state = $1, prover = $2, expires_ms = $3 WHERE id = $4 AND state = $5",
        )
        .bind(to.word())
        .bind(prover.0.as_slice())
        .bind(expires_ms)
        .bind(&login.id)
        .bind(login.state.word())
        .execute(&self.pool)
        .await?;
        Ok(moved.rows_affected() == 1)
    }
}
