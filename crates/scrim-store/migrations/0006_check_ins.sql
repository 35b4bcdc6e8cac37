-- What a moderator answered before and after work. Health data: in a table of its own, with nothing
-- in it that another table has, in no export, and forgotten by `date`, the local day (days since
-- 1970-01-01).
CREATE TABLE check_ins (
    id      INTEGER PRIMARY KEY,
    date    INTEGER NOT NULL,
    at_ms   INTEGER NOT NULL,
    moment  TEXT NOT NULL CHECK (moment IN ('before', 'after')),
    answer  INTEGER NOT NULL CHECK (answer BETWEEN 1 AND 5),
    go_easy INTEGER NOT NULL
) STRICT;

-- The last day on which it was asked, answered or passed over alike, so that it is not asked again.
CREATE TABLE check_in_asked (
    moment TEXT PRIMARY KEY CHECK (moment IN ('before', 'after')),
    date   INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
