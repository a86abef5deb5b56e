-- A doctor's hours in the doctor's zone, and the days that are different. Slots are computed from them for everybody, so everybody
-- may read them; a note is sealed.
create table schedule (
    doctor_id uuid primary key,
    hospital_id uuid not null,
    -- A name of pg_timezone_names, never an offset.
    timezone text not null,
    slot_minutes integer not null constraint schedule_slot check (slot_minutes between 5 and 480),
    buffer_minutes integer not null default 0 constraint schedule_buffer check (buffer_minutes between 0 and 240),
    minimum_notice_minutes integer not null default 0
        constraint schedule_notice check (minimum_notice_minutes between 0 and 1051200),
    horizon_days integer not null default 90 constraint schedule_horizon check (horizon_days between 1 and 730),
    cancel_cutoff_minutes integer not null default 0
        constraint schedule_cutoff check (cancel_cutoff_minutes between 0 and 1051200),
    auto_confirm boolean not null default false,
    version bigint not null constraint schedule_version_counts check (version > 0),
    updated_at timestamptz not null
);

create table weekly_hours (
    doctor_id uuid not null references schedule (doctor_id) on delete cascade,
    hospital_id uuid not null,
    -- 1 is Monday.
    weekday smallint not null constraint weekly_hours_weekday check (weekday between 1 and 7),
    opens time not null,
    -- 24:00 is the day's end.
    closes time not null,
    primary key (doctor_id, weekday, opens),
    constraint weekly_hours_last check (closes > opens),
    constraint weekly_hours_apart exclude using gist (doctor_id with =, weekday with =,
        int4range((extract(epoch from opens) / 60)::integer, (extract(epoch from closes) / 60)::integer) with &&)
);

-- `closed` and `hours` belong to a day of the doctor's zone, one of them a day; `hours` has a row for each window of that day.
create table schedule_exception (
    exception_id uuid primary key,
    doctor_id uuid not null,
    hospital_id uuid not null,
    kind text not null constraint schedule_exception_kind check (kind in ('closed', 'hours', 'away')),
    day date,
    -- Away: from when until when.
    during tstzrange,
    sealed_note bytea,
    created_at timestamptz not null,
    constraint schedule_exception_whole check
        (case kind when 'away' then during is not null and not isempty(during) and day is null
            else day is not null and during is null end)
);

create unique index schedule_exception_one_a_day on schedule_exception (doctor_id, day) where day is not null;
create index schedule_exception_of_doctor on schedule_exception (doctor_id);

create table exception_hours (
    exception_id uuid not null references schedule_exception (exception_id) on delete cascade,
    hospital_id uuid not null,
    opens time not null,
    closes time not null,
    primary key (exception_id, opens),
    constraint exception_hours_last check (closes > opens),
    constraint exception_hours_apart exclude using gist (exception_id with =,
        int4range((extract(epoch from opens) / 60)::integer, (extract(epoch from closes) / 60)::integer) with &&)
);

alter table schedule enable row level security;
alter table schedule force row level security;
alter table weekly_hours enable row level security;
alter table weekly_hours force row level security;
alter table schedule_exception enable row level security;
alter table schedule_exception force row level security;
alter table exception_hours enable row level security;
alter table exception_hours force row level security;

create policy schedule_read on schedule for select using (true);
create policy weekly_hours_read on weekly_hours for select using (true);
create policy schedule_exception_read on schedule_exception for select using (true);
create policy exception_hours_read on exception_hours for select using (true);

-- A hospital's doctor acts in the hospital's tenant.
create policy schedule_written on schedule
    using (((select praxis_role()) in ('hospital', 'doctor') and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
create policy weekly_hours_written on weekly_hours
    using (((select praxis_role()) in ('hospital', 'doctor') and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
create policy schedule_exception_written on schedule_exception
    using (((select praxis_role()) in ('hospital', 'doctor') and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
create policy exception_hours_written on exception_hours
    using (((select praxis_role()) in ('hospital', 'doctor') and hospital_id = (select praxis_tenant()))
        or (select praxis_role()) in ('admin', 'service'));
