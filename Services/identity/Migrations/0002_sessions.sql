-- Where an account is logged in: a session is a family of refresh tokens, each exchanged once for the next.
create table session (
    session_id uuid primary key,
    account_id uuid not null references account on delete cascade,
    -- Device and address, for the person's own list.
    sealed_device bytea not null,
    sealed_address bytea not null,
    started_at timestamptz not null,
    last_used_at timestamptz not null,
    -- When its newest refresh token expires.
    expires_at timestamptz not null,
    ended_at timestamptz,
    end_reason text check (end_reason in (
        'logout', 'logout_all', 'ended_by_owner', 'token_reused', 'password_changed', 'account_deactivated')),
    constraint session_end_has_reason check ((ended_at is null) = (end_reason is null))
);

create index session_live on session (account_id, last_used_at desc) where ended_at is null;
create index session_ended on session (ended_at) where ended_at is not null;
create index session_expiry on session (expires_at);

create table refresh_token (
    -- SHA-256 of the token, which itself is kept nowhere.
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    session_id uuid not null references session on delete cascade,
    expires_at timestamptz not null,
    used_at timestamptz,
    successor_hash bytea,
    -- What it was exchanged for, sealed under a key that only the token itself gives: the same answer for a lost one.
    sealed_answer bytea,
    constraint refresh_token_used_once check (
        (used_at is null) = (successor_hash is null) and (used_at is null) = (sealed_answer is null))
);

create index refresh_token_session on refresh_token (session_id);
