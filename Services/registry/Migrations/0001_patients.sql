-- People cared for: all that is personal is sealed, and row-level security shows each row to the account that keeps it alone.
-- The service's own secrets (the key of the search), each under a data key of its own.
create table service_key (
    purpose text primary key,
    wrapped bytea not null,
    sealed_secret bytea not null
);

create table data_key (
    owner_id uuid primary key,
    wrapped bytea not null,
    kek_version integer not null,
    created_at timestamptz not null
);

create table patient (
    patient_id uuid primary key,
    owner_id uuid not null constraint patient_data_key references data_key (owner_id),
    gender text constraint patient_gender_known check (gender in ('M', 'F', 'O', 'N')),
    sealed bytea not null,
    -- Keyed hashes of the runs of one to three characters in names and email. No index: under row-level security an operator
    -- that is not leakproof is only asked after the policy, so the owner's index narrows first and this filters what is left.
    grams bigint[] not null,
    version bigint not null constraint patient_version_counts check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint patient_of_owner unique (owner_id, patient_id)
);

alter table data_key enable row level security;
alter table data_key force row level security;
alter table patient enable row level security;
alter table patient force row level security;

create policy data_key_of_owner on data_key
    using (owner_id = (select nullif(current_setting('praxis.account', true), '')::uuid));
create policy patient_of_owner on patient
    using (owner_id = (select nullif(current_setting('praxis.account', true), '')::uuid));
