-- What the streams of an account tell, numbered for each account alone. The number is counted under the row's lock: of two transactions
-- the one with the lower number is seen first, so who resumes behind a number misses nothing. A missing number is a fault.
create table live_cursor (
    account_id uuid primary key,
    last bigint not null
);

create table live_event (
    account_id uuid not null,
    seq bigint not null,
    event_id uuid not null,
    -- What clients call the event.
    name text not null,
    -- What a client is sent, as it was written: json, not jsonb, keeps its bytes.
    body json not null,
    created_at timestamptz not null,
    constraint live_event_pkey primary key (account_id, seq),
    constraint live_event_once unique (account_id, event_id)
);

create index live_event_by_age on live_event (created_at);

-- Whom an event concerns that names no account: a hospital's account, and every administrator. Kept from events.
create table hospital_account (
    hospital_id uuid primary key,
    account_id uuid not null
);

create table administrator (
    account_id uuid primary key
);

-- Those that mails were written to before these tables existed.
insert into hospital_account (hospital_id, account_id)
select distinct on (subject_id) subject_id, account_id from delivery
where kind = 'hospital_approved' and subject_id is not null order by subject_id, created_at desc;

insert into administrator (account_id)
select distinct account_id from delivery where kind in ('hospital_review', 'provider_review');

alter table live_cursor enable row level security;
alter table live_cursor force row level security;
alter table live_event enable row level security;
alter table live_event force row level security;
alter table hospital_account enable row level security;
alter table hospital_account force row level security;
alter table administrator enable row level security;
alter table administrator force row level security;

create policy live_cursor_of_account on live_cursor
    using (account_id = (select praxis_account()) or (select praxis_role()) = 'service');
create policy live_event_of_account on live_event
    using (account_id = (select praxis_account()) or (select praxis_role()) = 'service');
create policy hospital_account_of_service on hospital_account using ((select praxis_role()) = 'service');
create policy administrator_of_service on administrator using ((select praxis_role()) = 'service');
