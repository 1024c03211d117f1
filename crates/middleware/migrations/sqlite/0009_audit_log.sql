-- The audit log. Each line is JSON, and names the hash of the line before it.
CREATE TABLE audit_log (
    number INTEGER PRIMARY KEY,
    line TEXT NOT NULL
) STRICT;

-- The ends of the chain: 'anchor' is the last line that was pruned, 'head' the last one written.
CREATE TABLE audit_ends (
    name TEXT PRIMARY KEY,
    number INTEGER NOT NULL,
    hash TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO audit_ends (name, number, hash) VALUES ('anchor', 0, printf('%064d', 0)), ('head', 0, printf('%064d', 0));

CREATE TRIGGER audit_lines_stay BEFORE UPDATE ON audit_log BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;

CREATE TRIGGER audit_lines_go_behind_the_anchor BEFORE DELETE ON audit_log
WHEN OLD.number > (SELECT number FROM audit_ends WHERE name = 'anchor') BEGIN
    SELECT raise(ABORT, 'the audit log is append-only');
END;
