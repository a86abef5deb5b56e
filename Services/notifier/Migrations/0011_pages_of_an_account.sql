-- The primary key begins with the account: beside an ordered index of ids alone, the planner could take an account's page, newest first, for
-- a walk through that one which leaves out everybody else's messages.
alter table inbox_message drop constraint inbox_message_pkey,
    add constraint inbox_message_pkey primary key (account_id, message_id);
drop index inbox_message_of_account;

-- Nor may a hook's failed deliveries be looked for among those of all hooks by their age, which only their deletion asks for.
drop index hook_delivery_by_age;
create index hook_delivery_by_age on hook_delivery using brin (created_at) with (pages_per_range = 32, autosummarize = on);
