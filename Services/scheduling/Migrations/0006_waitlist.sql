-- Who waits for a time to become free, first come by `seq`; the offer they hold is a claim.
create table waitlist_entry (
    entry_id uuid primary key,
    seq bigint generated always as identity,
    patient_id uuid not null,
    patient_account_id uuid not null,
    hospital_id uuid not null,
    department_id uuid,
    doctor_id uuid,
    from_at timestamptz not null,
    to_at timestamptz not null,
    status text not null constraint waitlist_entry_status check (status in ('WAITING', 'OFFERED', 'BOOKED', 'LEFT')),
    -- The reason, under the patient's key.
    sealed bytea,
    -- The offer, and when it is handed on.
    claim_id uuid,
    until timestamptz,
    created_at timestamptz not null,
    constraint waitlist_entry_range check (from_at < to_at),
    constraint waitlist_entry_offer check ((status = 'OFFERED') = (claim_id is not null and until is not null))
);

create index waitlist_entry_waiting on waitlist_entry (hospital_id, seq) where status = 'WAITING';
create index waitlist_entry_offered on waitlist_entry (until) where status = 'OFFERED';
create index waitlist_entry_of_account on waitlist_entry (patient_account_id, seq);

-- Times an entry was offered and declined: they are not offered to it again.
create table waitlist_declined (
    entry_id uuid not null references waitlist_entry (entry_id) on delete cascade,
    doctor_id uuid not null,
    starts timestamptz not null,
    primary key (entry_id, doctor_id, starts)
);

alter table waitlist_entry enable row level security;
alter table waitlist_entry force row level security;
alter table waitlist_declined enable row level security;
alter table waitlist_declined force row level security;

create policy waitlist_entry_of_its_people on waitlist_entry
    using (patient_account_id = (select praxis_account())
        or ((select praxis_role()) = 'hospital' and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
create policy waitlist_declined_of_its_people on waitlist_declined
    using (exists (select from waitlist_entry w where w.entry_id = waitlist_declined.entry_id));
