-- Tickets by which an EventSource of a browser opens streams: it can send no header. Of a ticket its SHA-256 is kept.
create table live_ticket (
    ticket_hash bytea primary key,
    account_id uuid not null,
    session_id uuid not null,
    -- How often a stream was opened by it: the latest ends the one before, in whatever process that is.
    openings bigint not null default 0,
    expires_at timestamptz not null
);

create index live_ticket_of_session on live_ticket (session_id);
create index live_ticket_by_age on live_ticket (expires_at);

-- Sessions that ended: none opens a stream any more, and those open end. Kept longer than any ticket, token or stream lives.
create table ended_session (
    session_id uuid primary key,
    ended_at timestamptz not null
);

create index ended_session_by_age on ended_session (ended_at);

alter table live_ticket enable row level security;
alter table live_ticket force row level security;
alter table ended_session enable row level security;
alter table ended_session force row level security;

create policy live_ticket_of_account on live_ticket
    using (account_id = (select praxis_account()) or (select praxis_role()) = 'service');
create policy ended_session_of_service on ended_session using ((select praxis_role()) = 'service');
