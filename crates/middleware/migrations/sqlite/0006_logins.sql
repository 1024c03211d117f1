-- What the login page has asked a customer to prove: that they read an email address. The code is a hash
-- keyed with the browser's token, which is not stored; the link's token is hashed like others.
CREATE TABLE logins (
    id TEXT PRIMARY KEY,
    browser BLOB NOT NULL,
    code BLOB NOT NULL,
    link BLOB NOT NULL,
    email TEXT NOT NULL,
    terms TEXT NOT NULL,
    state TEXT NOT NULL,
    prover BLOB,
    tries INTEGER NOT NULL DEFAULT 0,
    made_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX logins_by_browser ON logins (browser);

CREATE UNIQUE INDEX logins_by_link ON logins (link);

CREATE INDEX logins_by_prover ON logins (prover) WHERE prover IS NOT NULL;

CREATE INDEX logins_by_age ON logins (expires_ms);
