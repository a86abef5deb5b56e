-- Each change leaves an access row of its own: one row for a thing and ten minutes is kept of readings and refusals alone. Rows of changes
-- have no slot, and rows without one are never equal.
alter table access_row alter column slot drop not null;
