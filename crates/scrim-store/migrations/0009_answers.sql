-- What became of decisions after the server's answer.

-- A conflict that was dealt with: 'seen', 'lead' (told to the lead) or 'replaced' (decided anew).
ALTER TABLE outbox ADD COLUMN noted TEXT;

-- Key and place of the call in which a decision was last sent together with others; a key without a
-- place is its own, after a refusal; both are NULL if it goes alone under its id.
ALTER TABLE outbox ADD COLUMN sent_key TEXT;
ALTER TABLE outbox ADD COLUMN sent_place INTEGER;

-- Requests to undo a decision that was sent. `key` is the idempotency key of every attempt.
CREATE TABLE reverts (
    decision_id TEXT PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'refused', 'moot', 'elsewhere')),
    code        TEXT,
    noted       TEXT,
    at_ms       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
