-- Phones that patients prove by a code of a text message.
alter table account add column sealed_phone bytea;
alter table account add column phone_verified_at timestamptz;

create table phone_code (
    -- The newest code alone counts.
    account_id uuid primary key references account on delete cascade,
    -- HMAC of the code, which itself is kept nowhere.
    code_hash bytea not null check (octet_length(code_hash) = 32),
    expires_at timestamptz not null,
    -- How often this code was tried, and any code of the account since a moment.
    tries int not null,
    day_tries int not null,
    day_since timestamptz not null
);

create index phone_code_expiry on phone_code (expires_at);
