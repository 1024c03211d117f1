-- What the store itself needs, such as the key of its hashes.
CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Secrets in the intents of before are replaced at the next start, by their hashes, which needs
-- the key; and the file is written anew, so that no free page holds one either.
INSERT INTO settings (name, value) VALUES ('scrub', x'');

-- What readiness writes and takes back.
CREATE TABLE probes (pad BLOB NOT NULL) STRICT;

-- A link is not good before it was made: then the clock was set back.
ALTER TABLE links ADD COLUMN made_ms INTEGER NOT NULL DEFAULT 0;

-- Which start of the program an open change belongs to, and how large a finished one is.
ALTER TABLE changes ADD COLUMN holder TEXT NOT NULL DEFAULT '';
ALTER TABLE changes ADD COLUMN finished_ms INTEGER;
ALTER TABLE changes ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;

UPDATE changes
SET finished_ms = begun_ms,
    bytes = length(CAST(intent || evidence || outcome AS BLOB))
WHERE outcome IS NOT NULL;

CREATE INDEX sizes_of_changes ON changes (finished_ms, bytes) WHERE outcome IS NOT NULL;
