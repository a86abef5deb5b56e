-- Patients who registered themselves: which record is an account's own, what must be nobody else's, and what identity tells.
create table patient_registration (
    patient_id uuid primary key,
    account_id uuid not null constraint patient_registration_account_key unique,
    -- Keyed digests of what stands sealed in the record: compared without being read.
    email_index bytea not null constraint patient_registration_email_key unique,
    phone_index bytea not null constraint patient_registration_phone_key unique,
    -- Told by identity.
    email_verified boolean not null,
    phone_verified boolean not null,
    is_active boolean not null,
    version bigint not null constraint patient_registration_version_counts check (version > 0),
    updated_at timestamptz not null,
    -- The account keeps its own record; and as long as the account is there, the record stays.
    constraint patient_registration_record foreign key (account_id, patient_id) references patient (owner_id, patient_id)
);

alter table patient_registration enable row level security;
alter table patient_registration force row level security;

-- Nothing in it says anything about anybody to whom has no key; whether an email is taken is asked before anyone is known.
create policy patient_registration_read on patient_registration for select using (true);
create policy patient_registration_added on patient_registration for insert
    with check (account_id = (select nullif(current_setting('praxis.account', true), '')::uuid)
        and not email_verified and not phone_verified);
-- What identity tells is written in nobody's name.
create policy patient_registration_told on patient_registration for update
    using ((select coalesce(current_setting('praxis.account', true), '')) = '');
