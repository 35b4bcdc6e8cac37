-- What the server has not answered or confirmed, so that the next run goes on with it.

-- Claims that were given back: `key` is the idempotency key of every attempt, `body` the request.
CREATE TABLE releases (
    seq  INTEGER PRIMARY KEY,
    key  TEXT NOT NULL UNIQUE,
    body TEXT NOT NULL
) STRICT;

-- An escalation counts as escalated only when the server has shown it; until then, whether the duty
-- contact was told by phone decides if it is said on the screen.
ALTER TABLE outbox ADD COLUMN escalates INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN told INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN confirmed_at_ms INTEGER;
CREATE INDEX outbox_unconfirmed ON outbox (seq)
    WHERE escalates = 1 AND state = 'accepted' AND confirmed_at_ms IS NULL;
