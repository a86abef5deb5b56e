-- Reminders that are due: one for each visit, kind and start, told once.
create table reminder (
    appointment_id uuid not null references appointment (appointment_id) on delete cascade,
    kind text not null constraint reminder_kind_known check (kind in ('24h', '1h')),
    starts timestamptz not null,
    due_at timestamptz not null,
    told_at timestamptz,
    primary key (appointment_id, kind, starts)
);

create index reminder_due on reminder (due_at) where told_at is null;

alter table reminder enable row level security;
alter table reminder force row level security;

create policy reminder_of_its_people on reminder
    using (exists (select from appointment a where a.appointment_id = reminder.appointment_id));
