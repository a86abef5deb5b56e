-- Who may read a patient's records for a while, the codes that open them, and who read what.

-- A code that is on its way to a patient's phone, or was used: the newest of a doctor and patient alone.
create table access_code (
    doctor_account uuid not null,
    patient_id uuid not null,
    -- Names this asking: the text message has its code made by it.
    -- Of several patients with one phone it is the same.
    code_id uuid not null,
    -- Null of a record without an account: nothing is sent for it.
    patient_account uuid,
    -- The doctor's entry and hospital, where there are any.
    doctor_id uuid,
    hospital_id uuid,
    -- Null until the text message is written; HMAC.
    code_hash bytea,
    expires_at timestamptz not null,
    tries integer not null default 0,
    used_at timestamptz,
    primary key (doctor_account, patient_id)
);
create index access_code_by_id on access_code (code_id);

-- What was asked and wrong, of a doctor (`doctor/<account>`) or a patient (`patient/<id>`): askings of the last fifteen minutes, wrong
-- codes of a day.
create table access_code_asked (
    who text not null,
    at timestamptz not null
);
create index access_code_asked_of on access_code_asked (who, at);
create table access_code_wrong (
    who text primary key,
    since timestamptz not null,
    wrong integer not null
);

create table access_grant (
    grant_id uuid primary key,
    patient_id uuid not null,
    -- Null of a record without an account.
    patient_account uuid,
    doctor_account uuid not null,
    -- The doctor's entry and hospital, where there are any.
    doctor_id uuid,
    hospital_id uuid,
    way text not null constraint access_grant_way_known check (way in ('otp', 'break_glass')),
    -- Why the glass was broken, and what the reviewer says: under the patient's key.
    sealed_reason bytea,
    key_version integer,
    granted_at timestamptz not null default clock_timestamp(),
    -- Compared with the database's clock, by every policy that asks for it.
    expires_at timestamptz not null,
    revoked_at timestamptz,
    verdict text constraint access_grant_verdict_known check (verdict in ('justified', 'not_justified')),
    sealed_note bytea,
    note_key_version integer,
    reviewed_by uuid,
    reviewed_at timestamptz,
    constraint access_grant_ends check (expires_at <= granted_at + interval '1 hour'),
    constraint access_grant_patient_key foreign key (patient_id, key_version)
        references patient_key (patient_id, key_version),
    constraint access_grant_note_key foreign key (patient_id, note_key_version)
        references patient_key (patient_id, key_version)
);
create index access_grant_of_doctor on access_grant (doctor_account, patient_id, expires_at);
create index access_grant_of_patient on access_grant (patient_id, granted_at desc, grant_id desc);
create index access_grant_of_hospital on access_grant (hospital_id, granted_at desc, grant_id desc)
    where way = 'break_glass';

-- One row for a reader, a thing and ten minutes: who read or wrote it, or was refused it.
create table access_row (
    access_id uuid primary key,
    patient_id uuid not null,
    patient_account uuid,
    actor_account uuid not null,
    actor_role text not null,
    doctor_id uuid,
    hospital_id uuid,
    action text not null,
    what text not null,
    -- By which right; null where it was refused.
    basis text,
    -- The grant it was seen by.
    grant_id uuid,
    at timestamptz not null,
    -- Since 1970, in ten minutes.
    slot bigint not null
);
create unique index access_row_once on access_row (actor_account, patient_id, action, what, slot, coalesce(basis, ''));
create index access_row_of_patient on access_row (patient_id, at desc, access_id desc);

alter table access_code enable row level security;
alter table access_code force row level security;
alter table access_code_asked enable row level security;
alter table access_code_asked force row level security;
alter table access_code_wrong enable row level security;
alter table access_code_wrong force row level security;
alter table access_grant enable row level security;
alter table access_grant force row level security;
alter table access_row enable row level security;
alter table access_row force row level security;

-- A doctor's codes are compared by the service, never shown to the doctor.
create policy access_code_of_service on access_code using ((select praxis_role()) = 'service');
create policy access_code_asked_of_service on access_code_asked using ((select praxis_role()) = 'service');
create policy access_code_wrong_of_service on access_code_wrong using ((select praxis_role()) = 'service');

create policy access_grant_seen on access_grant for select
    using (doctor_account = (select praxis_account()) or patient_account = (select praxis_account())
        or ((select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
create policy access_grant_made on access_grant for insert
    with check ((doctor_account = (select praxis_account()) and (select praxis_role()) = 'doctor' and way = 'break_glass')
        or (select praxis_role()) = 'service');
-- Revoked by the patient, reviewed by the hospital or an administrator.
create policy access_grant_changed on access_grant for update
    using (patient_account = (select praxis_account())
        or ((select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));

-- What anybody else than the service changes of a grant is its end or its review.
create function access_grant_is_kept() returns trigger language plpgsql as $$
declare changeable constant text[] := '{revoked_at,verdict,sealed_note,note_key_version,reviewed_by,reviewed_at}';
begin
    if praxis_role() = 'service' or to_jsonb(new) - changeable = to_jsonb(old) - changeable then return new; end if;
    raise exception 'a grant is ended or reviewed, and else never changed' using errcode = 'restrict_violation';
end $$;

create trigger access_grant_is_kept before update on access_grant
    for each row execute function access_grant_is_kept();

create policy access_row_seen on access_row for select
    using (patient_account = (select praxis_account()) or (select praxis_role()) in ('admin', 'service'));
create policy access_row_added on access_row for insert
    with check (actor_account = (select praxis_account()) or (select praxis_role()) = 'service');

-- The patients whose records are open to the calling doctor at this moment, by these ways: every policy of a patient's rows asks it in
-- a sub-select, `patient_id in (select granted_patients('{otp,break_glass}'))`, so that a grant ends to the second in the
-- database itself.
create function granted_patients(ways text[]) returns setof uuid language sql stable as $$
    select g.patient_id from access_grant g
    where g.doctor_account = praxis_account() and g.revoked_at is null and g.expires_at > statement_timestamp()
        and g.way = any (ways)
$$;

-- What whoever treats a patient must know: allergies, medicines, history, in one sealed document.
create table patient_health (
    patient_id uuid primary key,
    patient_account uuid,
    sealed bytea not null,
    key_version integer not null,
    version bigint not null constraint patient_health_version_counts check (version > 0),
    updated_by uuid not null,
    updated_at timestamptz not null,
    constraint patient_health_key foreign key (patient_id, key_version) references patient_key (patient_id, key_version)
);
alter table patient_health enable row level security;
alter table patient_health force row level security;

create policy patient_health_seen on patient_health for select
    using (patient_account = (select praxis_account())
        or patient_id in (select granted_patients('{otp,break_glass}')));
-- Written, and read for the checks, by the service, which has asked who may.
create policy patient_health_of_service on patient_health using ((select praxis_role()) = 'service');
