-- What of a picture was on the screen in a reveal: 256 hex digits of a 32 x 32 grid, row by row; NULL
-- where the window did not say. `place` is where it was shown; NULL is the main view.
ALTER TABLE view_intervals ADD COLUMN area TEXT;
ALTER TABLE view_intervals ADD COLUMN place TEXT;
