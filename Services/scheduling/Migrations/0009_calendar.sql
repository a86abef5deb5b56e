-- The secret address of an account's calendar, kept as a digest; a new one ends the old.
create table calendar_token (
    account_id uuid primary key,
    token_hash bytea not null constraint calendar_token_hash_key unique,
    -- The account's role, in whose name its visits are shown.
    role text not null,
    created_at timestamptz not null
);

alter table calendar_token enable row level security;
alter table calendar_token force row level security;

create policy calendar_token_of_account on calendar_token
    using (account_id = (select praxis_account()) or (select praxis_role()) = 'service');
