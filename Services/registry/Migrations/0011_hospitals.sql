-- Hospitals, their departments, and the doctors they make. A hospital's id is the tenant of its account and of its doctors'.
-- The position of hospitals is a point of a sphere: the extension's index narrows a search around a place.
create extension if not exists cube with schema public;

-- Metres from the earth's centre (its mean radius, IUGG), so that places are found across the antimeridian and at the poles.
create function earth_point(latitude double precision, longitude double precision) returns public.cube
    language sql immutable strict parallel safe
    return public.cube(array[
        6371008.8 * cos(radians(latitude)) * cos(radians(longitude)),
        6371008.8 * cos(radians(latitude)) * sin(radians(longitude)),
        6371008.8 * sin(radians(latitude))]);

create table hospital (
    hospital_id uuid primary key,
    account_id uuid not null constraint hospital_account_key unique,
    name text not null,
    email text not null,
    -- What two addresses are compared by.
    email_key text not null,
    phone_number text not null,
    license_number text not null,
    address text not null,
    city text not null,
    state text not null,
    country text not null,
    latitude double precision not null constraint hospital_latitude_sane check (latitude between -90 and 90),
    longitude double precision not null constraint hospital_longitude_sane check (longitude between -180 and 180),
    position public.cube not null generated always as (earth_point(latitude, longitude)) stored,
    timezone text not null,
    prescribing_policy text not null constraint hospital_policy_known check (prescribing_policy in ('warn', 'require_reason')),
    status text not null constraint hospital_status_known check (status in ('pending', 'approved', 'rejected')),
    rejection_reason text,
    reviewed_by uuid,
    reviewed_at timestamptz,
    -- Told by identity.
    account_active boolean not null default true,
    account_version bigint not null default 0,
    deleted_at timestamptz,
    version bigint not null constraint hospital_version_counts check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    search_text text not null generated always as (search_folded(name || ' ' || city)) stored,
    search_city text not null generated always as (search_folded(city)) stored,
    constraint hospital_rejected_with_reason check ((status = 'rejected') = (rejection_reason is not null))
);

-- Of a hospital that was deleted nothing is taken any more.
create unique index hospital_license_key on hospital (upper(license_number)) where deleted_at is null;
create unique index hospital_email_key on hospital (email_key) where deleted_at is null;
create index hospital_by_name on hospital (lower(name), hospital_id) where deleted_at is null;
create index hospital_search on hospital using gin (search_text public.gin_trgm_ops);
create index hospital_by_position on hospital using gist (position) where status = 'approved' and deleted_at is null;

create table department (
    department_id uuid primary key,
    hospital_id uuid not null references hospital (hospital_id),
    name text not null,
    description text,
    deleted_at timestamptz,
    version bigint not null constraint department_version_counts check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    -- So that no doctor can be in another hospital's department.
    constraint department_of_hospital unique (hospital_id, department_id)
);

create unique index department_name_key on department (hospital_id, lower(name)) where deleted_at is null;

-- What a hospital's doctor has beyond an entry: the account that logs in, and whether the hospital lets it in.
alter table doctor
    add column hospital_id uuid constraint doctor_hospital references hospital (hospital_id),
    add column department_id uuid,
    add column account_id uuid constraint doctor_account_key unique,
    add column username text,
    add column is_active boolean not null default true,
    add column account_active boolean not null default true,
    add column account_version bigint not null default 0,
    add column deleted_at timestamptz,
    add column is_listed boolean not null generated always as (is_active and deleted_at is null) stored,
    add constraint doctor_department foreign key (hospital_id, department_id)
        references department (hospital_id, department_id),
    add constraint doctor_of_hospital_whole
        check ((hospital_id is null) = (account_id is null) and (hospital_id is null) = (username is null));

-- One doctor works at several hospitals with one licence; among entries of no hospital it is one entry's, as before.
drop index doctor_license_number_key;
create unique index doctor_license_number_key on doctor (hospital_id, upper(license_number)) nulls not distinct
    where license_number is not null and deleted_at is null;
create index doctor_of_hospital on doctor (hospital_id, lower(last_name), lower(first_name), doctor_id)
    where hospital_id is not null;
create index doctor_of_department on doctor (department_id) where department_id is not null;

alter table hospital enable row level security;
alter table hospital force row level security;
alter table department enable row level security;
alter table department force row level security;

-- An organisation's data is there to be read; who is shown which hospital, statements say. A hospital is entered by somebody
-- who is nobody yet; it and administrators change it, and what identity tells is written in nobody's name.
create policy hospital_read on hospital for select using (true);
create policy hospital_added on hospital for insert with check (status = 'pending' and deleted_at is null);
create policy hospital_changed on hospital for update
    using ((select praxis_role()) = 'admin' or (select praxis_account()) is null
        or (select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()));
create policy department_read on department for select using (true);
create policy department_added on department for insert
    with check ((select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()));
create policy department_changed on department for update
    using ((select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()));
-- A hospital's doctor is made in the hospital's tenant alone; an entry of no hospital as before.
alter policy doctor_added on doctor
    with check (created_by = (select praxis_account())
        and (hospital_id is null
            or (select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant())));
alter policy doctor_changed on doctor
    using (created_by = (select praxis_account()) or (select praxis_role()) = 'admin'
        or (select praxis_account()) is null);
-- A hospital's doctor is never deleted for good: past visits name them.
alter policy doctor_removed on doctor
    using (hospital_id is null and (created_by = (select praxis_account()) or (select praxis_role()) = 'admin'));
