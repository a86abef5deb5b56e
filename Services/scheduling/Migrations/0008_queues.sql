-- The walk-in queue of a doctor's day, in the doctor's zone: numbers, states, and when each was reached.
create table queue_day (
    doctor_id uuid not null,
    day date not null,
    hospital_id uuid not null,
    last_number integer not null,
    primary key (doctor_id, day)
);

create table queue_token (
    token_id uuid primary key,
    doctor_id uuid not null,
    day date not null,
    number integer not null,
    hospital_id uuid not null,
    appointment_id uuid,
    patient_id uuid,
    patient_account_id uuid,
    -- What a walk-in without a record is called by, under the service's key.
    sealed_label bytea,
    status text not null constraint queue_token_status check (status in
        ('WAITING', 'CALLED', 'IN_SERVICE', 'DONE', 'SKIPPED', 'LEFT')),
    issued timestamptz not null,
    called timestamptz,
    served timestamptz,
    done timestamptz,
    constraint queue_token_number unique (doctor_id, day, number)
);

-- One live token of a visit, and of a patient, at a doctor on a day.
create unique index queue_token_of_appointment on queue_token (appointment_id)
    where appointment_id is not null and status in ('WAITING', 'CALLED', 'IN_SERVICE');
create unique index queue_token_of_patient on queue_token (doctor_id, day, patient_id)
    where patient_id is not null and status in ('WAITING', 'CALLED', 'IN_SERVICE');

alter table queue_day enable row level security;
alter table queue_day force row level security;
alter table queue_token enable row level security;
alter table queue_token force row level security;

create policy queue_day_of_its_people on queue_day
    using (((select praxis_role()) in ('hospital', 'doctor') and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
create policy queue_token_of_its_people on queue_token
    using (patient_account_id = (select praxis_account())
        or ((select praxis_role()) in ('hospital', 'doctor') and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
