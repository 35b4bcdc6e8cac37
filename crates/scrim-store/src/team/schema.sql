-- A copy of what the queue server tells of a team's decisions. It can be made anew at any time.
-- day: days since 1970-01-01; of decisions, the one on which the server took it. queue, policy, action, review, standing: rows of names.
-- handle_ms: NULL where it is not told, or where a copy took nobody's time. due: 1 met, 0 missed.
-- counts: it stands and has effect. actions: all of them, languages: those of the item's texts, each as one row of names
-- with a line break between two. reported: somebody reported the item. copied: decided with another.
CREATE TABLE names (id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE decisions (
    n INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, item TEXT NOT NULL,
    day INTEGER NOT NULL, queue INTEGER NOT NULL, policy INTEGER NOT NULL, action INTEGER NOT NULL,
    severity INTEGER NOT NULL, unsure INTEGER NOT NULL, handle_ms INTEGER,
    action_s INTEGER, due INTEGER, counts INTEGER NOT NULL,
    review INTEGER NOT NULL, standing INTEGER NOT NULL, of TEXT, reason TEXT NOT NULL,
    actions INTEGER NOT NULL, languages INTEGER NOT NULL,
    reported INTEGER NOT NULL, copied INTEGER NOT NULL
) STRICT;
-- Everything that groups are made of, as two numbers a decision, so that millions are read quickly (see gather.rs): its
-- group and marks, and its times. After them what records are looked for by.
CREATE INDEX decisions_group ON decisions (
    day,
    (queue << 43) | (policy << 25) | (action << 7) | (min(severity, 7) << 4) | (unsure << 3) | (ifnull(due + 1, 0) << 1) | (action_s IS NOT NULL),
    (ifnull(action_s, 0) << 32) | ifnull(handle_ms, 0),
    queue, policy, action, due
) WHERE counts = 1;
-- The same two, word for word, so that the index has them ready.
CREATE VIEW counted AS SELECT
    day,
    (queue << 43) | (policy << 25) | (action << 7) | (min(severity, 7) << 4) | (unsure << 3) | (ifnull(due + 1, 0) << 1) | (action_s IS NOT NULL) AS marks,
    (ifnull(action_s, 0) << 32) | ifnull(handle_ms, 0) AS times
FROM decisions INDEXED BY decisions_group WHERE counts = 1;
-- Another number with every commit that changes decisions.
CREATE TABLE moment (n INTEGER NOT NULL) STRICT;
INSERT INTO moment VALUES (random());
-- Reviews by day: few among millions.
CREATE INDEX decisions_of ON decisions (day) WHERE of IS NOT NULL;
CREATE TABLE flags (
    decision INTEGER NOT NULL REFERENCES decisions(n), name TEXT NOT NULL, version TEXT NOT NULL,
    PRIMARY KEY (decision, name, version)
) STRICT, WITHOUT ROWID;
-- Groups of days that are not in stale. handle_ms and action_s: 32-bit numbers, smallest byte first.
CREATE TABLE groups (
    day INTEGER NOT NULL, queue INTEGER NOT NULL, policy INTEGER NOT NULL, action INTEGER NOT NULL,
    count INTEGER NOT NULL, unsure INTEGER NOT NULL, is_grave INTEGER NOT NULL,
    handle_ms BLOB NOT NULL, action_s BLOB NOT NULL, due INTEGER NOT NULL, met INTEGER NOT NULL,
    PRIMARY KEY (day, queue, policy, action)
) STRICT, WITHOUT ROWID;
CREATE TABLE stale (day INTEGER PRIMARY KEY) STRICT;
CREATE TABLE not_me (
    day TEXT NOT NULL, queue TEXT NOT NULL, count INTEGER, PRIMARY KEY (day, queue)
) STRICT, WITHOUT ROWID;
-- took_days: of each decided appeal; 32-bit numbers, smallest byte first.
CREATE TABLE appeals (
    day TEXT NOT NULL, queue TEXT NOT NULL, received INTEGER NOT NULL, upheld INTEGER NOT NULL,
    reversed INTEGER NOT NULL, took_days BLOB NOT NULL, PRIMARY KEY (day, queue)
) STRICT, WITHOUT ROWID;
CREATE TABLE kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
