-- The mode of the portal whose database this is. One that was used before there were modes is live.
CREATE TABLE mode (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    name TEXT NOT NULL
) STRICT;

INSERT INTO mode (one, name)
SELECT 1, 'live'
WHERE EXISTS (SELECT 1 FROM links) OR EXISTS (SELECT 1 FROM sessions) OR EXISTS (SELECT 1 FROM changes);
