-- A session has an id, under which the merchant's server reads it back and revokes it, from its link
-- to its end. What it was asked for with is JSON.
ALTER TABLE links ADD COLUMN id TEXT NOT NULL DEFAULT '';

ALTER TABLE links ADD COLUMN terms TEXT NOT NULL DEFAULT '{}';

UPDATE links SET
    id = 'ps_' || lower(hex(randomblob(16))),
    terms = json_object('return_url', return_url);

ALTER TABLE links DROP COLUMN return_url;

CREATE INDEX links_by_id ON links (id);

ALTER TABLE sessions ADD COLUMN id TEXT NOT NULL DEFAULT '';

ALTER TABLE sessions ADD COLUMN terms TEXT NOT NULL DEFAULT '{}';

UPDATE sessions SET
    id = 'ps_' || lower(hex(randomblob(16))),
    terms = json_object('return_url', return_url);

ALTER TABLE sessions DROP COLUMN return_url;

CREATE INDEX sessions_by_id ON sessions (id);
