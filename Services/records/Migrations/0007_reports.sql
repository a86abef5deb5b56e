-- Reports of patients and the files stored for them: ids, kinds, dates and sizes stand in the clear; titles, descriptions, names and
-- digests of files are sealed under the patient's key, as are the files' own keys.
create table stored_file (
    file_id uuid primary key,
    patient_id uuid not null,
    uploaded_by uuid not null,
    -- The file's key, under the patient's key of this version.
    wrapped bytea not null,
    key_version integer not null,
    kind text not null constraint stored_file_kind_known check (kind in ('pdf', 'png', 'jpeg', 'doc', 'docx')),
    plain_size bigint not null constraint stored_file_has_bytes check (plain_size > 0),
    stored_at timestamptz not null,
    -- Null where no scanner was asked.
    scanned_at timestamptz,
    store text not null constraint stored_file_store_known check (store in ('local', 's3')),
    constraint stored_file_patient_key foreign key (patient_id, key_version)
        references patient_key (patient_id, key_version)
);
create index stored_file_of_patient on stored_file (patient_id) include (plain_size);

create table report (
    report_id uuid primary key,
    patient_id uuid not null,
    -- Null of a record without an account.
    patient_account uuid,
    uploaded_by uuid not null,
    uploader_role text not null,
    -- Whoever uploaded it as a doctor, or whose visit it belongs to.
    doctor_account uuid,
    appointment_id uuid,
    report_type text not null,
    report_date date,
    sealed bytea not null,
    key_version integer not null,
    file_id uuid not null references stored_file (file_id),
    created_at timestamptz not null,
    -- Hidden from then on.
    deleted_at timestamptz,
    sealed_reason bytea,
    reason_key_version integer,
    constraint report_patient_key foreign key (patient_id, key_version) references patient_key (patient_id, key_version),
    constraint report_reason_key foreign key (patient_id, reason_key_version)
        references patient_key (patient_id, key_version)
);
create index report_of_patient on report (patient_id, report_id desc) where deleted_at is null;
create index report_of_patient_account on report (patient_account, report_id desc) where deleted_at is null;
create index report_of_file on report (file_id);

alter table stored_file enable row level security;
alter table stored_file force row level security;
alter table report enable row level security;
alter table report force row level security;

-- The patient, the uploader, the doctor of its visit, administrators, and doctors whom the patient let in.
create policy report_read on report for select
    using (patient_account = (select praxis_account())
        or uploaded_by = (select praxis_account())
        or doctor_account = (select praxis_account())
        or (select praxis_role()) in ('admin', 'service')
        or patient_id in (select granted_patients('{otp,break_glass}')));
-- The patient's own, for a visit, or while the patient lets the doctor in: also at the end of a long upload.
create policy report_added on report for insert
    with check (uploaded_by = (select praxis_account())
        and (patient_account = (select praxis_account())
            or ((select praxis_role()) = 'doctor'
                and (appointment_id is not null or patient_id in (select granted_patients('{otp}'))))));
create policy report_hidden on report for update
    using (uploaded_by = (select praxis_account()) or (select praxis_role()) = 'service');

-- What anybody else than the service changes of a report is that it is hidden, once.
create function report_is_kept() returns trigger language plpgsql as $$
declare changeable constant text[] := '{deleted_at,sealed_reason,reason_key_version}';
begin
    if praxis_role() = 'service'
        or old.deleted_at is null and to_jsonb(new) - changeable = to_jsonb(old) - changeable then
        return new;
    end if;
    raise exception 'a report is hidden, and else never changed' using errcode = 'restrict_violation';
end $$;

create trigger report_is_kept before update on report for each row execute function report_is_kept();

-- A file is seen with what it belongs to.
create policy stored_file_of_report on stored_file for select
    using ((select praxis_role()) = 'service' or uploaded_by = (select praxis_account())
        or exists (select from report r where r.file_id = stored_file.file_id));
create policy stored_file_added on stored_file for insert with check (uploaded_by = (select praxis_account()));
create policy stored_file_wrapped_anew on stored_file for update using ((select praxis_role()) = 'service');
