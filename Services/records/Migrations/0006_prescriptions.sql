-- Prescriptions, by versions that nobody changes: ids, version and time stand in the clear, all that is prescribed, why, and the names of
-- people and places as they were then is sealed under the patient's key.
create table prescription (
    prescription_id uuid not null,
    version integer not null constraint prescription_version_counts check (version > 0),
    patient_id uuid not null,
    -- Null of a record without an account.
    patient_account_id uuid,
    -- Null of a doctor who has no entry in the directory.
    doctor_id uuid,
    doctor_account_id uuid not null,
    -- Null of a doctor who works alone.
    hospital_id uuid,
    hospital_account_id uuid,
    appointment_id uuid,
    sealed bytea not null,
    -- Of the patient's key that sealed it.
    key_version integer not null,
    -- Written although a severe warning spoke against it.
    overridden boolean not null,
    created_at timestamptz not null,
    constraint prescription_pkey primary key (prescription_id, version),
    constraint prescription_key foreign key (patient_id, key_version)
        references patient_key (patient_id, key_version)
);

create index prescription_of_patient on prescription (patient_id, prescription_id desc);
create index prescription_of_patient_account on prescription (patient_account_id, prescription_id desc);
create index prescription_of_doctor on prescription (doctor_account_id, prescription_id desc);
create index prescription_of_hospital on prescription (hospital_id, prescription_id desc);

-- Only the service seals a version anew, when its patient gets another key; all else of it stays for ever.
create function prescription_is_kept() returns trigger language plpgsql as $$
begin
    if tg_op = 'UPDATE' and praxis_role() = 'service'
        and to_jsonb(new) - '{sealed,key_version}'::text[] = to_jsonb(old) - '{sealed,key_version}'::text[] then
        return new;
    end if;
    raise exception 'a version of a prescription is never changed' using errcode = 'restrict_violation';
end $$;

create trigger prescription_is_kept before update or delete on prescription
    for each row execute function prescription_is_kept();
create trigger prescription_is_never_emptied before truncate on prescription
    for each statement execute function prescription_is_kept();

-- A later version is of the same prescription: of its patient, by its author.
create function prescription_follows() returns trigger language plpgsql as $$
begin
    if new.version = 1 or exists (select from prescription p
        where p.prescription_id = new.prescription_id and p.version = new.version - 1
            and p.patient_id = new.patient_id and p.doctor_account_id = new.doctor_account_id) then
        return new;
    end if;
    raise exception 'there is no version of the author for the patient before this one'
        using errcode = 'restrict_violation';
end $$;

create trigger prescription_follows before insert on prescription
    for each row execute function prescription_follows();

alter table prescription enable row level security;
alter table prescription force row level security;

-- The patient, the author, its hospital, administrators, and doctors whom the patient let in.
create policy prescription_read on prescription for select
    using (patient_account_id = (select praxis_account())
        or doctor_account_id = (select praxis_account())
        or ((select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service')
        or patient_id in (select granted_patients('{otp,break_glass}')));
create policy prescription_sealed_anew on prescription for update using ((select praxis_role()) = 'service');
-- For a visit of theirs, or while the patient lets them in; what they wrote once they revise.
create policy prescription_added on prescription for insert
    with check ((select praxis_role()) = 'doctor' and doctor_account_id = (select praxis_account())
        and (appointment_id is not null or version > 1
            or patient_id in (select granted_patients('{otp,break_glass}'))));
