-- Who can log in. Names and emails are sealed under a key of the account's own; the database keeps what must be unique.
create table account (
    account_id uuid primary key,
    username text not null,
    role text not null check (role in ('admin', 'hospital', 'doctor', 'patient', 'staff')),
    tenant_id uuid,
    is_active boolean not null,
    is_self_registered boolean not null,
    -- A keyed digest of the email, lower case: found and compared without being read.
    email_index bytea not null,
    -- The account's data key, wrapped by the master key: without it the sealed columns are noise.
    wrapped_key bytea not null,
    sealed_name bytea not null,
    sealed_email bytea not null,
    password_hash text not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    last_login_at timestamptz,
    version bigint not null
);

create unique index account_username_key on account (lower(username) text_pattern_ops);
-- A hospital's doctors may share an address; people who register themselves have one account per role.
create unique index account_email_key on account (role, email_index) where is_self_registered;
create index account_email_index on account (email_index);
create index account_by_age on account (created_at desc, account_id desc);
