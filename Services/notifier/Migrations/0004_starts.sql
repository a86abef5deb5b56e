-- When the visit or offered time begins that a message is about, as its event told: nothing is said of a start that was moved away
-- from. Null of other messages.
alter table delivery add column starts timestamptz;
