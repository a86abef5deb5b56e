-- Who cares for whom: seen by the patient's keeper alone; a mapping goes with its patient and with its doctor.
create table mapping (
    mapping_id uuid primary key,
    patient_id uuid not null,
    owner_id uuid not null,
    doctor_id uuid not null constraint mapping_doctor references doctor (doctor_id) on delete cascade,
    is_primary boolean not null,
    sealed_notes bytea,
    assigned_at timestamptz not null,
    constraint mapping_patient_doctor_key unique (patient_id, doctor_id),
    -- Both columns, so that no mapping can ever have another owner than its patient.
    constraint mapping_patient foreign key (owner_id, patient_id) references patient (owner_id, patient_id)
        on delete cascade
);

create unique index mapping_one_primary on mapping (patient_id) where is_primary;
create index mapping_of_owner on mapping (owner_id, mapping_id);
create index mapping_of_doctor on mapping (doctor_id, owner_id, mapping_id);

alter table mapping enable row level security;
alter table mapping force row level security;

create policy mapping_of_owner on mapping
    using (owner_id = (select nullif(current_setting('praxis.account', true), '')::uuid));
