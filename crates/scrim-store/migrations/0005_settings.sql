-- The moderator's own choice of settings and the last floors that were good, as last written: one
-- row. `sha256` is the body's hash, so that an edit does not go unnoticed.
CREATE TABLE settings (
    one    INTEGER PRIMARY KEY CHECK (one = 1),
    sha256 BLOB NOT NULL,
    body   BLOB NOT NULL
) STRICT;
