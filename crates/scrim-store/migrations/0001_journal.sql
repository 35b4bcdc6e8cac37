-- One entry per fact, chained by hash. Columns beside `header` repeat it for look-up; `verify`
-- compares them with it.
CREATE TABLE journal (
    seq      INTEGER PRIMARY KEY,
    entry_id TEXT NOT NULL UNIQUE,
    kind     TEXT NOT NULL,
    subject  TEXT,
    header   TEXT NOT NULL,
    hash     TEXT NOT NULL
) STRICT;

-- What the headers vouch for by salted hash. Erasing deletes a row; the chain stays whole.
CREATE TABLE parts (
    seq  INTEGER NOT NULL REFERENCES journal (seq),
    name TEXT NOT NULL,
    salt BLOB NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (seq, name)
) STRICT, WITHOUT ROWID;

-- How every decision stands on its way to the server. `seq` is the decision's journal entry.
CREATE TABLE outbox (
    seq             INTEGER PRIMARY KEY REFERENCES journal (seq),
    decision_id     TEXT NOT NULL UNIQUE,
    item_id         TEXT NOT NULL,
    decided_at_ms   INTEGER NOT NULL,
    urgent          INTEGER NOT NULL,
    state           TEXT NOT NULL CHECK (state IN
        ('held', 'waiting', 'in_flight', 'accepted', 'overtaken', 'parked', 'withdrawn')),
    attempts        INTEGER NOT NULL DEFAULT 0,
    settled_at_ms   INTEGER,
    receipt         TEXT,
    awaiting_second INTEGER NOT NULL DEFAULT 0,
    by_role         TEXT,
    outcome         TEXT,
    code            TEXT,
    path            TEXT
) STRICT;
CREATE INDEX outbox_by_time ON outbox (decided_at_ms, seq);
CREATE INDEX outbox_pending ON outbox (item_id, seq) WHERE state IN ('held', 'waiting', 'in_flight');
CREATE INDEX outbox_conflicts ON outbox (seq) WHERE state IN ('overtaken', 'parked');

-- The view log. `duration_ms` is NULL while a reveal is open, and stays NULL after a crash: unknown.
CREATE TABLE view_intervals (
    reveal_id    TEXT PRIMARY KEY,
    item_id      TEXT NOT NULL,
    part         TEXT NOT NULL,
    mode         TEXT NOT NULL,
    opened_at_ms INTEGER NOT NULL,
    duration_ms  INTEGER,
    shown        INTEGER NOT NULL,
    colour       INTEGER NOT NULL,
    decision_id  TEXT
) STRICT;
CREATE INDEX view_intervals_by_item ON view_intervals (item_id, opened_at_ms);

-- Small values that must survive a restart: break timer, last session, policies.
CREATE TABLE saved (
    key   TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- Claims held by this run, so that the next one can give them back. Ids only.
CREATE TABLE claims (
    claim_id TEXT PRIMARY KEY,
    item_id  TEXT NOT NULL
) STRICT, WITHOUT ROWID;
