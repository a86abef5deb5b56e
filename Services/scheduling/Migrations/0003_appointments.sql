-- Visits, what became of each, and whose they are. Reason, notes and the words of a refusal are sealed; ids, times and states are not.
create table appointment (
    appointment_id uuid primary key,
    hospital_id uuid not null,
    -- Whom events of the visit reach.
    hospital_account_id uuid not null,
    department_id uuid,
    doctor_id uuid,
    doctor_account_id uuid,
    patient_id uuid not null,
    -- Null of a record without an account, booked by the front desk.
    patient_account_id uuid,
    status text not null constraint appointment_status_known check (status in
        ('REQUESTED', 'CONFIRMED', 'CHECKED_IN', 'COMPLETED', 'REJECTED', 'CANCELLED', 'NO_SHOW')),
    starts timestamptz not null,
    ends timestamptz not null,
    -- The time first asked for.
    requested_at timestamptz not null,
    -- The claim that makes its time busy now; given up when the visit is over, and then purged some day.
    claim_id uuid not null,
    -- Reason, notes, words of cancelling and rejecting, under the patient's key.
    sealed bytea,
    overbooked boolean not null default false,
    -- SEQUENCE of its calendar entry.
    ics_sequence integer not null default 0,
    prescription_id uuid,
    -- The role that cancelled it.
    cancelled_by text,
    version bigint not null constraint appointment_version_counts check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint appointment_lasts check (ends > starts),
    constraint appointment_has_doctor check
        (doctor_id is not null or status not in ('CONFIRMED', 'CHECKED_IN', 'COMPLETED', 'NO_SHOW'))
);

create index appointment_of_patient_account on appointment (patient_account_id, starts desc, appointment_id desc);
create index appointment_of_hospital on appointment (hospital_id, starts desc, appointment_id desc);
create index appointment_of_hospital_by_status on appointment (hospital_id, status, starts desc, appointment_id desc);
create index appointment_of_doctor_account on appointment (doctor_account_id, starts desc, appointment_id desc);
create index appointment_of_doctor on appointment (doctor_id, starts);
-- Who was at which hospital, and which keys may be seen.
create index appointment_of_patient on appointment (patient_id, hospital_id);
create index appointment_open_of_department on appointment (department_id)
    where status in ('REQUESTED', 'CONFIRMED', 'CHECKED_IN');

-- What happened to a visit, in order: `n` is the version that the change made.
create table appointment_change (
    appointment_id uuid not null references appointment (appointment_id) on delete cascade,
    n bigint not null,
    at timestamptz not null,
    -- Null where the service itself did it.
    by_account uuid,
    by_role text not null,
    from_status text,
    to_status text not null,
    from_starts timestamptz,
    to_starts timestamptz not null,
    from_doctor uuid,
    to_doctor uuid,
    primary key (appointment_id, n)
);

alter table appointment enable row level security;
alter table appointment force row level security;
alter table appointment_change enable row level security;
alter table appointment_change force row level security;

-- The role `service` is this service itself: its jobs, its reactions, and what one caller's change does to others' rows. Whoever
-- names nobody is shown nothing.
create policy appointment_of_its_people on appointment
    using (patient_account_id = (select praxis_account())
        or doctor_account_id = (select praxis_account())
        or ((select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
-- Asks `appointment`, whose own policy answers.
create policy appointment_change_of_its_people on appointment_change
    using (exists (select from appointment a where a.appointment_id = appointment_change.appointment_id));

-- A patient's key: shown to the tenant of their record, and to whoever sees a visit of theirs.
create policy data_key_of_its_people on data_key
    using (tenant_id = (select praxis_tenant())
        or (select praxis_role()) in ('admin', 'service')
        or exists (select from appointment a where a.patient_id = data_key.owner_id))
    with check ((select praxis_role()) <> '');
