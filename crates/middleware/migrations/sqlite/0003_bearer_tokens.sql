-- What pages of other origins send in place of the cookie. Each is for one origin and good for minutes.
-- The session of such a page has a token that nobody was given, so no cookie opens it.
CREATE TABLE bearer_tokens (
    token BLOB PRIMARY KEY,
    session BLOB NOT NULL REFERENCES sessions (token) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX bearer_tokens_of_sessions ON bearer_tokens (session);
