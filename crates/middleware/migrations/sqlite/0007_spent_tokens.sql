-- Tokens of other systems that were used: each is good for one sign-on. Only a hash of what names
-- the token is stored, until some time after it has expired.
CREATE TABLE spent_tokens (
    token BLOB PRIMARY KEY,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX spent_tokens_by_expiry ON spent_tokens (expires_ms);
