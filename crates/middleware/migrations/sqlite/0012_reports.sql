-- What Recharge has reported by webhooks, until it cannot be repeated any more: an id that repeats have
-- too, and the facts from which the history of a subscription is told.
CREATE TABLE reports (
    id TEXT PRIMARY KEY,
    topic TEXT NOT NULL,
    customer INTEGER,
    object INTEGER NOT NULL,
    facts TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    received_ms INTEGER NOT NULL,
    handled INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX waiting_reports ON reports (received_ms) WHERE handled = 0;

CREATE INDEX reports_by_age ON reports (received_ms);

CREATE INDEX reports_by_object ON reports (object, at_ms);

-- How each subscription was when it was last reported.
CREATE TABLE reported_subscriptions (
    id INTEGER PRIMARY KEY,
    facts TEXT NOT NULL
) STRICT;
