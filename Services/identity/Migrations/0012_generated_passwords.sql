-- Whether an account still has the password that was made for its owner, who may have to choose another one first. Of accounts
-- that are there already nobody knows whether it was changed: they are asked for nothing.
alter table account add column password_generated boolean not null default false;
