-- The tables of the SQLite schema, so that `perennial migrate` copies rows as they are. Times are milliseconds
-- since 1970; ids are the bits of an unsigned number; a flag is 0 or 1.
CREATE TABLE links (
    token BYTEA PRIMARY KEY,
    id TEXT NOT NULL,
    customer BIGINT NOT NULL,
    terms TEXT NOT NULL,
    made_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    used BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX links_by_id ON links (id);

CREATE TABLE sessions (
    token BYTEA PRIMARY KEY,
    id TEXT NOT NULL,
    customer BIGINT NOT NULL,
    terms TEXT NOT NULL,
    begun_ms BIGINT NOT NULL,
    seen_ms BIGINT NOT NULL
);

CREATE INDEX sessions_by_id ON sessions (id);

CREATE TABLE bearer_tokens (
    token BYTEA PRIMARY KEY,
    session BYTEA NOT NULL REFERENCES sessions (token) ON DELETE CASCADE,
    origin TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);

CREATE INDEX bearer_tokens_of_sessions ON bearer_tokens (session);

CREATE TABLE changes (
    customer BIGINT NOT NULL,
    key TEXT NOT NULL,
    intent TEXT NOT NULL,
    evidence TEXT NOT NULL DEFAULT '',
    outcome TEXT,
    begun_ms BIGINT NOT NULL,
    holder TEXT NOT NULL DEFAULT '',
    finished_ms BIGINT,
    bytes BIGINT NOT NULL DEFAULT 0,
    actor TEXT NOT NULL DEFAULT 'customer',
    PRIMARY KEY (customer, key)
);

CREATE INDEX open_changes ON changes (begun_ms) WHERE outcome IS NULL;

CREATE INDEX finished_changes ON changes (customer, begun_ms) WHERE outcome IS NOT NULL;

CREATE INDEX sizes_of_changes ON changes (finished_ms, bytes) WHERE outcome IS NOT NULL;

CREATE TABLE facts (
    customer BIGINT NOT NULL,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (customer, name)
);

CREATE TABLE outbox (
    id TEXT PRIMARY KEY,
    job TEXT NOT NULL,
    since_ms BIGINT NOT NULL,
    due_ms BIGINT,
    tries BIGINT NOT NULL DEFAULT 0,
    error TEXT
);

CREATE INDEX due_jobs ON outbox (due_ms) WHERE due_ms IS NOT NULL;

CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value BYTEA NOT NULL
);

CREATE TABLE one_click_links (
    token BYTEA PRIMARY KEY,
    id TEXT NOT NULL,
    customer BIGINT NOT NULL,
    change TEXT NOT NULL,
    key TEXT NOT NULL,
    terms TEXT NOT NULL,
    made_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL,
    done_ms BIGINT
);

CREATE INDEX one_click_links_by_expiry ON one_click_links (expires_ms);

CREATE TABLE logins (
    id TEXT PRIMARY KEY,
    browser BYTEA NOT NULL UNIQUE,
    code BYTEA NOT NULL,
    link BYTEA NOT NULL UNIQUE,
    email TEXT NOT NULL,
    terms TEXT NOT NULL,
    state TEXT NOT NULL,
    prover BYTEA,
    tries BIGINT NOT NULL DEFAULT 0,
    made_ms BIGINT NOT NULL,
    expires_ms BIGINT NOT NULL
);

CREATE INDEX logins_by_prover ON logins (prover) WHERE prover IS NOT NULL;

CREATE INDEX logins_by_age ON logins (expires_ms);

CREATE TABLE spent_tokens (
    token BYTEA PRIMARY KEY,
    expires_ms BIGINT NOT NULL
);

CREATE INDEX spent_tokens_by_expiry ON spent_tokens (expires_ms);

CREATE TABLE audit_log (
    number BIGINT PRIMARY KEY,
    line TEXT NOT NULL
);

CREATE TABLE audit_ends (
    name TEXT PRIMARY KEY,
    number BIGINT NOT NULL,
    hash TEXT NOT NULL
);

INSERT INTO audit_ends (name, number, hash) VALUES ('anchor', 0, repeat('0', 64)), ('head', 0, repeat('0', 64));

CREATE FUNCTION audit_lines_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND OLD.number <= (SELECT number FROM audit_ends WHERE name = 'anchor') THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'the audit log is append-only';
END
$$;

CREATE TRIGGER audit_lines_stay BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_lines_stay();

CREATE TABLE funnel_steps (
    flow TEXT NOT NULL,
    step TEXT NOT NULL,
    detail TEXT NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (flow, step)
);

CREATE INDEX funnel_steps_by_day ON funnel_steps (day);

CREATE TABLE mode (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL
);

CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    customer BIGINT,
    object BIGINT NOT NULL,
    facts TEXT NOT NULL,
    at_ms BIGINT NOT NULL,
    received_ms BIGINT NOT NULL,
    handled BIGINT NOT NULL DEFAULT 0
);

CREATE INDEX waiting_reports ON reports (received_ms) WHERE handled = 0;

CREATE INDEX reports_by_age ON reports (received_ms);

CREATE INDEX reports_by_object ON reports (object, at_ms);

CREATE TABLE reported_subscriptions (
    id BIGINT PRIMARY KEY,
    facts TEXT NOT NULL
);
