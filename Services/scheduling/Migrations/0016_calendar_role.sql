-- Whose visits a feed shows follows from the account alone: no copy writes the role or reads it any more.
alter table calendar_token drop column role;
