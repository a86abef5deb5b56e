-- What is counted of events on their way to hooks: those that wait or were given up, and those settled lately.
create index hook_delivery_open on hook_delivery (hook_id, state) where state in ('waiting', 'failed');
create index hook_delivery_settled on hook_delivery (settled_at) where settled_at is not null;
create index hook_failing on hook (failing_since) where failing_since is not null;

-- Accounts that are let in no more, until they are again: hooks of theirs, however late these were made, get nothing.
create table shut_account (
    account_id uuid primary key
);

insert into shut_account (account_id) select distinct owner_account from hook where disabled_reason = 'account';

alter table shut_account enable row level security;
alter table shut_account force row level security;
create policy shut_account_of_service on shut_account using ((select praxis_role()) = 'service');
