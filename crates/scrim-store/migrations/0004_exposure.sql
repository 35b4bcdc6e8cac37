-- Exposure and what serving depends on, as last written: one row. `body` is the ledger's own form,
-- `sha256` its hash; the clocks are those of that moment.
CREATE TABLE exposure (
    one     INTEGER PRIMARY KEY CHECK (one = 1),
    desk_id TEXT NOT NULL,
    boot_id TEXT NOT NULL,
    boot_ms INTEGER NOT NULL,
    sha256  BLOB NOT NULL,
    body    BLOB NOT NULL
) STRICT;

-- The same by local day, so that a damaged body cannot go unnoticed. Weighted time in sixteenths of
-- a millisecond; both figures hold the other desks' share.
CREATE TABLE exposure_days (
    desk_id         TEXT NOT NULL,
    day             INTEGER NOT NULL,
    date            TEXT NOT NULL,
    weighted        INTEGER NOT NULL,
    severe_clear_ms INTEGER NOT NULL,
    PRIMARY KEY (desk_id, day)
) STRICT, WITHOUT ROWID;
