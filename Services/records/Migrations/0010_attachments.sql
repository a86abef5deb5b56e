-- Files with prescriptions: ids and times stand in the clear; titles, names and digests are sealed under the patient's key.
create table attachment (
    attachment_id uuid primary key,
    -- Of all its versions.
    prescription_id uuid not null,
    patient_id uuid not null,
    uploaded_by uuid not null,
    sealed bytea not null,
    key_version integer not null,
    file_id uuid not null references stored_file (file_id),
    created_at timestamptz not null,
    constraint attachment_patient_key foreign key (patient_id, key_version)
        references patient_key (patient_id, key_version)
);
create index attachment_of_prescription on attachment (prescription_id, attachment_id);
create index attachment_of_file on attachment (file_id);

alter table attachment enable row level security;
alter table attachment force row level security;

-- Whoever sees the prescription sees what is with it: the policies of prescriptions answer.
create policy attachment_read on attachment for select
    using ((select praxis_role()) = 'service'
        or exists (select from prescription p where p.prescription_id = attachment.prescription_id));
-- By the author alone.
create policy attachment_added on attachment for insert
    with check ((select praxis_role()) = 'doctor' and uploaded_by = (select praxis_account())
        and exists (select from prescription p where p.prescription_id = attachment.prescription_id
            and p.patient_id = attachment.patient_id and p.doctor_account_id = (select praxis_account())));
create policy attachment_sealed_anew on attachment for update using ((select praxis_role()) = 'service');

create policy stored_file_of_attachment on stored_file for select
    using (exists (select from attachment a where a.file_id = stored_file.file_id));
