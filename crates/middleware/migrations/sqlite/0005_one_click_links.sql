-- Links that make one change when a button is pressed. The change is kept with the key under which the
-- journal carries it out once.
CREATE TABLE one_click_links (
    token BLOB PRIMARY KEY,
    id TEXT NOT NULL,
    customer INTEGER NOT NULL,
    change TEXT NOT NULL,
    key TEXT NOT NULL,
    terms TEXT NOT NULL,
    made_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    done_ms INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX one_click_links_by_expiry ON one_click_links (expires_ms);
