-- Why a whole picture of the gravest severity was opened; NULL where no reason is asked.
ALTER TABLE view_intervals ADD COLUMN reason TEXT;
