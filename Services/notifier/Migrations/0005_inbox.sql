-- What an account finds in its inbox: ids, kinds and times. The sentences are the kind's, in no one's name.
create table inbox_message (
    message_id uuid primary key,
    account_id uuid not null,
    event_id uuid not null,
    kind text not null,
    subject_id uuid,
    -- When what it is about begins, where it has a time.
    starts timestamptz,
    created_at timestamptz not null,
    read_at timestamptz,
    constraint inbox_message_once unique (event_id, account_id, kind)
);

create index inbox_message_of_account on inbox_message (account_id, message_id desc);
create index inbox_message_unread on inbox_message (account_id, message_id desc) where read_at is null;
create index inbox_message_by_age on inbox_message (created_at);

alter table inbox_message enable row level security;
alter table inbox_message force row level security;

create policy inbox_message_of_account on inbox_message
    using (account_id = (select praxis_account()) or (select praxis_role()) = 'service');
