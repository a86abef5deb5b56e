-- How an account wants to be told. Without a row, and where a column is null, it is as usual.
create table preference (
    account_id uuid primary key,
    timezone text not null default 'UTC',
    quiet_from time,
    quiet_to time,
    -- The ways of each kind, in the order in which they are tried: in_app, email, sms.
    appointment text[],
    reminder text[],
    prescription text[],
    waitlist text[],
    access text[],
    product text[],
    version bigint not null default 0,
    updated_at timestamptz not null,
    constraint preference_quiet_whole check (
        (quiet_from is null and quiet_to is null) or (quiet_from is not null and quiet_to is not null and quiet_from <> quiet_to))
);

alter table preference enable row level security;
alter table preference force row level security;

create policy preference_of_account on preference
    using (account_id = (select praxis_account()) or (select praxis_role()) = 'service');

-- The channels to be tried, in their order, when this one fails for good.
alter table delivery add column next_channels text[] not null default '{}';
