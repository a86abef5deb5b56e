-- The directory of doctors: read by everybody signed in, written by its creator and by admins.
create extension if not exists pg_trgm with schema public;

create table doctor (
    doctor_id uuid primary key,
    created_by uuid not null,
    first_name text not null,
    last_name text not null,
    email text,
    phone text,
    specialization text not null,
    license_number text,
    years_of_experience integer constraint doctor_experience_sane check (years_of_experience between 0 and 80),
    qualification text,
    bio text,
    consultation_fee numeric(10, 2) constraint doctor_fee_sane check (consultation_fee >= 0),
    is_available boolean not null,
    hospital_name text,
    city text,
    state text,
    country text,
    version bigint not null constraint doctor_version_counts check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    search_text text not null generated always as
        (lower(first_name || ' ' || last_name || ' ' || coalesce(hospital_name, ''))) stored
);

-- Two spellings of one licence are one licence.
create unique index doctor_license_number_key on doctor (upper(license_number));
create index doctor_search on doctor using gin (search_text public.gin_trgm_ops);
-- One index for each order a list may be asked in; an unknown number sorts as less than any known.
create index doctor_by_last_name on doctor (lower(last_name), doctor_id);
create index doctor_by_first_name on doctor (lower(first_name), doctor_id);
create index doctor_by_experience on doctor (coalesce(years_of_experience, -1), doctor_id);
create index doctor_by_fee on doctor (coalesce(consultation_fee, -1), doctor_id);
create index doctor_by_creation on doctor (created_at, doctor_id);
create index doctor_by_specialization on doctor (specialization, lower(last_name), doctor_id);
create index doctor_by_city on doctor (lower(city), lower(last_name), doctor_id);

alter table doctor enable row level security;
alter table doctor force row level security;

-- A constant, so that the planner may use every index for a search: see 0001 on operators that are not leakproof.
create policy doctor_read on doctor for select using (true);
create policy doctor_added on doctor for insert
    with check (created_by = (select nullif(current_setting('praxis.account', true), '')::uuid));
create policy doctor_changed on doctor for update
    using (created_by = (select nullif(current_setting('praxis.account', true), '')::uuid)
        or (select current_setting('praxis.role', true)) = 'admin');
create policy doctor_removed on doctor for delete
    using (created_by = (select nullif(current_setting('praxis.account', true), '')::uuid)
        or (select current_setting('praxis.role', true)) = 'admin');
