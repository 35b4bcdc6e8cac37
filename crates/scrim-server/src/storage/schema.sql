-- Times are milliseconds since the Unix epoch, UTC. JSON columns hold the wire's own types.
CREATE TABLE IF NOT EXISTS users (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, roles TEXT NOT NULL, languages TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tokens (
    sha256 BLOB PRIMARY KEY, user_id TEXT NOT NULL REFERENCES users(id),
    added_at INTEGER NOT NULL, revoked_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS queues (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, classes TEXT NOT NULL, sla_s INTEGER
) STRICT;
CREATE TABLE IF NOT EXISTS policies (
    version INTEGER PRIMARY KEY, tree TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;

-- rank: 0 priority 1, 1 exact hit on a known list, then the priority itself.
-- author: as in the body. escalated_to: the target, while state is escalated.
-- draft: what the last one who handed the item over had made; never with a person.
-- claim_id, claimed_until: the newest claim and its end; NULL when it was given back or used.
CREATE TABLE IF NOT EXISTS items (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, queue_id TEXT NOT NULL REFERENCES queues(id), body TEXT NOT NULL,
    content_sha256 BLOB NOT NULL, version INTEGER NOT NULL,
    rank INTEGER NOT NULL, priority INTEGER NOT NULL, due_at INTEGER NOT NULL, aged_at INTEGER NOT NULL,
    severity_hint INTEGER NOT NULL, classes TEXT NOT NULL, languages TEXT NOT NULL, appeal_of TEXT,
    state TEXT NOT NULL CHECK (state IN ('open','awaiting_second','decided','escalated','withdrawn')),
    fence INTEGER NOT NULL DEFAULT 0, claim_id TEXT, claimed_until INTEGER, withdrawn_at INTEGER,
    author TEXT, escalated_to TEXT, draft TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS items_order ON items (rank, priority, due_at, aged_at, seq)
    WHERE state IN ('open','awaiting_second','escalated');
CREATE INDEX IF NOT EXISTS items_appeal ON items (appeal_of) WHERE appeal_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS items_queue ON items (queue_id, state);
CREATE TABLE IF NOT EXISTS media (
    item_id TEXT NOT NULL REFERENCES items(id), n INTEGER NOT NULL, mime TEXT NOT NULL,
    sha256 BLOB NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (item_id, n)
) STRICT;
-- Smaller versions of media, where whoever filed the item gave one.
CREATE TABLE IF NOT EXISTS covers (
    item_id TEXT NOT NULL REFERENCES items(id), n INTEGER NOT NULL,
    sha256 BLOB NOT NULL, bytes BLOB NOT NULL, PRIMARY KEY (item_id, n)
) STRICT;

-- task: what is reviewed without effect under it; NULL for a claim of the item as such.
CREATE TABLE IF NOT EXISTS claims (
    id TEXT PRIMARY KEY, item_id TEXT NOT NULL REFERENCES items(id),
    user_id TEXT NOT NULL, role TEXT NOT NULL, fence INTEGER NOT NULL,
    granted_at INTEGER NOT NULL, expires_at INTEGER NOT NULL, offline_until INTEGER NOT NULL,
    ended_at INTEGER, ended_by TEXT, task INTEGER
) STRICT;
CREATE INDEX IF NOT EXISTS claims_user ON claims (user_id) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS claims_item ON claims (item_id) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS claims_held ON claims (item_id, user_id);
-- "Not me": no time, no reason, never read but when claiming.
CREATE TABLE IF NOT EXISTS exclusions (
    item_id TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (item_id, user_id)
) STRICT, WITHOUT ROWID;

-- "Aimed at me": that author's items do not come to this person. The notice names the item alone.
CREATE TABLE IF NOT EXISTS author_exclusions (
    author TEXT NOT NULL, user_id TEXT NOT NULL, PRIMARY KEY (author, user_id)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS safety_notices (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT, item_id TEXT NOT NULL
) STRICT;

-- state: standing, interim (a second person has not decided), superseded, reverted.
-- review: why the item was decided. team_id: what team reads call the decision; random, because the
-- desk's own id tells the millisecond. facts: `TeamFacts` as it was when the decision came in.
CREATE TABLE IF NOT EXISTS decisions (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE, item_id TEXT NOT NULL REFERENCES items(id),
    user_id TEXT NOT NULL, role TEXT NOT NULL, body TEXT NOT NULL,
    receipt TEXT NOT NULL, at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('standing','interim','superseded','reverted')),
    training INTEGER NOT NULL DEFAULT 0, review TEXT NOT NULL DEFAULT 'first',
    team_id TEXT NOT NULL DEFAULT '', facts TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX IF NOT EXISTS decisions_item ON decisions (item_id);
CREATE INDEX IF NOT EXISTS decisions_user ON decisions (user_id, cursor);
CREATE INDEX IF NOT EXISTS decisions_at ON decisions (at);
CREATE UNIQUE INDEX IF NOT EXISTS decisions_team ON decisions (team_id);
-- Decisions that count for their item. Reviews without effect never do.
CREATE VIEW IF NOT EXISTS counting AS SELECT * FROM decisions
    WHERE state IN ('standing','interim') AND review NOT IN ('sample','practice');
-- Decisions that came, or came to stand otherwise, on this day (since the Unix epoch, UTC), and that
-- the team is not told of yet.
CREATE TABLE IF NOT EXISTS team_waiting (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL UNIQUE REFERENCES decisions(id),
    day INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS team_waiting_day ON team_waiting (day);
-- What team reads go through: each decision as it was last told. handle_ms, action_s, is_met: of the
-- group of decisions that were told with it, in no order; NULL where none is told.
CREATE TABLE IF NOT EXISTS team_told (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL UNIQUE REFERENCES decisions(id),
    state TEXT NOT NULL, handle_ms INTEGER, action_s INTEGER, is_met INTEGER
) STRICT;
-- What was told at once begins at `first`; a database that was put back has other marks. It was of
-- days before `before`.
CREATE TABLE IF NOT EXISTS team_batches (
    first INTEGER PRIMARY KEY, mark TEXT NOT NULL, before INTEGER NOT NULL
) STRICT;
-- "Not me", counted by day and queue; people: how many different ones. No item and no person.
CREATE TABLE IF NOT EXISTS not_me_days (
    day INTEGER NOT NULL, queue_id TEXT NOT NULL, count INTEGER NOT NULL,
    people INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (day, queue_id)
) STRICT, WITHOUT ROWID;
-- Who they were, for as long as the day lasts; no item.
CREATE TABLE IF NOT EXISTS not_me_people (
    day INTEGER NOT NULL, queue_id TEXT NOT NULL, user_id TEXT NOT NULL,
    PRIMARY KEY (day, queue_id, user_id)
) STRICT, WITHOUT ROWID;
-- Second reviews that leads asked for. A task is one thing to review without effect: decision_id is
-- reviewed; NULL: practice on a known-answer item. closed: what was to be reviewed does not stand
-- any more. review_id: the decision that is the review.
CREATE TABLE IF NOT EXISTS samples (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, drawing TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS tasks (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, sample_id TEXT NOT NULL REFERENCES samples(id),
    item_id TEXT NOT NULL REFERENCES items(id), decision_id TEXT UNIQUE REFERENCES decisions(id),
    drawn_at INTEGER NOT NULL, due_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open','done','closed')),
    review_id TEXT REFERENCES decisions(id), differs INTEGER
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS tasks_open ON tasks (item_id) WHERE state = 'open';
CREATE INDEX IF NOT EXISTS tasks_sample ON tasks (sample_id);
CREATE INDEX IF NOT EXISTS tasks_review ON tasks (review_id);
CREATE TABLE IF NOT EXISTS outcomes (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT, decision_id TEXT NOT NULL, body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS acknowledged (
    one INTEGER PRIMARY KEY CHECK (one = 1), up_to INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS answers (
    user_id TEXT NOT NULL, route TEXT NOT NULL, key TEXT NOT NULL,
    body_sha256 BLOB NOT NULL, answer TEXT NOT NULL, at INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (user_id, route, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS answers_at ON answers (route, at);

CREATE TABLE IF NOT EXISTS reverts (
    decision_id TEXT PRIMARY KEY, role TEXT NOT NULL, reason TEXT NOT NULL,
    receipt TEXT NOT NULL, at INTEGER NOT NULL
) STRICT;
-- What a decision's item was looked at, in milliseconds; decided_at is on the server's clock.
CREATE TABLE IF NOT EXISTS view_totals (
    decision_id TEXT PRIMARY KEY, user_id TEXT NOT NULL, desk TEXT, queue_id TEXT NOT NULL,
    decided_at INTEGER NOT NULL, severity INTEGER NOT NULL, ms_covered INTEGER NOT NULL,
    ms_lens INTEGER NOT NULL, ms_clear INTEGER NOT NULL, training INTEGER NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS view_totals_user ON view_totals (user_id, decided_at);
CREATE INDEX IF NOT EXISTS view_totals_day ON view_totals (decided_at);
-- A week's answer, worked out once.
CREATE TABLE IF NOT EXISTS exposure_weeks (
    week_from INTEGER PRIMARY KEY, body TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS chain_heads (
    user_id TEXT NOT NULL, desk TEXT NOT NULL, entries INTEGER NOT NULL, hash TEXT NOT NULL,
    PRIMARY KEY (user_id, desk)
) STRICT, WITHOUT ROWID;
-- floor, lead, safety_contact: JSON. pruned_at: when old answers were last deleted.
CREATE TABLE IF NOT EXISTS kept (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

-- Questions to colleagues; emptied when the item is withdrawn. A look is a row of consult_claims.
CREATE TABLE IF NOT EXISTS consults (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    item_id TEXT NOT NULL REFERENCES items(id), asker TEXT NOT NULL,
    to_role TEXT, to_user TEXT, question TEXT NOT NULL, asked_at INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open','answered','closed')), answer TEXT, by_role TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS consults_item ON consults (item_id);
CREATE INDEX IF NOT EXISTS consults_open ON consults (seq) WHERE state = 'open';
CREATE TABLE IF NOT EXISTS consult_claims (
    id TEXT PRIMARY KEY, consult_id TEXT NOT NULL REFERENCES consults(id),
    user_id TEXT NOT NULL, opened_at INTEGER NOT NULL, expires_at INTEGER NOT NULL
) STRICT;
-- Training: what a decision on the item is expected to find.
CREATE TABLE IF NOT EXISTS feedback (
    item_id TEXT PRIMARY KEY REFERENCES items(id), body TEXT NOT NULL
) STRICT;
