-- A second factor: the secret an account shares with its owner's authenticator, and codes for when that one is lost.
-- Whether there is one stands with the account, so that whoever is just logging in meets it on the row he locks.
alter table account add column second_factor_at timestamptz;

create table second_factor (
    account_id uuid primary key references account on delete cascade,
    -- Under the account's own data key.
    sealed_secret bytea not null,
    -- The last 30 s step of which a code was used: no code is good twice.
    last_step bigint not null
);

-- Shown to its owner, and not yet proven to have arrived in an authenticator.
create table second_factor_enrolment (
    account_id uuid primary key references account on delete cascade,
    sealed_secret bytea not null,
    expires_at timestamptz not null
);

create index second_factor_enrolment_expiry on second_factor_enrolment (expires_at);

create table recovery_code (
    -- SHA-256 of a code of 120 random bits, which itself is kept nowhere.
    code_hash bytea primary key check (octet_length(code_hash) = 32),
    account_id uuid not null references second_factor on delete cascade
);

create index recovery_code_account on recovery_code (account_id);
