-- Holds, their ends and reports are entries of the chain and nothing else: a table beside it could be changed without
-- the chain telling. This finds those of one record.
CREATE INDEX journal_of_keeping ON journal (subject, seq)
    WHERE kind IN ('hold', 'lifted', 'reported');
