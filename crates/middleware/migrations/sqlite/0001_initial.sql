-- The tables of versions before there were migrations; a database of theirs has them already.
-- Times are milliseconds since 1970; ids are the bits of an unsigned number.
CREATE TABLE IF NOT EXISTS links (
    token BLOB PRIMARY KEY,
    customer INTEGER NOT NULL,
    return_url TEXT,
    expires_ms INTEGER NOT NULL,
    used INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS sessions (
    token BLOB PRIMARY KEY,
    customer INTEGER NOT NULL,
    return_url TEXT,
    begun_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS changes (
    customer INTEGER NOT NULL,
    key TEXT NOT NULL,
    intent TEXT NOT NULL,
    evidence TEXT NOT NULL DEFAULT '',
    outcome TEXT,
    begun_ms INTEGER NOT NULL,
    PRIMARY KEY (customer, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS open_changes ON changes (begun_ms) WHERE outcome IS NULL;

CREATE INDEX IF NOT EXISTS finished_changes ON changes (customer, begun_ms) WHERE outcome IS NOT NULL;

CREATE TABLE IF NOT EXISTS facts (
    customer INTEGER NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (customer, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS outbox (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    since_ms INTEGER NOT NULL,
    due_ms INTEGER,
    tries INTEGER NOT NULL DEFAULT 0,
    error TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX IF NOT EXISTS due_jobs ON outbox (due_ms) WHERE due_ms IS NOT NULL;
