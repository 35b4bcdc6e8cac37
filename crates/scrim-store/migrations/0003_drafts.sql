-- What a moderator chose and wrote for items that are not decided yet. Goes with the decision.
CREATE TABLE drafts (
    item_id TEXT PRIMARY KEY,
    version TEXT NOT NULL,
    at_ms   INTEGER NOT NULL,
    body    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
