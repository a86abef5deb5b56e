-- Providers who registered themselves: what others may read in plain text, how to reach them sealed. The account that
-- logs in is identity's; an entry exists from the moment its registration is committed.
create table provider (
    provider_id uuid primary key,
    account_id uuid not null constraint provider_account_key unique,
    first_name text not null,
    last_name text not null,
    specialization text not null,
    license_number text not null,
    years_of_experience integer not null constraint provider_experience_sane check (years_of_experience between 0 and 50),
    street text not null,
    city text not null,
    state text not null,
    zip text not null,
    status text not null constraint provider_status_known check (status in ('pending', 'verified', 'rejected')),
    rejection_reason text,
    reviewed_by uuid,
    reviewed_at timestamptz,
    -- Told by identity.
    email_verified boolean not null,
    is_active boolean not null,
    -- The entry's data key, wrapped by the master key, and email and phone under it.
    wrapped_key bytea not null,
    sealed_contact bytea not null,
    -- Keyed digests: compared without being read.
    email_index bytea not null,
    phone_index bytea not null,
    version bigint not null constraint provider_version_counts check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint provider_rejected_with_reason check ((status = 'rejected') = (rejection_reason is not null))
);

create unique index provider_email_key on provider (email_index);
create unique index provider_phone_key on provider (phone_index);
-- Two spellings of one licence are one licence.
create unique index provider_license_key on provider (upper(license_number));
create index provider_by_status on provider (status, provider_id);

alter table provider enable row level security;
alter table provider force row level security;

-- What is plain here is read by everybody; an entry is made by somebody who is nobody yet.
create policy provider_read on provider for select using (true);
create policy provider_added on provider for insert with check (status = 'pending' and not email_verified);
-- Administrators decide; what identity tells is written in nobody's name.
create policy provider_changed on provider for update
    using ((select current_setting('praxis.role', true)) = 'admin'
        or (select coalesce(current_setting('praxis.account', true), '')) = '');
