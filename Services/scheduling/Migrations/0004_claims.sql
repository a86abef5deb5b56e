-- Claims: the only thing that makes time busy, of doctor and patient. Two collide if their times overlap and the spans in which they
-- hold overlap, so that a hold ends without a job. Ids and times alone; no endpoint returns a row.
create extension if not exists btree_gist with schema public;

create table claim (
    claim_id uuid primary key,
    kind text not null constraint claim_kind_known check (kind in ('appointment', 'hold', 'offer')),
    -- Null where no doctor is named yet: then only the patient's time is busy.
    doctor_id uuid,
    patient_id uuid not null,
    patient_account_id uuid,
    starts timestamptz not null,
    ends timestamptz not null,
    -- The end and the doctor's buffer.
    busy_until timestamptz not null,
    overbooked boolean not null default false,
    claimed_at timestamptz not null,
    -- 'infinity' of an appointment; the same as `claimed_at` once given up: an empty range overlaps nothing.
    held_until timestamptz not null,
    constraint claim_times check (starts < ends and ends <= busy_until and busy_until <= starts + interval '24 hours'
        and claimed_at <= held_until),
    constraint claim_doctor_once exclude using gist (doctor_id with =, tstzrange(starts, busy_until) with &&,
        tstzrange(claimed_at, held_until) with &&) where (doctor_id is not null and not overbooked),
    constraint claim_patient_once exclude using gist (patient_id with =, tstzrange(starts, ends) with &&,
        tstzrange(claimed_at, held_until) with &&)
);

create index claim_of_doctor on claim (doctor_id, starts) include (busy_until, held_until);
create index claim_of_patient on claim (patient_id, starts) include (ends, held_until);

alter table claim enable row level security;
alter table claim force row level security;

-- A slot is busy whoever's claim it is; and `&&` on ranges is not leakproof, so a policy that asks would keep every index unused.
create policy claim_read on claim for select using (true);
create policy claim_added on claim for insert
    with check (patient_account_id = (select praxis_account())
        or (select praxis_role()) in ('hospital', 'doctor', 'admin', 'service'));
create policy claim_changed on claim for update
    using (patient_account_id = (select praxis_account())
        or (select praxis_role()) in ('hospital', 'doctor', 'admin', 'service'));
create policy claim_purged on claim for delete using ((select praxis_role()) = 'service');
