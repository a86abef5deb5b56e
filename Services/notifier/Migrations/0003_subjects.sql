-- What a message is about where that is not its recipient: an id of the service that is asked what it says. Null in rows of
-- before, and in most others.
alter table delivery add column subject_id uuid;
