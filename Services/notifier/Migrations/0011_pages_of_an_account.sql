-- The primary key begins with the account: beside an ordered index of ids alone, the planner could take an account's page, newest first, for
-- a walk through that one which leaves out everybody else's messages.
alter table inbox_message drop constraint inbox_message_pkey,
    add constraint inbox_message_pkey primary key (account_id, message_id);
drop index inbox_message_of_account;
