-- Of what lasts: whether it could be heard, the stretches of its time line that were played ("0-1000 2000-2500",
-- milliseconds, half-open), and the weakest cover that lay over it; NULL is none.
ALTER TABLE view_intervals ADD COLUMN sound INTEGER NOT NULL DEFAULT 0;
ALTER TABLE view_intervals ADD COLUMN played TEXT;
ALTER TABLE view_intervals ADD COLUMN cover TEXT;
