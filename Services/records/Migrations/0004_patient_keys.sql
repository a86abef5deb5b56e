-- The keys under which a patient's rows and files are sealed. The newest version seals; an older one stays as long as rows name it.
create table patient_key (
    patient_id uuid not null,
    key_version integer not null constraint patient_key_version_counts check (key_version > 0),
    -- Null of a record without an account.
    account_id uuid,
    -- Under the master key of `kek_version`; null once the key was destroyed, and what it sealed is lost for ever.
    wrapped bytea,
    kek_version integer not null,
    created_at timestamptz not null,
    primary key (patient_id, key_version)
);
create index patient_key_of_account on patient_key (account_id) where account_id is not null;
create index patient_key_by_kek on patient_key (kek_version, patient_id, key_version) where wrapped is not null;

alter table patient_key enable row level security;
alter table patient_key force row level security;

-- Only the service itself reads keys, whoever's rows it opens with them.
create policy patient_key_of_service on patient_key using ((select praxis_role()) = 'service');
