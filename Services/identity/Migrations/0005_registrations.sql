-- Accounts that belong to an entry of another service: kept first, confirmed when the entry is committed; and proven emails.
alter table account add column confirmed_at timestamptz;
update account set confirmed_at = created_at;
-- The provider's entry or patient's record that the account belongs to; its owner chose the id.
alter table account add column registrant_id uuid constraint account_registrant_key unique;
alter table account add column email_verified_at timestamptz;

-- Until it is confirmed an account takes nothing away from anybody: several may wait with one email, one is confirmed.
drop index account_email_key;
create unique index account_email_key on account (role, email_index)
    where is_self_registered and confirmed_at is not null;
create index account_waiting on account (created_at) where confirmed_at is null;

create table email_verification (
    -- SHA-256 of the token, which itself is kept nowhere.
    token_hash bytea primary key check (octet_length(token_hash) = 32),
    account_id uuid not null references account on delete cascade,
    -- What it proves: of an email that was changed meanwhile it proves nothing.
    email_index bytea not null,
    expires_at timestamptz not null
);

create index email_verification_account on email_verification (account_id);
create index email_verification_expiry on email_verification (expires_at);

-- How often a mail was asked for, whether or not anybody has the email.
create table verification_wish (
    -- A keyed digest of the email.
    subject bytea primary key,
    wishes int not null,
    since timestamptz not null
);

create index verification_wish_age on verification_wish (since);
