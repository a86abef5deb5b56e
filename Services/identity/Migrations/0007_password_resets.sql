-- Forgotten passwords, devices an account was used with, and the link that makes the first administrator.

-- Mails that were asked for, whether or not anybody has the email: who has it is looked up afterwards.
create table mail_wish (
    -- A keyed digest of the email, as accounts have it.
    email_index bytea not null,
    mail text not null check (mail in ('password_reset', 'provider_verification', 'patient_verification')),
    wishes int not null,
    since timestamptz not null,
    asked_at timestamptz not null,
    -- The request that asked last: what follows is noted under it.
    request_id text not null,
    -- Until somebody has looked for the accounts of the email.
    is_open boolean not null,
    primary key (email_index, mail)
);

create index mail_wish_open on mail_wish (asked_at) where is_open;
create index mail_wish_age on mail_wish (since) where not is_open;

-- It counted what mail_wish counts from now on.
drop table verification_wish;

-- An account whose owner may set a new password: while the wish is young a token can be made, and the newest works.
create table password_reset (
    account_id uuid primary key references account on delete cascade,
    -- Of an account whose email was changed meanwhile nothing is reset.
    email_index bytea not null,
    asked_at timestamptz not null,
    -- SHA-256 of the token, which itself is kept nowhere.
    token_hash bytea constraint password_reset_token_key unique check (octet_length(token_hash) = 32),
    expires_at timestamptz,
    constraint password_reset_token_expires check ((token_hash is null) = (expires_at is null))
);

create index password_reset_age on password_reset (asked_at);

-- What an account was used with: digests keyed and bound to the account, so that nobody is followed from one to another.
create table known_device (
    account_id uuid not null references account on delete cascade,
    fingerprint bytea not null,
    seen_at timestamptz not null,
    -- The use before that one.
    seen_before timestamptz,
    primary key (account_id, fingerprint)
);

create index known_device_age on known_device (seen_at);

-- The link that makes the first administrator.
create table setup_token (
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    expires_at timestamptz not null
);

create index account_administrators on account (account_id) where role = 'admin';
